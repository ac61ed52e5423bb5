package dev.hlotune.trainer.cli;

import dev.hlotune.configs.Location;
import dev.hlotune.trainer.adapter.AdapterConfig;
import dev.hlotune.trainer.source.DataException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the model of an adapter is. */
final class AdapterBase {
  private static final String CONFIG = "adapter_config.json";

  private AdapterBase() {}

  /** Whether a folder is that of an adapter. */
  static boolean isAdapter(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG));
  }

  /**
   * The model named, as a path from here or from the adapter, or a model of the hub.
   *
   * @param adapter its folder
   * @param named the model, where the user names it; else the adapter does
   * @throws DataException if there is none, or it is neither here nor an id
   */
  static Location of(Path adapter, AdapterConfig config, Optional<String> named) {
    String name =
        named
            .or(config::base)
            .orElseThrow(() ->
                new DataException(
                    adapter,
                    "base_model_name_or_path: expected the adapter to name its model, got none;"
                        + " name it with --model_name_or_path"));
    try {
      for (Path path : new Path[] {Path.of(name), adapter.resolve(name)}) {
        if (Files.isDirectory(path)) {
          return new Location.Local(path.normalize());
        }
      }
    } catch (InvalidPathException e) {
      throw new DataException(adapter, "model: expected a path or an id, got '" + name + "'", e);
    }
    if (!Location.OnHub.isId(name)) {
      throw new DataException(
          adapter,
          "model: expected a directory or a model of the hub, got '%s', which is neither; name it with --model_name_or_path"
              .formatted(name));
    }
    return new Location.OnHub(name);
  }
}
