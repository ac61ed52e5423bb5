package dev.hlotune.trainer.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.pjrt.Handles;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.data.BatchAssembler;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.verify.PackingReport.BatchResult;
import dev.hlotune.trainer.verify.PackingReport.ExampleResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole verifications of tiny models on the device, of right and of wrong layouts. */
final class PackingVerificationTest {
  /** The gradient of the keys' bias is 0 but for rounding. */
  private static final String LLAMA_WITH_BIASES =
      TinyRun.LLAMA.replace("}", ", \"attention_bias\": true}");

  @TempDir Path folder;
  private TinyRun tiny;

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  /** Answers of 13 lengths. */
  private static List<String> questions(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(
          "{\"question\": \"%s\", \"answer\": \"%s\"}"
              .formatted((char) ('a' + i % 26), "no ".repeat(1 + i * i % 13)));
    }
    return lines;
  }

  private PackingReport verify(
      int examples, List<String> lines, PackingVerification.Assembler assembler, String... more)
      throws IOException {
    List<String> options = new ArrayList<>(List.of("max_length", "64"));
    options.addAll(List.of(more));
    String[] keys = options.toArray(String[]::new);
    tiny.options();
    tiny.data("train.jsonl", lines);
    long before = Handles.live();
    PackingReport report =
        PackingVerification.run(
            SftRecipe.read(tiny.options(keys)).config(),
            examples,
            assembler,
            _ -> {},
            new AtomicBoolean());
    assertEquals(before, Handles.live(), "handles left open");
    return report;
  }

  private String model(String family) throws IOException {
    String config =
        switch (family) {
          case "gpt2" -> TinyRun.GPT2;
          case "llama" -> TinyRun.LLAMA;
          default -> LLAMA_WITH_BIASES;
        };
    return tiny.model(family, config).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "llama, float32, none, false",
    "gpt2, float32, full, true",
    "biases, bfloat16, dots, false"
  })
  void packedRowsAgreeWithTheirExamplesAlone(
      String family, String dtype, String checkpointing, String scan) throws IOException {
    PackingReport report =
        verify(
            8,
            questions(60),
            BatchAssembler::assemble,
            "model_name_or_path",
            model(family),
            "dtype",
            dtype,
            "gradient_checkpointing",
            checkpointing,
            "scan_layers",
            scan);
    assertTrue(report.agrees(), report.toString());
    assertEquals(8, report.examples().size());
    for (ExampleResult one : report.examples()) {
      assertTrue(one.loss().alone() > one.supervised(), "a loss of random weights: " + one);
      assertTrue(one.segment() >= 1 && one.segment() <= one.segments(), one.toString());
      assertEquals(one.index() + 1, one.origin().number());
    }
    assertTrue(report.examples().stream().anyMatch(one -> one.segments() > 1));
    assertEquals(
        report.examples().stream().map(ExampleResult::bucket).distinct().toList(),
        report.batches().stream().map(BatchResult::bucket).toList());
    for (BatchResult one : report.batches()) {
      assertTrue(one.examples() > 4 && one.supervised() > 8, one.toString());
    }
  }

  /** The control: were the check blind, these would pass too. */
  @ParameterizedTest
  @CsvSource({
    "llama, float32, none, false, ONE_SEGMENT",
    "llama, float32, none, false, BOTH",
    "gpt2, float32, full, true, ONE_SEGMENT",
    "gpt2, float32, full, true, POSITIONS_RUN_ON",
    "biases, bfloat16, dots, false, ONE_SEGMENT"
  })
  void aWrongLayoutIsCaught(
      String family, String dtype, String checkpointing, String scan, WrongLayout wrong)
      throws IOException {
    PackingReport report =
        verify(
            6,
            questions(60),
            wrong,
            "model_name_or_path",
            model(family),
            "dtype",
            dtype,
            "gradient_checkpointing",
            checkpointing,
            "scan_layers",
            scan);
    assertFalse(report.agrees());
    assertTrue(
        report.worstGradient().relative() > 5 * report.tolerance().gradient(), report.toString());
  }

  /** Rotary positions count only between tokens: shifted as one, they change nothing. */
  @Test
  void positionsThatRunOnDoNotMatterToLlama() throws IOException {
    assertTrue(verify(4, questions(60), WrongLayout.POSITIONS_RUN_ON).agrees());
  }

  @Test
  void everyBucketOfTheLadderIsLookedAtAndTheLongestExample() throws IOException {
    // Most are short, so that rows of half the length are worth their compilation.
    List<String> lines = new ArrayList<>(TinyRun.conversations(8_000));
    lines.addAll(questions(400));
    PackingReport report =
        verify(3, lines, BatchAssembler::assemble, "max_buckets", "3", "packing", "true");
    assertTrue(report.agrees(), report.toString());
    Set<Bucket> buckets =
        report.examples().stream().map(ExampleResult::bucket).collect(Collectors.toSet());
    assertEquals(Set.of(new Bucket(8, 32), new Bucket(4, 64)), buckets);
    assertEquals(2, report.batches().size());
    assertEquals(
        report.examples(),
        report.examples().stream().sorted(Comparator.comparingInt(ExampleResult::tokens)).toList());
    String longest = lines.get(report.examples().getLast().index());
    assertTrue(longest.contains("no ".repeat(13)), longest);
  }

  @Test
  void whoIsAskedToStopGivesUp() throws IOException {
    List<String> options = tiny.options();
    long before = Handles.live();
    assertThrows(
        CancellationException.class,
        () ->
            PackingVerification.run(
                SftRecipe.read(options).config(), 4, _ -> {}, new AtomicBoolean(true)));
    assertEquals(before, Handles.live());
  }
}
