package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.Origin;
import java.nio.file.Path;
import java.util.List;

/**
 * The place of a record in one number: 24 bits for the number of its file, one for what the file is
 * counted in, 39 for the line or row.
 */
final class PackedOrigin {
  private static final int NUMBER_BITS = 39;
  private static final List<Origin.Unit> UNITS = List.of(Origin.Unit.LINE, Origin.Unit.ROW);

  private PackedOrigin() {}

  static long pack(int file, Origin origin) {
    return ((2L * file + UNITS.indexOf(origin.unit())) << NUMBER_BITS) | origin.number();
  }

  static List<Origin> unpack(List<Long> packed, List<Path> files) {
    return packed.stream().map(place -> unpack(place, files)).toList();
  }

  static Origin unpack(long packed, List<Path> files) {
    long number = packed & ((1L << NUMBER_BITS) - 1);
    int rest = (int) (packed >>> NUMBER_BITS);
    return new Origin(files.get(rest >>> 1), number, UNITS.get(rest & 1));
  }
}
