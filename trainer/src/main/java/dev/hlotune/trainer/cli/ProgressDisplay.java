package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.loop.RunPlan;
import dev.hlotune.trainer.loop.RunSummary;
import dev.hlotune.trainer.loop.StepMetrics;
import dev.hlotune.trainer.loop.TrainResults;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Shows a run: what it will do, a line for each logged step, and on a terminal a bar with the loss,
 * the rate and the time left.
 */
final class ProgressDisplay implements RunObserver {
  private static final long REDRAW_NANOS = 100_000_000;

  private final Console console;
  private final LongSupplier clock;
  private final Pace pace = new Pace();
  private long drawnAt = Long.MIN_VALUE / 2;
  private String activity = "";

  ProgressDisplay(Console console) {
    this(console, System::nanoTime);
  }

  ProgressDisplay(Console console, LongSupplier clock) {
    this.console = console;
    this.clock = clock;
  }

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.Progressed progressed -> progressed(progressed);
      case RunEvent.Noted noted -> console.note(noted.message());
      case RunEvent.Planned planned -> plan(planned.plan());
      case RunEvent.Compiled compiled -> compiled(compiled);
      case RunEvent.Stepped stepped -> stepped(stepped);
      case RunEvent.Evaluated evaluated ->
          console.print(
              "step %d  held-out loss %s over %s tokens"
                  .formatted(
                      evaluated.step(),
                      Amounts.figure(evaluated.loss()),
                      Amounts.count(evaluated.supervisedTokens())));
      case RunEvent.Answered answered -> console.print(exactMatch(answered.exactMatch()));
      case RunEvent.Sampled _, RunEvent.Described _ -> {}
      case RunEvent.Lost lost -> console.note("processes: " + lost.why());
      case RunEvent.Saved saved ->
          console.print("saved %s (%s)".formatted(saved.directory(), Amounts.bytes(saved.bytes())));
      case RunEvent.Ended ended -> ended(ended.summary());
    }
  }

  private void progressed(RunEvent.Progressed progressed) {
    boolean over = progressed.total() > 0 && progressed.done() >= progressed.total();
    if (!activity.equals(progressed.activity())) {
      activity = progressed.activity();
      drawnAt = Long.MIN_VALUE / 2;
      if (!console.isTerminal()) {
        console.print(activity);
      }
    }
    if (over) {
      console.clear();
    } else if (due()) {
      String part =
          progressed.total() > 0
              ? " " + Bar.of(progressed.done(), progressed.total(), barWidth(activity.length() + 8))
              : " ...";
      console.draw(activity + part);
    }
  }

  private void plan(RunPlan plan) {
    console.print("device      " + plan.device());
    console.print("model       " + plan.model());
    console.print("parameters  " + Amounts.count(plan.parameters()));
    plan.trained().forEach(line -> console.print("trained     " + line));
    console.print("optimizer   " + plan.optimizer().getFirst());
    plan.optimizer().stream().skip(1).forEach(line -> console.print("            " + line));
    console.print(
        "data        %s example%s, %s tokens, %s of them supervised%s"
            .formatted(
                Amounts.count(plan.examples()),
                plan.examples() == 1 ? "" : "s",
                Amounts.count(plan.tokens()),
                Amounts.percent(plan.supervisedFraction()),
                plan.heldOutExamples() == 0
                    ? ""
                    : "; %s held out".formatted(Amounts.count(plan.heldOutExamples()))));
    if (!plan.left().isEmpty()) {
      console.print("left out    " + left(plan));
    }
    if (plan.truncated() > 0) {
      console.print("cut         %s to max_length".formatted(Amounts.count(plan.truncated())));
    }
    console.print("rows        " + LadderText.order(plan.order()));
    console.print(
        "buckets     %s (rows x tokens), padding %s%s"
            .formatted(
                LadderText.shapes(plan.buckets()),
                Amounts.percent(plan.paddingFraction()),
                plan.ladder().ladder().buckets().containsAll(plan.heldOutBuckets())
                    ? ""
                    : "; held out in " + LadderText.shapes(plan.heldOutBuckets())));
    console.print("            " + LadderText.reason(plan.ladder()));
    console.print(
        "run         %s update%s of %d micro-batch%s, %s epochs, into %s"
            .formatted(
                Amounts.count(plan.steps()),
                plan.steps() == 1 ? "" : "s",
                plan.order().microBatches(),
                plan.order().microBatches() == 1 ? "" : "es",
                String.format(Locale.ROOT, "%.2f", plan.epochs()),
                plan.outputDirectory()));
  }

  private static String left(RunPlan plan) {
    return new TreeMap<>(plan.left())
        .entrySet().stream()
            .map(entry -> Amounts.count(entry.getValue()) + " " + entry.getKey())
            .collect(Collectors.joining(", "));
  }

  private void compiled(RunEvent.Compiled compiled) {
    console.print(
        "compiled    %d program%s (%d from the cache) in %.1f s"
            .formatted(
                compiled.programs(),
                compiled.programs() == 1 ? "" : "s",
                compiled.fromCache(),
                compiled.milliseconds() / 1000));
    console.print("memory      " + Amounts.bytes(compiled.peakBytes()) + " on the device");
  }

  private void stepped(RunEvent.Stepped stepped) {
    StepMetrics metrics = stepped.metrics();
    pace.stepped(metrics.step(), clock.getAsLong());
    String left = pace.left(stepped.totalSteps() - metrics.step());
    if (stepped.logged()) {
      console.print(
          "step %d/%d  epoch %.2f  loss %s  grad norm %s  lr %s  %s tokens/s  padding %s%s"
              .formatted(
                  metrics.step(),
                  stepped.totalSteps(),
                  metrics.epoch(),
                  Amounts.figure(metrics.loss()),
                  Amounts.figure(metrics.gradNorm()),
                  Amounts.figure(metrics.learningRate()),
                  Amounts.count(Math.round(metrics.tokensPerSecond())),
                  Amounts.percent(metrics.paddingFraction()),
                  console.isTerminal() ? "" : left));
    }
    if (due() || stepped.logged()) {
      String figures =
          "  %d/%d  loss %s  %s tokens/s%s"
              .formatted(
                  metrics.step(),
                  stepped.totalSteps(),
                  Amounts.figure(metrics.loss()),
                  Amounts.count(Math.round(metrics.tokensPerSecond())),
                  left);
      console.draw(
          Bar.of(metrics.step(), stepped.totalSteps(), barWidth(figures.length() + 6)) + figures);
      drawnAt = clock.getAsLong();
    }
  }

  private void ended(RunSummary summary) {
    String how =
        switch (summary.outcome()) {
          case DONE -> "done";
          case INTERRUPTED -> "interrupted";
          case DIVERGED -> "diverged";
        };
    console.print(
        summary.plannedSteps() == 0
            ? how + " before the first update"
            : "%s after %d of %d updates%s in %s%s%s  recompiles=%d"
                .formatted(
                    how,
                    summary.steps(),
                    summary.plannedSteps(),
                    summary.skippedSteps() == 0
                        ? ""
                        : " (%d left out)".formatted(summary.skippedSteps()),
                    Amounts.duration(summary.seconds()),
                    summary.numTokens() == 0
                        ? ""
                        : "  train loss " + Amounts.figure(summary.trainLoss()),
                    summary
                        .evalLoss()
                        .map(value -> "  held-out loss " + Amounts.figure(value))
                        .orElse(""),
                    summary.recompiles()));
    if (summary.steps() > 0 && summary.outcome() != RunSummary.Outcome.DIVERGED) {
      console.print(results(summary.results()));
    }
    switch (summary.outcome()) {
      case DONE -> {}
      case INTERRUPTED ->
          console.print(
              summary.plannedSteps() == 0
                  ? "nothing was written to " + summary.outputDirectory()
                  : "what was written to "
                      + summary.outputDirectory()
                      + " is intact; --resume auto goes on");
      case DIVERGED ->
          console.print(
              "no model was saved; the lines of "
                  + summary.outputDirectory().resolve("metrics.jsonl")
                  + " up to then are intact");
    }
  }

  /** The figures that {@code transformers} ends a run with, under its names. */
  private static String results(TrainResults results) {
    return String.format(
        Locale.ROOT,
        "train_runtime %.3f  train_samples_per_second %.3f  train_steps_per_second %.3f  total_flos %.4g  train_loss %.4g",
        results.runtime(),
        results.samplesPerSecond(),
        results.stepsPerSecond(),
        results.totalFlos(),
        results.trainLoss());
  }

  /** {@code exact match 0.93 (186 of 200)}. */
  static String exactMatch(RunSummary.ExactMatch match) {
    return String.format(
        Locale.ROOT, "exact match %.2f (%d of %d)", match.rate(), match.right(), match.asked());
  }

  private boolean due() {
    long now = clock.getAsLong();
    if (now - drawnAt < REDRAW_NANOS) {
      return false;
    }
    drawnAt = now;
    return true;
  }

  private int barWidth(int others) {
    return Math.clamp(console.width() - others - 2L, 5, 30);
  }
}
