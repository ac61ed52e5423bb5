package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.adapter.AdapterConfig;
import dev.hlotune.trainer.adapter.AdapterDirectory;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The MODEL of a command that trains nothing: a directory, an id of the hub, or an adapter. */
final class ModelArgument {
  private static final String MODEL = "--model_name_or_path";
  private static final String TOKENIZER = "--tokenizer_name_or_path";

  private ModelArgument() {}

  /**
   * The keys of 'hlotune sft' that name it, with those given after it. An adapter's directory names
   * its base, unless a key does, and has the tokenizer where it holds one.
   *
   * @param model as the command line has it
   * @param more further keys as options; they go over these
   * @throws IOException if the adapter's files cannot be read
   * @throws DataException if it is an adapter that cannot be used
   */
  static List<String> keys(String model, List<String> more) throws IOException {
    List<String> keys = new ArrayList<>();
    if (isAdapter(model)) {
      Path adapter = Path.of(model);
      keys.addAll(List.of("--adapter_name_or_path", model));
      if (!names(more, MODEL)) {
        AdapterConfig config = AdapterDirectory.readConfig(adapter);
        keys.addAll(List.of(MODEL, base(adapter, config)));
        if (!names(more, "--model_revision")) {
          config
              .revision()
              .ifPresent(revision -> keys.addAll(List.of("--model_revision", revision)));
        }
      }
      if (!names(more, TOKENIZER) && Files.exists(adapter.resolve("tokenizer.json"))) {
        keys.addAll(List.of(TOKENIZER, model));
      }
    } else {
      keys.addAll(List.of(MODEL, model));
    }
    keys.addAll(more);
    return keys;
  }

  private static boolean isAdapter(String model) {
    try {
      Path path = Path.of(model);
      return Files.exists(path.resolve("adapter_config.json"))
          && !Files.exists(path.resolve("config.json"));
    } catch (InvalidPathException notAPath) {
      return false;
    }
  }

  /** The base that an adapter names, from here or from the adapter, or an id. */
  private static String base(Path adapter, AdapterConfig config) {
    String name =
        config
            .base()
            .orElseThrow(() ->
                new DataException(
                    adapter,
                    "base_model_name_or_path: expected the adapter to name its model, got none;"
                        + " name it with --model_name_or_path"));
    try {
      for (Path path : new Path[] {Path.of(name), adapter.resolve(name)}) {
        if (Files.isDirectory(path)) {
          return path.normalize().toString();
        }
      }
    } catch (InvalidPathException e) {
      throw new DataException(adapter, "model: expected a path or an id, got '" + name + "'", e);
    }
    return name;
  }

  private static boolean names(List<String> keys, String key) {
    return keys.stream()
        .map(word -> word.replace('-', '_'))
        .anyMatch(word -> {
          String plain = key.replace('-', '_');
          return word.equals(plain) || word.startsWith(plain + "=");
        });
  }
}
