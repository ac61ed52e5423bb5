package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.LoraConfig;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.configs.SweepRecipe;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import dev.hlotune.trainer.sweep.PointResult;
import dev.hlotune.trainer.sweep.PointState;
import dev.hlotune.trainer.sweep.Sweep;
import dev.hlotune.trainer.sweep.SweepObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every shipped recipe does two updates: as it stands, but with a tiny model of the same family,
 * and with a few records of the same columns in place of data sets of the hub.
 */
@Tag("slow")
final class ShippedRunsTest {
  private static final Path ROOT = Repository.root();

  /** Records as the data sets of the hub have them; {@code %d} makes each another. */
  private static final Map<String, String> RECORDS =
      Map.of(
          "databricks/databricks-dolly-15k",
          "{\"instruction\": \"Say %d.\", \"context\": \"aloud\", \"response\": \"yes\", \"category\": \"open_qa\"}",
          "HuggingFaceH4/no_robots",
          "{\"prompt\": \"Say %1$d.\", \"prompt_id\": \"p%1$d\", \"category\": \"Chat\", \"messages\": ["
              + "{\"role\": \"user\", \"content\": \"Say %1$d.\"}, {\"role\": \"assistant\", \"content\": \"yes\"},"
              + "{\"role\": \"user\", \"content\": \"Again?\"}, {\"role\": \"assistant\", \"content\": \"yes\"}]}",
          "openai/gsm8k",
          "{\"question\": \"Say %d.\", \"answer\": \"yes\\n#### 1\"}");

  @TempDir private Path folder;
  private TinyRun tiny;
  private final List<RunEvent> events = new ArrayList<>();

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  static List<String> recipes() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("configs"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".yaml") && !name.endsWith("-sweep.yaml"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void takesTwoUpdates(String recipe) throws IOException {
    SftConfig config = train(recipe, Map.of());
    RunPlan plan = plan();
    assertTrue(plan.examples() > 0 && plan.heldOutExamples() > 0, () -> "examples of " + plan);
    assertEquals(Map.of(), plan.left());
    assertTrue(plan.supervisedFraction() > 0 && plan.supervisedFraction() < 1, plan::toString);
    for (String key : List.of("loss", "eval_loss")) {
      double[] losses = tiny.figures("out", key);
      assertTrue(losses.length > 0, () -> "no " + key);
      for (double loss : losses) {
        assertTrue(loss > 0 && loss < 20, () -> key + " " + loss);
      }
    }
    Path left = tiny.path("out/final");
    Optional<LoraConfig> lora = config.model().lora();
    assertEquals(lora.isPresent(), Files.exists(left.resolve("adapter_model.safetensors")));
    assertEquals(lora.isEmpty(), Files.exists(left.resolve("model.safetensors")));
    if (lora.isPresent()) {
      checkAdapter(lora.get(), plan, left);
    } else {
      assertEquals(List.of(), plan.trained());
    }
    // What ends a turn of Llama's template ends a text for whoever uses what was trained.
    Object end = ModelDirectory.readConfig(left.resolve("tokenizer_config.json")).get("eos_token");
    String wanted = keys(recipe).get("eos_token");
    assertTrue(wanted == null || wanted.equals(end), () -> "eos_token " + end);
  }

  private static void checkAdapter(LoraConfig lora, RunPlan plan, Path left) throws IOException {
    assertEquals(1, plan.trained().size());
    String line = plan.trained().getFirst();
    assertTrue(
        line.matches(
            "trainable params: [\\d,]+ \\|\\| all params: [\\d,]+ \\|\\| trainable%: \\d+\\.\\d{4}"),
        line);
    Map<String, Object> written = ModelDirectory.readConfig(left.resolve("adapter_config.json"));
    assertEquals("LORA", written.get("peft_type"));
    assertEquals(lora.rank(), number(written, "r"));
    assertEquals(lora.alpha(), number(written, "lora_alpha"));
    assertEquals(lora.dropout(), number(written, "lora_dropout"));
    long trained = 0;
    int moved = 0;
    try (SafetensorsFile file = SafetensorsFile.open(left.resolve("adapter_model.safetensors"))) {
      for (String name : file.tensors().keySet()) {
        float[] values = file.tensor(name).toFloats();
        trained += values.length;
        // What begins at zero, and goes from there once there is a rate.
        if (name.endsWith(".lora_B.weight")
            && IntStream.range(0, values.length).anyMatch(i -> values[i] != 0)) {
          moved++;
        }
      }
      assertEquals(file.tensors().size() / 2, moved);
    }
    assertTrue(line.startsWith("trainable params: %,d ".formatted(trained)), line);
  }

  /** Qwen3's template shows an empty block of thoughts before the last answer alone. */
  @Test
  void ofAChatWithQwen3EachAnswerIsAnExample() throws IOException {
    Path chats = records("chats.jsonl", recordOf("HuggingFaceH4/no_robots"));
    train(
        "qwen3-lora.yaml",
        Map.of("dataset_name", chats.toString(), "eval_dataset_name", chats.toString()));
    assertEquals(2 * 64, plan().examples());
    assertEquals(2 * 64, plan().heldOutExamples());
    // "yes" and the token that ends it; the block of thoughts is a part of the question.
    double learned = plan().tokens() * plan().supervisedFraction() / plan().examples();
    assertTrue(
        learned > 1 && learned <= "yes".length() + 1, () -> "tokens of an answer: " + learned);
  }

  /** The smallest and the largest rank of the grid, with a tiny Qwen3. */
  @Test
  void theGridOfTuftIsCompiledOnce() throws IOException {
    Path chats = records("chats.jsonl", recordOf("HuggingFaceH4/no_robots"));
    List<String> arguments =
        new ArrayList<>(List.of(ROOT.resolve("configs/tuft-sweep.yaml").toString()));
    Map.of(
            "model_name_or_path",
            TinyFamily.QWEN3.write(tiny.path("model")).toString(),
            "dataset_name",
            chats.toString(),
            "eval_split",
            "null",
            "eval_dataset_name",
            chats.toString(),
            "max_length",
            "128",
            "max_steps",
            "2",
            "eval_steps",
            "2",
            "offline",
            "true",
            "cache_dir",
            TinyRun.CACHE.toString(),
            "output_dir",
            tiny.path("out").toString())
        .forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
    SweepRecipe recipe = SweepRecipe.read(arguments, List.of("rank=8,128", "learning_rate=1e-3"));
    List<PointResult> results =
        Sweep.run(recipe, SweepObserver.NONE, new AtomicBoolean()).report().results();
    assertEquals(
        List.of(PointState.DONE, PointState.DONE),
        results.stream().map(PointResult::state).toList(),
        results::toString);
    assertEquals(results.getFirst().programs(), results.getLast().programs());
    assertEquals(0, results.getLast().compiled(), results::toString);
    for (int rank : List.of(8, 128)) {
      Map<String, Object> written =
          ModelDirectory.readConfig(
              tiny.path("out/rank=" + rank + ",learning_rate=1e-3/final/adapter_config.json"));
      assertEquals(rank, number(written, "r"));
      assertEquals(2 * rank, number(written, "lora_alpha"));
    }
  }

  private static double number(Map<String, Object> json, String key) {
    return json.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private RunPlan plan() {
    return events.stream()
        .filter(RunEvent.Planned.class::isInstance)
        .map(event -> ((RunEvent.Planned) event).plan())
        .findFirst()
        .orElseThrow();
  }

  /** The keys of a recipe that stand at the beginning of a line, with what follows. */
  private static Map<String, String> keys(String recipe) throws IOException {
    Map<String, String> keys = new LinkedHashMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("configs").resolve(recipe))) {
      if (line.matches("\\w+:.*")) {
        int colon = line.indexOf(':');
        keys.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return keys;
  }

  private static String recordOf(String dataset) {
    return Optional.ofNullable(RECORDS.get(dataset)).orElseThrow();
  }

  private Path records(String name, String record) throws IOException {
    return tiny.data(name, IntStream.range(0, 64).mapToObj(record::formatted).toList());
  }

  private SftConfig train(String recipe, Map<String, String> more) throws IOException {
    Map<String, String> keys = keys(recipe);
    Map<String, String> options = new LinkedHashMap<>();
    String model = String.valueOf(keys.get("model_name_or_path"));
    Path own = ROOT.resolve(model).resolve("config.json");
    TinyFamily family =
        TinyFamily.of(
            Files.exists(own)
                ? String.valueOf(ModelDirectory.readConfig(own).get("model_type"))
                : model);
    options.put("model_name_or_path", family.write(tiny.path("model")).toString());
    replaceData(keys, options);
    if (keys.containsKey("eval_generate_samples")) {
      options.put("eval_generate_samples", "2");
    }
    options.put("max_steps", "2");
    options.put("logging_steps", "1");
    options.put("eval_strategy", "steps");
    options.put("eval_steps", "2");
    options.put("max_buckets", "1");
    options.put("offline", "true");
    options.put("cache_dir", TinyRun.CACHE.toString());
    options.put("output_dir", tiny.path("out").toString());
    options.put("save_strategy", "no"); // Their checkpoints are those of every other run.
    options.putAll(more);
    // The recipe's paths are from the root of the repository.
    String text = Files.readString(ROOT.resolve("configs").resolve(recipe));
    Path copy =
        Files.writeString(
            tiny.path(recipe), text.replace(" configs/", " " + ROOT.resolve("configs") + "/"));
    List<String> arguments = new ArrayList<>(List.of(copy.toString()));
    options.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
    SftConfig config = SftRecipe.read(arguments).config();
    RunSummary summary = SftRun.run(config, events::add, new AtomicBoolean());
    assertEquals(RunSummary.Outcome.DONE, summary.outcome());
    assertEquals(2, summary.steps());
    return config;
  }

  /** Data that a recipe has not on this machine. */
  private void replaceData(Map<String, String> keys, Map<String, String> options)
      throws IOException {
    if (keys.containsKey("datasets")) {
      // What they are on the hub is in NanochatRecipesTest.
      Path chats = records("chats.jsonl", recordOf("HuggingFaceH4/no_robots"));
      String list = "[{\"path\": \"%s\"}]".formatted(chats);
      options.put("datasets", list);
      options.put("eval_datasets", list);
    } else {
      String name = keys.getOrDefault("dataset_name", "openai/gsm8k");
      if (Files.exists(ROOT.resolve(name))) {
        return;
      }
      Path data = records("data.jsonl", recordOf(name));
      options.put("dataset_name", data.toString());
      for (String key : List.of("dataset_config", "eval_split")) {
        if (keys.containsKey(key)) {
          options.put(key, "null");
        }
      }
      if (!keys.containsKey("test_size")) {
        options.put("eval_dataset_name", data.toString());
      }
    }
    options.put("max_length", "128");
  }
}
