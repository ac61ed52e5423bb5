package dev.hlotune.trainer.checkpoint;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;

/** The one place that words this package's complaints about files. */
final class Malformed {
  private Malformed() {}

  static DataException file(Path path, String problem) {
    return new DataException(path, problem);
  }

  static DataException line(Path path, int line, String problem) {
    return new DataException(new Origin(path, line), null, problem);
  }

  static DataException field(Path path, String field, String problem) {
    return new DataException(new Origin(path, 0), field, problem);
  }

  static DataException tensor(Path path, String name, String problem) {
    return new DataException(path, "tensor '%s': %s".formatted(name, problem));
  }

  static DataException missing(Path path, String name, Collection<String> present) {
    String nearest =
        present.stream()
            .min(Comparator.comparingInt(other -> -commonSuffix(name, other)))
            .map("; the nearest name is '%s'"::formatted)
            .orElse("");
    return new DataException(
        path,
        "tensor '%s': expected in the file, got %d others%s"
            .formatted(name, present.size(), nearest));
  }

  private static int commonSuffix(String a, String b) {
    int length = 0;
    while (length < Math.min(a.length(), b.length())
        && a.charAt(a.length() - 1 - length) == b.charAt(b.length() - 1 - length)) {
      length++;
    }
    return length;
  }
}
