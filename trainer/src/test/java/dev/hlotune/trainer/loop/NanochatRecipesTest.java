package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.DatasetFormat;
import dev.hlotune.configs.DatasetSpec;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes after nanochat's: what they read, and that they train. */
final class NanochatRecipesTest {
  private static final Path DATA = Repository.root().resolve("configs/nanochat");

  private static final String MODEL =
      """
      {"model_type": "nanochat", "vocab_size": 2048, "hidden_size": 16, "intermediate_size": 64,
       "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2,
       "max_position_embeddings": 512, "initializer_range": 0.05, "tie_word_embeddings": false}
      """;

  @TempDir private Path folder;

  /** A shipped recipe, its paths taken from the root of the repository, with options over it. */
  private SftConfig recipe(String name, Map<String, String> options) throws IOException {
    String text = Files.readString(Repository.root().resolve("configs").resolve(name));
    Path copy = folder.resolve(name);
    Files.writeString(copy, text.replace("configs/nanochat", DATA.toString()));
    List<String> arguments = new ArrayList<>(List.of(copy.toString()));
    options.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
    return SftRecipe.read(arguments).config();
  }

  /** Trains a few steps of a very small model; the plan. */
  private RunPlan train(String name, Map<String, String> options) throws IOException {
    TestClient.get();
    TinyRun tiny = new TinyRun(folder);
    Map<String, String> all = new HashMap<>(options);
    all.put("model_name_or_path", tiny.model("nanochat", MODEL).toString());
    all.put("cache_dir", TinyRun.CACHE.toString());
    all.put("output_dir", tiny.path("out").toString());
    all.putIfAbsent("learning_rate", "0.01");
    all.put("max_buckets", "1");
    all.put("logging_steps", "1");
    all.put("offline", "true");
    List<RunPlan> plans = new ArrayList<>();
    SftRun.run(
        recipe(name, all),
        event -> {
          if (event instanceof RunEvent.Planned(RunPlan plan)) {
            plans.add(plan);
          }
        },
        new AtomicBoolean());
    double[] losses = tiny.figures("out", "loss");
    double first = losses[0];
    double last = losses[losses.length - 1];
    assertTrue(last < 0.8 * first, () -> first + " to " + last);
    double[] held = tiny.figures("out", "eval_loss");
    assertEquals(2, held.length);
    assertTrue(held[1] < held[0], () -> "held out: " + held[0] + " to " + held[1]);
    return plans.getFirst();
  }

  private static String described(DatasetSpec set) {
    return "%s %s %s %s"
        .formatted(
            set.path(),
            set.config().orElse("-"),
            set.split().orElse("-"),
            set.format().map(DatasetFormat::name).orElse("-"));
  }

  @Test
  void theRecipeNamesTheDataOfNanochat() throws IOException {
    SftConfig config = recipe("nanochat-sft.yaml", Map.of());
    assertEquals(
        List.of(
            "allenai/ai2_arc ARC-Easy train -",
            "allenai/ai2_arc ARC-Challenge train -",
            "openai/gsm8k main train GSM8K",
            "HuggingFaceTB/smol-smoltalk - train[:10000] -",
            DATA.resolve("identity_conversations.jsonl") + " - - -",
            "task:simple_spelling - train[:300] -",
            "task:spelling_bee - train[:300] -"),
        config.data().datasets().stream().map(NanochatRecipesTest::described).toList());
    assertEquals(
        List.of("HuggingFaceTB/smol-smoltalk - test[:400] -"),
        config.data().evalDatasets().stream().map(NanochatRecipesTest::described).toList());
  }

  /** The recipe itself, with files of this machine in place of those of the hub. */
  @Test
  void theRecipeTrainsOnLocalData() throws IOException {
    String train =
        """
        [{"path": "%1$s/multiple_choice.jsonl", "dataset_format": "multiple_choice"},
         {"path": "%1$s/word_problems.jsonl", "dataset_format": "gsm8k"},
         {"path": "%1$s/chats.jsonl", "split": "train[:20]"},
         {"path": "%1$s/identity_conversations.jsonl"},
         {"path": "task:simple_spelling", "split": "train[:12]"},
         {"path": "task:spelling_bee", "split": "train[:9]", "seed": 1}]
        """
            .formatted(DATA);
    String heldOut = "[{\"path\": \"%s/chats.jsonl\", \"split\": \"train[20:]\"}]".formatted(DATA);
    RunPlan plan =
        train(
            "nanochat-sft.yaml",
            Map.ofEntries(
                Map.entry("datasets", train),
                Map.entry("eval_datasets", heldOut),
                Map.entry("max_length", "512"),
                Map.entry("learning_rate", "1"), // Of the matrices, and a fiftieth of it.
                Map.entry("embedding_lr", "1"),
                Map.entry("unembedding_lr", "0.2"),
                Map.entry("dtype", "float32"), // bfloat16 is slow on a CPU.
                Map.entry("per_device_train_batch_size", "1"),
                Map.entry("per_device_eval_batch_size", "1"),
                Map.entry("eval_steps", "15"),
                Map.entry("max_steps", "30")));
    assertEquals(32 + 36 + 20 + 48 + 12 + 9, plan.examples());
    assertEquals(4, plan.heldOutExamples());
    assertEquals(0, plan.truncated());
    assertEquals(Map.of(), plan.left());
  }

  @Test
  void theSmallRecipeNeedsTheRepositoryAlone() throws IOException {
    RunPlan plan =
        train(
            "nanochat-mini.yaml",
            Map.of("max_steps", "40", "eval_strategy", "steps", "eval_steps", "20"));
    assertEquals(32 + 36 + 24 + 2 * 48 + 1000 + 300, plan.examples());
    assertEquals(130, plan.heldOutExamples());
    assertEquals(0, plan.truncated());
    assertEquals(Map.of(), plan.left());
  }
}
