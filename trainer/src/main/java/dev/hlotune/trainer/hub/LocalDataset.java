package dev.hlotune.trainer.hub;

import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of this machine that holds a data set as a repository of the hub does. */
public final class LocalDataset {
  /** What may declare configurations, the first before the second. */
  private static final List<String> DECLARATIONS = List.of(".huggingface.yaml", "README.md");

  private LocalDataset() {}

  /**
   * The files of one split, found as on the hub: by what the request names, by what a README.md
   * declares, or by the names of files and folders; all files are {@code train} where no name says
   * otherwise.
   *
   * @param request its id names the folder in errors
   * @throws DataException if there is no such configuration or split, or no data
   */
  public static List<Path> files(Path folder, DatasetRequest request) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<String> names =
          files
              .filter(Files::isRegularFile)
              .map(file -> folder.relativize(file).toString().replace('\\', '/'))
              .toList();
      DatasetCard card = DatasetCard.NONE;
      for (String name : DECLARATIONS) {
        if (names.contains(name) && card.configs().isEmpty()) {
          Path file = folder.resolve(name);
          card = DatasetCard.read(file, Files.readString(file));
        }
      }
      return DatasetLayout.of(request, card, FileList.of(names)).paths().stream()
          .map(folder::resolve)
          .toList();
    } catch (IOException e) {
      throw new DataException(folder, "cannot be read: " + e.getMessage(), e);
    }
  }
}
