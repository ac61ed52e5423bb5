package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.plan.Collective;
import dev.hlotune.trainer.plan.MicroBatch;
import dev.hlotune.trainer.plan.Plan;
import dev.hlotune.trainer.plan.PlannedMemory;
import dev.hlotune.trainer.plan.PlannedProgram;
import dev.hlotune.trainer.plan.Remedy;
import dev.hlotune.trainer.plan.StepTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A plan for people to read. */
final class PlanText {
  private static final int COLUMN = 15;

  private final Plan plan;
  private final TextBlock text;

  private PlanText(Plan plan, int width) {
    this.plan = plan;
    this.text = new TextBlock(Math.clamp(width, 60, 100));
  }

  static String of(Plan plan, int width) {
    PlanText whole = new PlanText(plan, width);
    whole.head();
    whole.memory();
    whole.work();
    whole.verdict();
    whole.remedies();
    plan.notes().forEach(note -> whole.text.labelled("", 2, note));
    return whole.text.toString();
  }

  private void head() {
    text.labelled(
        "target",
        COLUMN,
        "%d × %s (%s), %s of %s each"
            .formatted(
                plan.devices(),
                plan.target(),
                plan.card(),
                Amounts.bytes(plan.budget()),
                Amounts.bytes(plan.memory())));
    if (plan.devices() > 1) {
      String axes =
          plan.mesh().entrySet().stream()
              .filter(axis -> axis.getValue() > 1)
              .map(axis -> axis.getKey() + " " + axis.getValue())
              .collect(Collectors.joining(", "));
      text.labelled(
          "mesh", COLUMN, axes + (plan.strategy().isEmpty() ? "" : ", " + plan.strategy()));
    }
    text.labelled(
        "model",
        COLUMN,
        "%s weights, of which %s are trained"
            .formatted(Amounts.count(plan.weights()), Amounts.count(plan.trained())));
    text.labelled("compiler", COLUMN, plan.plugin());
    text.line("");
  }

  private void memory() {
    List<List<String>> rows = new ArrayList<>();
    boolean host = plan.programs().stream().anyMatch(program -> program.memory().host() > 0);
    List<String> head =
        new ArrayList<>(
            List.of(
                "GiB of a device",
                "parameters",
                "optimizer",
                "gradients",
                "activations",
                "peak",
                "compiled in"));
    if (host) {
      head.add(head.size() - 1, "on the host");
    }
    rows.add(head);
    for (PlannedProgram program : plan.programs()) {
      PlannedMemory memory = program.memory();
      List<String> row =
          new ArrayList<>(
              List.of(
                  program.name(),
                  gib(memory.parameters()),
                  gib(memory.optimizer()),
                  gib(memory.gradients()),
                  gib(memory.activations()),
                  gib(memory.peak()),
                  program.compiled() ? "%.0f s".formatted(program.seconds()) : "refused"));
      if (host) {
        row.add(row.size() - 1, gib(memory.host()));
      }
      rows.add(row);
    }
    table(rows);
  }

  private void work() {
    List<List<String>> rows = new ArrayList<>();
    boolean timed = plan.programs().stream().anyMatch(program -> program.time().isPresent());
    List<String> head = new ArrayList<>(List.of("a run of it", "positions", "TFLOP", "needed"));
    if (timed) {
      head.addAll(List.of("seconds", "MFU up to", "bound by"));
    }
    if (plan.devices() > 1) {
      head.add("sent by each");
    }
    rows.add(head);
    for (PlannedProgram program : plan.programs()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  program.name(),
                  program.positions() == 0 ? "" : Amounts.count(program.positions()),
                  tera(program.flops()),
                  tera(program.neededFlops())));
      if (timed) {
        row.addAll(program.time().map(PlanText::times).orElse(List.of("", "", "")));
      }
      if (plan.devices() > 1) {
        row.add(program.compiled() ? Amounts.bytes(program.sent()) : "");
      }
      rows.add(row);
    }
    table(rows);
    for (PlannedProgram program : plan.programs()) {
      if (!program.collectives().isEmpty()) {
        text.labelled(
            program.name(),
            program.name().length() + 2,
            program.collectives().stream()
                .map(PlanText::collective)
                .collect(Collectors.joining(", ")));
      }
    }
    if (plan.programs().stream().anyMatch(program -> !program.collectives().isEmpty())) {
      text.line("");
    }
  }

  private static String collective(Collective one) {
    return "%s %s of %s"
        .formatted(Amounts.count(one.count()), one.kind(), Amounts.bytes(one.payload()));
  }

  private static List<String> times(StepTime time) {
    return List.of(
        seconds(time.overlapped()) + " to " + seconds(time.inTurn()),
        Amounts.percent(time.mostUtilization()),
        time.boundBy());
  }

  private void verdict() {
    if (plan.fits()) {
      text.labelled(
          "it fits",
          COLUMN,
          "%s of %s".formatted(Amounts.bytes(plan.peak()), Amounts.bytes(plan.budget())));
    } else {
      text.labelled(
          "does not fit",
          COLUMN,
          "%s of %s".formatted(Amounts.bytes(plan.peak()), Amounts.bytes(plan.budget())));
    }
    plan.largest()
        .ifPresentOrElse(
            this::largest,
            () -> {
              if (!plan.fits() && plan.remedies().isEmpty()) {
                text.labelled("", COLUMN, "not even with one row to a device");
              }
            });
    text.line("");
  }

  private void largest(MicroBatch largest) {
    text.labelled(
        "largest batch",
        COLUMN,
        "per_device_train_batch_size %d%s: %s, compiled"
            .formatted(
                largest.perDevice(),
                largest.atLeast() ? ", perhaps more" : "",
                Amounts.bytes(largest.peak())));
  }

  private void remedies() {
    if (plan.remedies().isEmpty()) {
      return;
    }
    text.line("what to change, each on top of the ones before it");
    int number = 1;
    for (Remedy remedy : plan.remedies()) {
      text.labelled(
          "%3d ".formatted(number++),
          5,
          remedy.settings().entrySet().stream()
                  .map(setting -> setting.getKey() + ": " + setting.getValue())
                  .collect(Collectors.joining(", "))
              + " — "
              + Amounts.bytes(remedy.peak())
              + (remedy.compiled() ? "" : " by the rules, not compiled")
              + (remedy.fits() ? ", fits" : ""));
      text.labelled("", 5, remedy.effect());
    }
    text.line("");
  }

  private void table(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        String cell = row.get(column);
        String space = " ".repeat(widths[column] - cell.length());
        line.append(column == 0 ? cell + space : "  " + space + cell);
      }
      text.line(line.toString());
    }
    text.line("");
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.2f", bytes / (double) (1L << 30));
  }

  private static String tera(double flops) {
    return String.format(Locale.ROOT, flops < 1e13 ? "%.3f" : "%,.0f", flops / 1e12);
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 0.1 ? "%.4f" : "%.2f", seconds);
  }
}
