package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.hlo.DType;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.verify.GradientDifference;
import dev.hlotune.trainer.verify.PackingReport;
import dev.hlotune.trainer.verify.PackingReport.BatchResult;
import dev.hlotune.trainer.verify.PackingReport.ExampleResult;
import dev.hlotune.trainer.verify.PackingReport.Losses;
import dev.hlotune.trainer.verify.Tolerance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackingCommandTest {
  @TempDir Path folder;
  private final Captured captured = Captured.plain();

  /**
   * @param second the gradient difference of the second example
   */
  private static PackingReport report(double second) {
    Bucket bucket = new Bucket(4, 128);
    return new PackingReport(
        List.of(
            new ExampleResult(
                12,
                new Origin(Path.of("a.jsonl"), 13),
                21,
                5,
                bucket,
                2,
                3,
                new Losses(27.42091, 27.42092),
                new GradientDifference(3e-6, "head.weight")),
            new ExampleResult(
                1234,
                new Origin(Path.of("b.jsonl"), 1),
                110,
                70,
                bucket,
                1,
                1,
                new Losses(512, 512),
                new GradientDifference(second, "layers.0.q.weight"))),
        List.of(
            new BatchResult(
                bucket, 9, 480, 200, new Losses(1500, 1500), new GradientDifference(1e-6, "x"))),
        new Tolerance(DType.F32, 1e-4, 1e-4));
  }

  private int run(PackingReport report, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(new TinyRun(folder).options());
    arguments.addAll(List.of(more));
    return PackingCommand.line(
            captured.console(),
            (config, examples, observer, stop) -> {
              observer.on(new RunEvent.Progressed("comparing", 0, examples));
              observer.on(new RunEvent.Noted("a note"));
              assertTrue(config.data().maxLength() == 32, "the keys of sft are read");
              return report;
            })
        .execute(arguments.toArray(String[]::new));
  }

  @Test
  void whatAgreesIsATableAndCodeZero() throws IOException {
    assertEquals(0, run(report(2e-6)));
    assertEquals(
        """
        comparing
        example  from           tokens  supervised  packed row     loss packed  loss alone  difference  gradient  greatest in
             12  a.jsonl:13         21           5  4x128, 2 of 3      27.4209     27.4209     3.6e-07   3.0e-06  head.weight
           1234  b.jsonl:1         110          70  4x128, 1 of 1      512.000     512.000     0.0e+00   2.0e-06  layers.0.q.weight
          batch  all 9 at once     480         200  4x128              1500.00     1500.00     0.0e+00   1.0e-06  x
        greatest difference of a loss 3.6e-07 (allowed 1.0e-04), of a gradient 3.0e-06 in head.weight (allowed 1.0e-04)
        packed and unpacked agree: 2 examples and 1 whole batch, float32
        """,
        captured.out());
    assertEquals("a note\n", captured.err());
  }

  @Test
  void whatDiffersHasACodeOfItsOwn() throws IOException {
    assertEquals(7, run(report(0.5)));
    assertTrue(
        captured
            .out()
            .endsWith(
                """
                 of a gradient 5.0e-01 in layers.0.q.weight (allowed 1.0e-04)
                packed and unpacked differ: 2 examples and 1 whole batch, float32
                """),
        captured.out());
    assertEquals(7, ExitCode.DIFFERENT.number());
  }

  @Test
  void jsonIsAloneOnStandardOutput() throws IOException {
    assertEquals(7, run(report(0.5), "--json", "--examples", "2"));
    JsonNode json = new JsonMapper().readTree(captured.out());
    assertEquals(false, json.get("agree").asBoolean());
    assertEquals("float32", json.get("dtype").asText());
    assertEquals(1e-4, json.get("gradient_tolerance").asDouble());
    assertEquals(0.5, json.get("gradient_difference").asDouble());
    assertEquals("layers.0.q.weight", json.get("parameter").asText());
    JsonNode first = json.get("examples").get(0);
    assertEquals("a.jsonl:13", first.get("origin").asText());
    assertEquals(12, first.get("example").asInt());
    assertEquals("4x128", first.get("bucket").asText());
    assertEquals(27.42091, first.get("loss_packed").asDouble());
    assertEquals(9, json.get("batches").get(0).get("examples").asInt());
    assertEquals("a note\n", captured.err());
  }

  @Test
  void wrongUseIsOneLine() {
    assertEquals(2, Main.run(captured.console(), "verify"));
    assertEquals(2, Main.run(captured.console(), "verify", "packing", "--examples", "0"));
    assertEquals(2, Main.run(captured.console(), "verify", "packing", "--lerning_rate", "1"));
    assertEquals(2, Main.run(captured.console(), "verify", "unpacking"));
    assertEquals(
        """
        hlotune: command: expected 'packing', 'resume' or 'checkpoint', got none; see hlotune verify --help
        hlotune: --examples: expected at least 1, got 0; see hlotune verify packing --help
        hlotune: --lerning_rate: 'lerning_rate': expected a known key, got an unknown one; did you\
         mean 'learning_rate'?
        """,
        captured.err().lines().limit(3).map(line -> line + "\n").reduce("", String::concat));
    assertTrue(captured.err().contains("unpacking"), captured.err());
  }

  @Test
  void helpListsItsOptionsAndTheKeys() {
    assertEquals(0, Main.run(captured.console(), "verify", "packing", "--help"));
    assertTrue(captured.out().contains("--examples=N"), captured.out());
    assertTrue(captured.out().contains("--per_device_train_batch_size"), captured.out());
    assertTrue(captured.out().contains("Exit code 7"), captured.out());
  }

  /** From the command line to the device and back. */
  @Test
  void aTinyModelIsVerified() throws IOException {
    TestClient.get();
    List<String> arguments = new ArrayList<>(List.of("verify", "packing", "--examples=2"));
    arguments.addAll(new TinyRun(folder).options());
    assertEquals(0, Main.run(captured.console(), arguments.toArray(String[]::new)));
    assertTrue(captured.out().contains("packed and unpacked agree: 2 examples"), captured.out());
    assertTrue(captured.out().contains("train.jsonl:"), captured.out());
  }
}
