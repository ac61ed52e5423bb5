package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.loop.RecipeProgram;
import dev.hlotune.trainer.plan.Collective;
import dev.hlotune.trainer.plan.MicroBatch;
import dev.hlotune.trainer.plan.Plan;
import dev.hlotune.trainer.plan.PlanOptions;
import dev.hlotune.trainer.plan.PlannedMemory;
import dev.hlotune.trainer.plan.PlannedProgram;
import dev.hlotune.trainer.plan.Remedy;
import dev.hlotune.trainer.plan.StepTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** How a plan is asked for and shown. */
final class PlanCommandTest {
  private static final long GIB = 1L << 30;

  @TempDir Path folder;
  private final Captured captured = Captured.plain();
  private final List<PlanOptions> asked = new ArrayList<>();

  private static Plan plan(boolean fits) {
    PlannedProgram step =
        new PlannedProgram(
            "train_step_16x2048",
            RecipeProgram.Kind.TRAIN_STEP,
            32768,
            fits,
            new PlannedMemory(2 * GIB, 4 * GIB, 2 * GIB, 3 * GIB, 11 * GIB, fits ? 0 : GIB / 2),
            2e15,
            1.5e15,
            fits ? Optional.of(new StepTime(0.5, 0.125, 0.25, 0.375)) : Optional.empty(),
            fits ? List.of(new Collective("all-gather", 10, 3 * GIB, 2 * GIB)) : List.of(),
            0.5,
            61.2,
            fits ? Optional.empty() : Optional.of("out of memory"));
    return new Plan(
        "tpu:v5e:4x4",
        "TPU v5 lite",
        16,
        Map.of("fsdp", 16),
        "zero3",
        16 * GIB,
        fits ? 15 * GIB : 10 * GIB,
        "libtpu 1.2.3",
        8_000_000,
        7_000_000,
        List.of(step),
        fits ? Optional.of(new MicroBatch(5, 14 * GIB, false)) : Optional.empty(),
        fits
            ? List.of()
            : List.of(new Remedy(Map.of("dtype", "bfloat16"), "half of it", 9 * GIB, true, true)),
        List.of("a note"));
  }

  private int run(boolean fits, String... arguments) {
    CommandLine line =
        PlanCommand.line(
            captured.console(),
            (_, options, _, _) -> {
              asked.add(options);
              return plan(fits);
            });
    ErrorReport report = new ErrorReport(captured.console());
    line.setExecutionExceptionHandler((error, failed, parsed) -> report.failure(error, false));
    return line.execute(arguments);
  }

  private String[] keys(String... more) throws IOException {
    Path model = new TinyRun(folder).model("bare", TinyRun.LLAMA);
    List<String> all = new ArrayList<>(List.of("--model_name_or_path", model.toString()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void isReadAtAGlance() throws IOException {
    assertEquals(0, run(true, keys("--target", "tpu:v5e:4x4", "--max_length", "64")));
    assertEquals(
        """
        target         16 × tpu:v5e:4x4 (TPU v5 lite), 15.0 GiB of 16.0 GiB each
        mesh           fsdp 16, zero3
        model          8,000,000 weights, of which 7,000,000 are trained
        compiler       libtpu 1.2.3

        GiB of a device     parameters  optimizer  gradients  activations   peak  compiled in
        train_step_16x2048        2.00       4.00       2.00         3.00  11.00         61 s

        a run of it         positions  TFLOP  needed       seconds  MFU up to  bound by  sent by each
        train_step_16x2048     32,768  2,000   1,500  0.50 to 0.88     75.0 %  products       2.0 GiB

        train_step_16x2048  10 all-gather of 3.0 GiB

        it fits        11.0 GiB of 15.0 GiB
        largest batch  per_device_train_batch_size 5: 14.0 GiB, compiled

          a note
        """,
        captured.out());
    assertEquals(true, asked.getFirst().searches());
    assertEquals(Optional.empty(), asked.getFirst().devices());
  }

  @Test
  void whatDoesNotFitHasAnExitCodeAndSaysWhatToChange() throws IOException {
    assertEquals(8, run(false, keys("--target", "cuda:h100", "--devices", "8", "--no-search")));
    assertTrue(captured.out().contains("does not fit   11.0 GiB of 10.0 GiB"), captured.out());
    assertTrue(captured.out().contains("   peak  on the host  compiled in\n"), captured.out());
    assertTrue(captured.out().contains("  11.00         0.50      refused\n"), captured.out());
    assertTrue(
        captured.out().contains("  1  dtype: bfloat16 — 9.0 GiB, fits\n     half of it\n"),
        captured.out());
    assertEquals(Optional.of(8), asked.getFirst().devices());
    assertEquals(false, asked.getFirst().searches());
  }

  @Test
  void isAlsoForPrograms() throws IOException {
    assertEquals(0, run(true, keys("--target", "tpu:v5e:4x4", "--json")));
    JsonNode json = new JsonMapper().readTree(captured.out());
    assertEquals(true, json.path("fits").asBoolean());
    assertEquals(11 * GIB, json.path("peak_bytes").asLong());
    JsonNode step = json.path("programs").path(0);
    assertEquals("train_step", step.path("kind").asText());
    assertEquals(0, step.path("bytes_per_device").path("host").asLong(-1));
    assertEquals(4 * GIB, step.path("bytes_per_device").path("optimizer").asLong());
    assertEquals(0.5, step.path("roofline").path("step_seconds_overlapped").asDouble());
    assertEquals(0.875, step.path("roofline").path("step_seconds_in_turn").asDouble());
    assertEquals(0.75, step.path("roofline").path("mfu_at_most").asDouble());
    assertEquals("all-gather", step.path("collectives").path(0).path("kind").asText());
    assertEquals(5, json.path("largest_micro_batch").path("per_device_train_batch_size").asInt());
  }

  @Test
  void anUnknownTargetIsAnsweredInOneLineWithTheKnown() throws IOException {
    assertEquals(2, run(true, keys("--target", "cuda:h9000")));
    assertEquals(List.of(), asked);
    assertEquals(1, captured.err().lines().count(), captured.err());
    assertTrue(captured.err().contains("cuda:h100"), captured.err());
    assertTrue(captured.err().contains("tpu:v5e:4x4"), captured.err());
    assertTrue(captured.err().contains("got 'cuda:h9000'"), captured.err());
  }
}
