package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.BucketLadder;
import dev.hlotune.trainer.data.LadderReport;
import dev.hlotune.trainer.data.PlanOptions;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunPlan;
import dev.hlotune.trainer.loop.RunSummary;
import dev.hlotune.trainer.loop.StepMetrics;
import dev.hlotune.trainer.loop.StepTelemetry;
import dev.hlotune.trainer.loop.TrainResults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProgressDisplayTest {
  private long now;

  private static StepMetrics metrics(int step) {
    return new StepMetrics(
        step,
        step / 4.0,
        2.0 / step,
        null,
        1.5,
        3e-4,
        1000L * step,
        500L * step,
        5230.4,
        0.012,
        80,
        0,
        new StepTelemetry(12.5, 0.4, 0, 0, 0, 0, 0, 3 << 20, 0, 7e9, null),
        Map.of());
  }

  private static LadderReport.Choice choice(double padding, double compile, Bucket... buckets) {
    return new LadderReport.Choice(
        new BucketLadder(List.of(buckets)), padding / (1 + padding), padding, 0.25, compile);
  }

  private static LadderReport ladder() {
    Bucket longest = new Bucket(8, 128);
    Bucket half = new Bucket(16, 64);
    return new LadderReport(
        true,
        4000,
        90_000,
        List.of(
            choice(0.35, 0.05, longest),
            choice(0.15, 0.10, longest, half),
            choice(0.13, 0.15, longest, half, new Bucket(32, 32))),
        1,
        LadderReport.Stop.COMPILATION);
  }

  private void run(ProgressDisplay display) {
    display.on(new RunEvent.Progressed("tokenizing train.jsonl", 0, 10));
    display.on(new RunEvent.Progressed("tokenizing train.jsonl", 10, 10));
    display.on(
        new RunEvent.Planned(
            new RunPlan(
                "cpu",
                "llama, 4 layers",
                1_234_567,
                List.of(),
                List.of("adamw", "head: rate 1"),
                4000,
                200,
                Map.of("no assistant turn", 3L),
                2,
                90_000,
                0.4,
                0.012,
                new PlanOptions(true, true, true, 42, 1),
                List.of(new Bucket(16, 64), new Bucket(8, 128)),
                List.of(new Bucket(32, 64)),
                ladder(),
                3,
                4,
                Path.of("runs/x"))));
    display.on(new RunEvent.Compiled(2, 1, 2500, 3L << 20));
    for (int step = 1; step <= 4; step++) {
      now += 1_000_000_000L;
      display.on(new RunEvent.Stepped(metrics(step), 4, step % 2 == 0));
    }
    display.on(new RunEvent.Evaluated(4, 0.4321, 1234));
    display.on(new RunEvent.Answered(4, new RunSummary.ExactMatch(186, 200)));
    display.on(new RunEvent.Saved(Path.of("runs/x/final"), 1 << 20));
    display.on(
        new RunEvent.Ended(
            new RunSummary(
                RunSummary.Outcome.INTERRUPTED,
                4,
                8,
                1,
                0.75,
                Optional.of(0.4321),
                Optional.empty(),
                63,
                4000,
                0,
                new TrainResults(1, 1.2345e12, 0.75, 63, 126, 4),
                Path.of("runs/x"))));
  }

  @Test
  void withoutATerminalEveryLineStays() {
    Captured captured = Captured.plain();
    run(new ProgressDisplay(captured.console(), () -> now));
    assertEquals(
        """
        tokenizing train.jsonl
        device      cpu
        model       llama, 4 layers
        parameters  1,234,567
        optimizer   adamw
                    head: rate 1
        data        4,000 examples, 90,000 tokens, 40.0 % of them supervised; 200 held out
        left out    3 no assistant turn
        cut         2 to max_length
        rows        packed, several examples each; 'group_by_length' does not apply
        buckets     16x64, 8x128 (rows x tokens), padding 1.2 %; held out in 32x64
                    these save 12.5 % of the work of one shape; one more would save 1.4 %, less than the 3.6 % it costs to compile
        run         4 updates of 1 micro-batch, 3.00 epochs, into runs/x
        compiled    2 programs (1 from the cache) in 2.5 s
        memory      3.0 MiB on the device
        step 2/4  epoch 0.50  loss 1.000  grad norm 1.500  lr 3.0e-04  5,230 tokens/s  padding 1.2 %\
          0:02 left
        step 4/4  epoch 1.00  loss 0.500  grad norm 1.500  lr 3.0e-04  5,230 tokens/s  padding 1.2 %
        step 4  held-out loss 0.432 over 1,234 tokens
        exact match 0.93 (186 of 200)
        saved runs/x/final (1.0 MiB)
        interrupted after 4 of 8 updates (1 left out) in 1:03  train loss 0.750  held-out loss 0.432\
          recompiles=0
        train_runtime 63.000  train_samples_per_second 2.000  train_steps_per_second 0.063\
          total_flos 1.235e+12  train_loss 0.7500
        what was written to runs/x is intact; --resume auto goes on
        """,
        captured.out());
    assertEquals("", captured.err());
  }

  @Test
  void onATerminalABarShowsLossRateAndTimeLeft() {
    Captured captured = new Captured(true, 100);
    run(new ProgressDisplay(captured.console(), () -> now));
    assertTrue(captured.err().contains("━"), captured.err());
    assertTrue(
        captured.err().contains("  2/4  loss 1.000  5,230 tokens/s  0:02 left"), captured.err());
    assertTrue(captured.err().endsWith("\r\033[K"), "expected the bar to be taken away at the end");
    for (String line : captured.err().split("\r\033\\[K", -1)) {
      assertTrue(line.length() < 100, line);
    }
  }

  @Test
  void aRunStoppedBeforeItsFirstUpdateSaysSo() {
    Captured captured = Captured.plain();
    new ProgressDisplay(captured.console())
        .on(
            new RunEvent.Ended(
                new RunSummary(
                    RunSummary.Outcome.INTERRUPTED,
                    0,
                    0,
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    0,
                    0,
                    new TrainResults(0, 0, 0, 0, 0, 0),
                    Path.of("x"))));
    assertEquals("interrupted before the first update\nnothing was written to x\n", captured.out());
  }

  @Test
  void everyReasonAndOrderHasItsWords() {
    LadderReport report = ladder();
    assertEquals(
        "'max_buckets' allows no more",
        LadderText.reason(
            new LadderReport(
                true, 1, 1, report.choices().subList(0, 1), 0, LadderReport.Stop.LIMIT)));
    assertEquals(
        "these save 12.5 % of the work of one shape; there is no other shape to add",
        LadderText.reason(
            new LadderReport(
                false, 1, 1, report.choices().subList(0, 2), 1, LadderReport.Stop.EXHAUSTED)));
    LadderReport.Choice none =
        choice(0.35, 0.10, report.ladder().longest(), report.ladder().buckets().getFirst());
    assertEquals(
        "a second shape would save nothing",
        LadderText.reason(
            new LadderReport(
                true,
                1,
                1,
                List.of(report.choices().getFirst(), none),
                0,
                LadderReport.Stop.COMPILATION)));
    assertEquals(
        "one example each, batches of about one length",
        LadderText.order(new PlanOptions(false, true, true, 0, 1)));
    assertEquals(
        "one example each, batches of any lengths ('group_by_length' is off)",
        LadderText.order(new PlanOptions(false, true, false, 0, 1)));
    assertEquals(
        "one example each, in the order of the data; 'group_by_length' does not apply",
        LadderText.order(new PlanOptions(false, false, true, 0, 1)));
  }

  @Test
  void amountsAreReadAtAGlance() {
    assertEquals("0 bytes", Amounts.bytes(0));
    assertEquals("1.5 GiB", Amounts.bytes(3L << 29));
    assertEquals("12:30", Amounts.duration(750));
    assertEquals("1:02:03", Amounts.duration(3723));
    assertEquals("0.000", Amounts.figure(0));
    assertEquals("3.0e-04", Amounts.figure(3e-4));
    assertEquals("NaN", Amounts.figure(Double.NaN));
  }
}
