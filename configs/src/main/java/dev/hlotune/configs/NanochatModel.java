package dev.hlotune.configs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where nanochat keeps the model of a tag: {@code $NANOCHAT_BASE_DIR/mid_checkpoints/d4}, the base
 * directory being {@code ~/.cache/nanochat} where the variable is not set.
 */
final class NanochatModel {
  private NanochatModel() {}

  private static final Map<String, String> FOLDERS =
      Map.of(
          "base", "base_checkpoints",
          "mid", "mid_checkpoints",
          "sft", "chatsft_checkpoints",
          "rl", "chatrl_checkpoints");

  private static final List<String> MODEL =
      List.of("model_name_or_path", "model", "model_path", "base_model", "repo_id");

  static List<Assignment> read(String tag, Siblings beside) {
    return read(tag, beside, base(System.getenv("NANOCHAT_BASE_DIR")));
  }

  private static Path base(String named) {
    return named == null || named.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache", "nanochat")
        : Path.of(named);
  }

  /** The same in a base directory. */
  static List<Assignment> read(String tag, Siblings beside, Path base) {
    String source = beside.first(List.of("source")).filter(it -> !it.isEmpty()).orElse("mid");
    String folder = FOLDERS.get(source);
    if (folder == null) {
      throw new IllegalArgumentException(
          "expected 'source' base, mid, sft or rl beside it, got '" + source + "'");
    }
    Path directory = base.resolve(folder).resolve(tag);
    if (Files.exists(directory.resolve("config.json"))) {
      return List.of(
          Assignment.of("model_name_or_path", directory.toString()),
          Assignment.mild("tokenizer_name_or_path", tokenizer(directory, base).toString()));
    }
    Optional<String> own = beside.first(MODEL).filter(model -> isTag(model, tag));
    if (!Files.exists(directory) && own.isPresent()) {
      return List.of(); // The recipe's own model is the one of that tag.
    }
    throw new IllegalArgumentException(
        Files.exists(directory)
            ? "expected a model in Hugging Face's form, got '"
                + directory
                + "' with "
                + checkpoints(directory)
                + "; tools/nanochat/convert_checkpoint.py to-model writes its config.json and"
                + " model.safetensors"
            : "expected the directory '"
                + directory
                + "', which is not there; name the model with --model_name_or_path");
  }

  private static Path tokenizer(Path directory, Path base) {
    return Files.exists(directory.resolve("tokenizer.json"))
        ? directory
        : base.resolve("tokenizer");
  }

  private static boolean isTag(String model, String tag) {
    Path name = Path.of(model).getFileName();
    return name != null && name.toString().equals(tag);
  }

  private static String checkpoints(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.matches("model_\\d+\\.pt"))
          .sorted()
          .reduce((_, last) -> last)
          .map(name -> "nanochat's own " + name)
          .orElse("no config.json");
    } catch (IOException e) {
      return "no config.json";
    }
  }
}
