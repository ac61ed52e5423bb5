package dev.hlotune.trainer.loop;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Updates that changed nothing, or should not have.
 *
 * @param unsupervised no token of their batch was supervised
 * @param overflowed the gradient had no room in float16 with the loss' scale of then
 * @param nonfinite loss or gradient was no finite number
 * @param spoilt those of the latter that were taken nevertheless
 * @param maskedRows rows of the batches of the first in which no token was supervised
 */
record LeftOut(int unsupervised, int overflowed, int nonfinite, int spoilt, long maskedRows) {
  static final LeftOut NONE = new LeftOut(0, 0, 0, 0, 0);

  LeftOut plusUnsupervised(long rows) {
    return new LeftOut(unsupervised + 1, overflowed, nonfinite, spoilt, maskedRows + rows);
  }

  LeftOut plusOverflowed() {
    return new LeftOut(unsupervised, overflowed + 1, nonfinite, spoilt, maskedRows);
  }

  LeftOut plusNonfinite(boolean leftOut) {
    return new LeftOut(
        unsupervised, overflowed, nonfinite + 1, spoilt + (leftOut ? 0 : 1), maskedRows);
  }

  /** How many changed nothing. */
  int steps() {
    return unsupervised + overflowed + nonfinite - spoilt;
  }

  /** As a checkpoint has it. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("unsupervised", unsupervised);
    json.put("overflowed", overflowed);
    json.put("nonfinite", nonfinite);
    json.put("spoilt", spoilt);
    json.put("masked_rows", maskedRows);
    return json;
  }

  static LeftOut of(SavedJson json) {
    return new LeftOut(
        json.number("unsupervised").intValue(),
        json.number("overflowed").intValue(),
        json.number("nonfinite").intValue(),
        json.number("spoilt").intValue(),
        json.number("masked_rows").longValue());
  }
}
