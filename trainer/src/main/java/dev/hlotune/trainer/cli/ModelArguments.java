package dev.hlotune.trainer.cli;

import dev.hlotune.configs.Location;
import dev.hlotune.trainer.adapter.AdapterConfig;
import dev.hlotune.trainer.adapter.AdapterDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * A model named on the command line, and keys beside it, as the keys of {@code hlotune sft}: a
 * model directory, an id of the hub, or the directory of an adapter, whose base is then the model.
 */
final class ModelArguments {
  /** Of one that is meant for whoever loads it, and need not be there. */
  private static final String TOKENIZER = "tokenizer.json";

  private ModelArguments() {}

  /**
   * The first argument is the model, the others are keys.
   *
   * @param line the command, for errors
   * @throws ParameterException if the first argument is none
   */
  static List<String> keys(CommandLine line, List<String> arguments) throws IOException {
    if (arguments.isEmpty() || arguments.getFirst().startsWith("-")) {
      throw new ParameterException(
          line,
          "MODEL: expected a model directory or an id of the hub first, got "
              + (arguments.isEmpty() ? "none" : "'" + arguments.getFirst() + "'"));
    }
    return keys(arguments.getFirst(), arguments.subList(1, arguments.size()));
  }

  /** The keys of a model, those given going over them. */
  static List<String> keys(String model, List<String> more) throws IOException {
    List<String> keys = new ArrayList<>();
    Optional<Path> adapter = folder(model).filter(AdapterBase::isAdapter);
    if (adapter.isPresent()) {
      AdapterConfig config = AdapterDirectory.readConfig(adapter.get());
      Location base = AdapterBase.of(adapter.get(), config, Optional.empty());
      keys.addAll(List.of("--model_name_or_path", base.toString()));
      if (base instanceof Location.OnHub) {
        config.revision().ifPresent(revision -> keys.addAll(List.of("--model_revision", revision)));
      }
      keys.addAll(List.of("--use_peft", "true", "--adapter_name_or_path", model));
      boolean named = more.stream().anyMatch(key -> key.startsWith("--tokenizer"));
      if (!named && Files.isRegularFile(adapter.get().resolve(TOKENIZER))) {
        keys.addAll(List.of("--tokenizer_name_or_path", model));
      }
    } else {
      keys.addAll(List.of("--model_name_or_path", model));
    }
    keys.addAll(more);
    return keys;
  }

  /** The keys of a model that is asked, where data plays no part. */
  static List<String> withoutData(List<String> keys) {
    List<String> all = new ArrayList<>(keys);
    // A key that every recipe needs; nothing is read there.
    all.addAll(List.of("--dataset_name", "."));
    // With a cache, layers are printed one by one; so weights are best held one by one too.
    all.addAll(List.of("--scan_layers", "false"));
    return all;
  }

  private static Optional<Path> folder(String model) {
    try {
      return Optional.of(Path.of(model)).filter(Files::isDirectory);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
