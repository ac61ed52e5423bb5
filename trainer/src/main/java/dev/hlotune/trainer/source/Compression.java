package dev.hlotune.trainer.source;

import java.nio.file.Path;
import java.util.Locale;

/** How a whole file is packed, told by the end of its name. */
enum Compression {
  NONE("", "plain"),
  GZIP(".gz", "gzip"),
  ZSTD(".zst", "zstd");

  private final String ending;
  private final String label;

  Compression(String ending, String label) {
    this.ending = ending;
    this.label = label;
  }

  static Compression of(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(GZIP.ending) ? GZIP : name.endsWith(ZSTD.ending) ? ZSTD : NONE;
  }

  /** The name of a file without the ending that says how it is packed. */
  static String bareName(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(0, name.length() - of(file).ending.length());
  }

  /** Its name in messages. */
  String label() {
    return label;
  }
}
