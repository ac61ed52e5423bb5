package dev.hlotune.trainer.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hugging Face model directories: the config read, and the whole directory written.
 *
 * <p>A written directory holds {@code config.json} (the base's own, with only the changes), {@code
 * model.safetensors} or shards of it, {@code generation_config.json} and the tokenizer's files, and
 * loads with {@code AutoModelForCausalLM.from_pretrained}.
 */
public final class ModelDirectory {
  private static final String CONFIG = "config.json";
  private static final String GENERATION = "generation_config.json";
  private static final String CHAT_TEMPLATE = "chat_template.jinja";
  private static final List<String> TOKENIZER_FILES =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "vocab.txt",
          "tokenizer.model",
          "spiece.model",
          "sentencepiece.bpe.model",
          CHAT_TEMPLATE,
          "chat_template.json");
  private static final String MORE_TEMPLATES = "additional_chat_templates";

  private ModelDirectory() {}

  /** The names of the files that a tokenizer may consist of. */
  public static List<String> tokenizerFiles() {
    return TOKENIZER_FILES;
  }

  /**
   * The keys and values of a {@code config.json}: strings, {@code Integer} or {@code Long}, {@code
   * BigDecimal}, booleans, lists, maps and nulls, in the file's order.
   *
   * @param base a model directory, or the file itself
   * @throws IOException if it cannot be read
   * @throws dev.hlotune.trainer.source.DataException if it is missing or not a JSON object
   */
  public static Map<String, Object> readConfig(Path base) throws IOException {
    return JsonFile.read(configFile(base));
  }

  /**
   * What a model directory says of generation; empty where it has no file for that.
   *
   * @throws IOException if the file cannot be read
   */
  public static Optional<Map<String, Object>> readGenerationConfig(Path directory)
      throws IOException {
    Path file = directory.resolve(GENERATION);
    return Files.isRegularFile(file) ? Optional.of(JsonFile.read(file)) : Optional.empty();
  }

  /**
   * Writes a model directory whole: everything goes into a hidden neighbour first, which then takes
   * the name; a directory that was there is replaced only at that moment.
   *
   * @param target the directory, such as {@code output_dir/final}
   * @throws IOException if it could not be written; nothing is left behind, and what was there
   *     before is untouched
   * @throws dev.hlotune.trainer.source.DataException if the base's config is malformed or names a
   *     model type that is not known here
   */
  public static void write(Path target, ModelExport export) throws IOException {
    write(target, export, folder -> writeModel(folder, export));
  }

  /**
   * As above, with other content in place of the model's config and weights, such as an adapter.
   *
   * @throws IOException likewise
   */
  public static void write(Path target, ModelExport export, AtomicDirectory.Content content)
      throws IOException {
    AtomicDirectory.write(target, folder -> writeInto(folder, export, content));
  }

  /**
   * Writes the files of a model directory into a folder that is there, beside whatever is in it.
   *
   * @throws IOException if one could not be written
   */
  public static void writeInto(Path folder, ModelExport export) throws IOException {
    writeInto(folder, export, place -> writeModel(place, export));
  }

  /** As above, with other content in place of the model's config and weights. */
  public static void writeInto(Path folder, ModelExport export, AtomicDirectory.Content content)
      throws IOException {
    content.writeTo(folder);
    writeTokenizer(folder, export);
  }

  private static void writeModel(Path folder, ModelExport export) throws IOException {
    boolean fromScratch =
        !Files.exists(export.base().resolve(ModelWeights.SINGLE))
            && !Files.exists(export.base().resolve(ModelWeights.INDEX));
    Map<String, Object> base = readConfig(export.base());
    Map<String, Object> config =
        ConfigCompletion.complete(configFile(export.base()), base, export, fromScratch);
    if (config.equals(base)) {
      copy(configFile(export.base()), folder.resolve(CONFIG));
    } else {
      writeJson(folder.resolve(CONFIG), config);
    }
    Shards.write(folder, export.tensors(), export.maxShardBytes());
    Path oldGeneration = export.base().resolve(GENERATION);
    Map<String, Object> generation =
        Files.exists(oldGeneration) ? JsonFile.read(oldGeneration) : new LinkedHashMap<>();
    export.specialTokens().putInto(generation);
    writeJson(folder.resolve(GENERATION), generation);
  }

  private static void writeTokenizer(Path folder, ModelExport export) throws IOException {
    if (export.tokenizer().isPresent()) {
      copyTokenizer(export.tokenizer().get(), folder);
    }
    for (Map.Entry<String, byte[]> changed : export.tokenizerChanges().entrySet()) {
      AtomicFile.write(folder.resolve(changed.getKey()), changed.getValue());
    }
    if (export.chatTemplate().isPresent()) {
      byte[] text = export.chatTemplate().get().getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(folder.resolve(CHAT_TEMPLATE), text);
    }
  }

  private static void copyTokenizer(Path from, Path to) throws IOException {
    for (String name : TOKENIZER_FILES) {
      if (Files.isRegularFile(from.resolve(name))) {
        copy(from.resolve(name), to.resolve(name));
      }
    }
    if (Files.isDirectory(from.resolve(MORE_TEMPLATES))) {
      Files.createDirectories(to.resolve(MORE_TEMPLATES));
      for (Path file : AtomicDirectory.list(from.resolve(MORE_TEMPLATES))) {
        copy(file, to.resolve(MORE_TEMPLATES).resolve(file.getFileName().toString()));
      }
    }
  }

  private static Path configFile(Path base) {
    Path file = Files.isDirectory(base) ? base.resolve(CONFIG) : base;
    if (!Files.isRegularFile(file) && Files.exists(base.resolve("adapter_config.json"))) {
      throw Malformed.file(
          base,
          "model: expected a folder with '%s', got an adapter; name its base as 'model_name_or_path' and it as 'adapter_name_or_path'"
              .formatted(CONFIG));
    }
    if (!Files.isRegularFile(file)) {
      throw Malformed.file(
          file, "model: expected a folder with '%s', or that file, got none".formatted(CONFIG));
    }
    return file;
  }

  private static void writeJson(Path path, Map<String, Object> values) throws IOException {
    AtomicFile.write(path, JsonFile.print(values));
  }

  /** Copies the bytes alone: a read-only original must not make a read-only copy. */
  private static void copy(Path from, Path to) throws IOException {
    AtomicFile.write(to, Files.readAllBytes(from));
  }
}
