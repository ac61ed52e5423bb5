package dev.hlotune.trainer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a run that trains in a second, and what it takes to read its results. */
public final class TinyRun {
  /** Compiled programs and prepared data of all tests; what is made once is found again. */
  public static final Path CACHE = Path.of("target", "test-cache").toAbsolutePath();

  /** A Llama of one layer for the recorded tokenizer. */
  public static final String LLAMA =
      """
      {"model_type": "llama", "vocab_size": 512, "hidden_size": 16, "intermediate_size": 32,
       "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
       "max_position_embeddings": 64, "initializer_range": 0.05, "tie_word_embeddings": true}
      """;

  /** A GPT-2 of two layers, without dropout. */
  public static final String GPT2 =
      """
      {"model_type": "gpt2", "vocab_size": 512, "n_embd": 16, "n_layer": 2, "n_head": 2,
       "n_positions": 64, "attn_pdrop": 0.0, "embd_pdrop": 0.0, "resid_pdrop": 0.0}
      """;

  private final Path folder;

  /** Files will lie in {@code folder}. */
  public TinyRun(Path folder) {
    this.folder = folder;
  }

  /** Writes a model directory of a configuration alone; its path. */
  public Path model(String name, String config) throws IOException {
    Path directory = Files.createDirectories(folder.resolve(name));
    Files.writeString(directory.resolve("config.json"), config);
    return directory;
  }

  /** Writes a data file. */
  public Path data(String name, List<String> lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  /** Conversations of one length, with an answer that can be learned in a few steps. */
  public static List<String> conversations(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(
          "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}, {\"role\": \"assistant\", \"content\": \"yes\"}]}"
              .formatted((char) ('a' + i % 26)));
    }
    return lines;
  }

  /** A file under the folder. */
  public Path path(String name) {
    return folder.resolve(name);
  }

  /**
   * Options of a run of 8 steps on 32 conversations with a random model, and more of them.
   *
   * @param more further keys and values; these go over the others
   */
  public List<String> options(String... more) throws IOException {
    if (!Files.exists(path("llama"))) {
      model("llama", LLAMA);
      data("train.jsonl", conversations(32));
      data("heldout.jsonl", conversations(8));
    }
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("model_name_or_path", path("llama").toString());
    keys.put("tokenizer_name_or_path", Fixtures.path("data/tokenizer").toString());
    keys.put("dataset_name", path("train.jsonl").toString());
    keys.put("output_dir", path("out").toString());
    keys.put("cache_dir", CACHE.toString());
    keys.put("max_length", "32");
    keys.put("max_buckets", "1");
    keys.put("per_device_train_batch_size", "4");
    keys.put("learning_rate", "0.01");
    keys.put("max_steps", "8");
    keys.put("logging_steps", "2");
    // Forcing files to the disk is most of what a checkpoint costs a run so short.
    keys.put("save_strategy", "no");
    for (int i = 0; i < more.length; i += 2) {
      keys.put(more[i], more[i + 1]);
    }
    List<String> options = new ArrayList<>();
    keys.forEach((key, value) -> options.addAll(List.of("--" + key, value)));
    return options;
  }

  /** The lines of {@code metrics.jsonl} in an output directory under the folder. */
  public List<Map<String, Object>> metrics(String output) throws IOException {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String line : Files.readAllLines(path(output).resolve("metrics.jsonl"))) {
      lines.add(new JsonMapper().readValue(line, new TypeReference<>() {}));
    }
    return lines;
  }

  /** The numbers under one key of those lines. */
  public double[] figures(String output, String key) throws IOException {
    return metrics(output).stream()
        .filter(line -> line.containsKey(key))
        .mapToDouble(line -> ((Number) line.get(key)).doubleValue())
        .toArray();
  }

  /** The bytes of the weights that a run left. */
  public byte[] weights(String output) throws IOException {
    return Files.readAllBytes(path(output).resolve("final").resolve("model.safetensors"));
  }
}
