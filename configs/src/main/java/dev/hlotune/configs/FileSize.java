package dev.hlotune.configs;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The size of a file, as {@code save_pretrained} takes it: bytes, or a number with {@code KB},
 * {@code MB}, {@code GB} or {@code TB}, which are powers of a thousand.
 *
 * @param bytes at least 1
 */
public record FileSize(long bytes) {
  private static final Map<String, Long> UNITS =
      Map.of("KB", 1_000L, "MB", 1_000_000L, "GB", 1_000_000_000L, "TB", 1_000_000_000_000L);

  /** Refuses what is no size. */
  public FileSize {
    if (bytes < 1) {
      throw ConfigException.of("file size: expected at least 1 byte, got " + bytes);
    }
  }

  /**
   * The size that an option names.
   *
   * @throws ConfigException if it names none
   */
  public static FileSize of(String option, String text) {
    try {
      return new FileSizeType().parse(text);
    } catch (IllegalArgumentException e) {
      throw ConfigException.of("'" + option + "': " + e.getMessage());
    }
  }

  /** Reads what {@link #toString} writes, and other spellings; a fraction of a byte is dropped. */
  static FileSize parse(String text) {
    String trimmed = text.strip().replace("_", "");
    String unit =
        trimmed.length() < 2
            ? ""
            : trimmed.substring(trimmed.length() - 2).toUpperCase(Locale.ROOT);
    BigDecimal number =
        UNITS.containsKey(unit)
            ? new BigDecimal(trimmed.substring(0, trimmed.length() - 2).strip())
                .multiply(BigDecimal.valueOf(UNITS.getOrDefault(unit, 1L)))
            : new BigDecimal(trimmed);
    return new FileSize(number.toBigInteger().longValueExact());
  }

  /** The largest unit of which it is a whole number. */
  @Override
  public String toString() {
    for (String unit : List.of("TB", "GB", "MB", "KB")) {
      long size = UNITS.getOrDefault(unit, 1L);
      if (bytes % size == 0) {
        return bytes / size + unit;
      }
    }
    return Long.toString(bytes);
  }
}
