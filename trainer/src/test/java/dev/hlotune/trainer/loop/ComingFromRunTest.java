package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command lines of other systems train a tiny model. */
final class ComingFromRunTest {
  @TempDir private Path folder;
  private TinyRun tiny;
  private final List<RunEvent> events = new ArrayList<>();

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  private RunPlan train(List<String> words) throws IOException {
    RunSummary summary =
        SftRun.run(SftRecipe.read(words).config(), events::add, new AtomicBoolean());
    assertEquals(RunSummary.Outcome.DONE, summary.outcome());
    return events.stream()
        .filter(RunEvent.Planned.class::isInstance)
        .map(event -> ((RunEvent.Planned) event).plan())
        .findFirst()
        .orElseThrow();
  }

  private List<String> words(String line) throws IOException {
    tiny.model("llama", TinyRun.LLAMA);
    tiny.data("train.jsonl", TinyRun.conversations(32));
    tiny.data("held.jsonl", TinyRun.conversations(20));
    List<String> words = new ArrayList<>();
    for (String word : line.strip().split("\\s+", -1)) {
      words.add(
          word.replace("MODEL", tiny.path("llama").toString())
              .replace("TRAIN", tiny.path("train.jsonl").toString())
              .replace("HELD", tiny.path("held.jsonl").toString())
              .replace("OUT", tiny.path("out").toString()));
    }
    words.addAll(
        List.of(
            "--tokenizer_name_or_path",
            Fixtures.path("data/tokenizer").toString(),
            "--cache_dir",
            TinyRun.CACHE.toString(),
            "--max_buckets",
            "1"));
    return words;
  }

  @Test
  void easydelsColumnOfMessages() throws IOException {
    RunPlan plan =
        train(
            words(
                "--repo_id MODEL --dataset_name TRAIN --dataset_split train[:25%]"
                    + " --dataset_text_field messages --attn_mechanism vanilla"
                    + " --max_sequence_length 32 --packing False --total_batch_size 4"
                    + " --learning_rate 1e-2 --learning_rate_end 1e-3 --num_train_epochs 1"
                    + " --log_steps 1 --save_directory OUT"));
    assertEquals(8, plan.examples());
    // Answers alone, as of any conversation.
    assertTrue(plan.supervisedFraction() < 0.5, plan.toString());
    double[] rates = tiny.figures("out", "learning_rate");
    assertEquals(2, rates.length);
    // From the highest rate straight to the last one, of which the first update has not begun.
    assertEquals(1e-2, rates[0], 1e-9);
    assertEquals((1e-2 + 1e-3) / 2, rates[1], 1e-9);
  }

  @Test
  void nanochatsBatchesOfHeldOutExamples() throws IOException {
    RunPlan plan =
        train(
            words(
                "--model_name_or_path=MODEL --dataset_name=TRAIN --eval_dataset_name=HELD"
                    + " --num_iterations=2 --device_batch_size=4 --target_examples_per_step=4"
                    + " --eval_every=1 --eval_steps=2 --eval_metrics_every=5"
                    + " --eval_metrics_max_problems=2 --max_data_tokens=32 --output_dir=OUT"
                    + " --learning_rate=0.01"));
    assertEquals(8, plan.heldOutExamples());
    assertEquals(2, tiny.figures("out", "eval_loss").length);
  }
}
