package dev.hlotune.trainer.loop;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an earlier course of a run left that would pass for something of this one. */
final class Leftovers {
  /** Answers of the model, a line each. */
  static final String SAMPLES = "samples.jsonl";

  /** Trackers' event files, which are read all together. */
  private static final String EVENTS = "tensorboard";

  private static final Pattern BATCH = Pattern.compile("step-(\\d{1,9})\\.json");

  private Leftovers() {}

  /**
   * Takes it away.
   *
   * @param step the update that the run goes on from; 0 where it begins anew
   */
  static void clear(Path directory, int step) throws IOException {
    for (String name : List.of("train_results.json", "report.html")) {
      Files.deleteIfExists(directory.resolve(name));
    }
    if (step == 0) {
      Files.deleteIfExists(directory.resolve(SAMPLES));
      delete(directory.resolve(EVENTS), "events.out.tfevents.*", 0);
    }
    delete(directory.resolve(NonfiniteBatch.FOLDER), "step-*.json", step);
  }

  private static void delete(Path folder, String names, int step) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, names)) {
      for (Path file : files) {
        Matcher numbered = BATCH.matcher(file.getFileName().toString());
        if (!numbered.matches() || Integer.parseInt(numbered.group(1)) > step) {
          Files.delete(file);
        }
      }
    }
  }
}
