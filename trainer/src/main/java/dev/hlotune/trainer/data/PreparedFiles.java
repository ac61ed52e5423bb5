package dev.hlotune.trainer.data;

import java.nio.file.Path;

/**
 * The files of a prepared data set, all little-endian: {@code ids} (int32 per token), {@code
 * weights} (float32 per token), {@code ends} (int64 per example: where it ends in the other two),
 * {@code origins} (int64 per example: {@link PackedOrigin}), {@code supervised} and {@code learned}
 * (int32 and float64 per example: its {@link Learned}), and {@code meta.json}, written last.
 *
 * @param directory the folder of the data set
 */
record PreparedFiles(Path directory) {
  /** Changes whenever these files, or what decides their content, change meaning. */
  static final int VERSION = 5;

  Path ids() {
    return directory.resolve("ids.i32");
  }

  Path weights() {
    return directory.resolve("weights.f32");
  }

  Path ends() {
    return directory.resolve("ends.i64");
  }

  Path origins() {
    return directory.resolve("origins.i64");
  }

  Path supervised() {
    return directory.resolve("supervised.i32");
  }

  Path learned() {
    return directory.resolve("learned.f64");
  }

  Path meta() {
    return directory.resolve("meta.json");
  }
}
