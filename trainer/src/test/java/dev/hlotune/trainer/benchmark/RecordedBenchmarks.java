package dev.hlotune.trainer.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.data.ChatPrompt;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.loop.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What {@code record_benchmarks.py} recorded, and runs of the same. */
final class RecordedBenchmarks {
  static final Path ROWS = Fixtures.path("benchmarks/rows");

  private static final String TEMPLATE =
      """
      {% for m in messages %}<|im_start|>{{ m['role'] }}
      {{ m['content'] }}<|im_end|>
      {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
      {% endif %}\
      """;

  private final Path folder;
  private final List<String> notes = new ArrayList<>();

  /** Runs may write in a folder. */
  RecordedBenchmarks(Path folder) {
    this.folder = folder;
  }

  static JsonNode recorded(String name) throws IOException {
    return new JsonMapper()
        .readTree(Files.readString(Fixtures.path("benchmarks/" + name + ".json")));
  }

  /** The options of a recorded case. */
  static BenchmarkOptions options(JsonNode recorded) {
    List<String> tasks = new ArrayList<>();
    recorded.path("tasks").forEach(task -> tasks.add(task.asText()));
    return new BenchmarkOptions(
        tasks,
        recorded.path("num_fewshot").isNull()
            ? OptionalInt.empty()
            : OptionalInt.of(recorded.path("num_fewshot").intValue()),
        OptionalInt.empty(),
        recorded.path("chat").booleanValue(),
        OptionalInt.empty(),
        Optional.of(ROWS),
        files(tasks));
  }

  /** Files that do not have the names of their tasks. */
  static Map<String, Path> files(List<String> tasks) {
    Map<String, Path> all =
        Map.of(
            "truthfulqa_mc1", ROWS.resolve("truthfulqa.validation.jsonl"),
            "truthfulqa_mc2", ROWS.resolve("truthfulqa.validation.jsonl"),
            "ARC-Easy", ROWS.resolve("arc_easy.test.jsonl"),
            "ARC-Challenge", ROWS.resolve("arc_challenge.test.jsonl"),
            "MMLU", ROWS.resolve("mmlu.test.jsonl"),
            "GSM8K", ROWS.resolve("gsm8k.test.jsonl"));
    Map<String, Path> files = new HashMap<>(all);
    files.keySet().removeIf(name -> !tasks.contains(name) && !tasks.contains("chatcore"));
    if (tasks.contains("chatcore")) {
      files.keySet().removeIf(name -> name.startsWith("truthful"));
    }
    return files;
  }

  BenchmarkResult run(JsonNode recorded, String... more) throws IOException {
    return run(recorded.path("model").asText(), options(recorded), more);
  }

  BenchmarkResult run(String model, BenchmarkOptions options, String... more) throws IOException {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "--model_name_or_path",
                Fixtures.path("benchmarks/" + model).toString(),
                "--tokenizer_name_or_path",
                tokenizer(model).toString(),
                "--chat_template",
                template(model),
                "--dataset_name",
                "task:none",
                "--max_buckets",
                "1",
                "--cache_dir",
                TinyRun.CACHE.toString()));
    keys.addAll(List.of(more));
    return Benchmark.run(
        SftRecipe.read(keys).config(),
        options,
        event -> {
          if (event instanceof RunEvent.Noted(String note)) {
            notes.add(note);
          }
        });
  }

  /** How the harness puts questions, as turns by the recorded template or one after the other. */
  Prompt prompt(boolean chat) {
    if (!chat) {
      return new Prompt(Optional.empty());
    }
    try (Tokenizer tokenizer = Tokenizer.load(Fixtures.path("data/tokenizer"), TinyRun.CACHE)) {
      return new Prompt(
          Optional.of(new ChatPrompt(ChatTemplate.of("recorded", TEMPLATE), tokenizer)));
    }
  }

  List<String> notes() {
    return notes;
  }

  private String template(String model) throws IOException {
    return model.equals("nanochat")
        ? "nanochat"
        : Files.writeString(folder.resolve("template.jinja"), TEMPLATE).toString();
  }

  private Path tokenizer(String model) throws IOException {
    return switch (model) {
      case "llama" -> marked();
      case "nanochat" -> Repository.root().resolve("configs/nanochat/tokenizer");
      default -> Fixtures.path("data/tokenizer");
    };
  }

  /** The tokenizer with a token that its post-processor puts before every text. */
  private Path marked() throws IOException {
    JsonMapper json = new JsonMapper();
    Path source = Fixtures.path("data/tokenizer");
    Path target = Files.createDirectories(folder.resolve("marked"));
    ObjectNode text = (ObjectNode) json.readTree(source.resolve("tokenizer.json").toFile());
    text.set(
        "post_processor",
        json.readTree(
            """
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "<|im_start|>", "type_id": 0}},
                        {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
             "special_tokens": {"<|im_start|>": {"id": "<|im_start|>", "ids": [1],
                                                 "tokens": ["<|im_start|>"]}}}
            """));
    Files.writeString(target.resolve("tokenizer.json"), text.toString());
    ObjectNode config =
        (ObjectNode) json.readTree(source.resolve("tokenizer_config.json").toFile());
    config.put("bos_token", "<|im_start|>");
    Files.writeString(target.resolve("tokenizer_config.json"), config.toString());
    return target;
  }
}
