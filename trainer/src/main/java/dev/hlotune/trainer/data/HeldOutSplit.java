package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.Arrays;

/**
 * Sets some examples of a data set apart, by a seed. Examples of one record, as truncation by
 * splitting makes several of, stay together: what is held out was not seen in training.
 *
 * @param train examples to train on, ascending
 * @param heldOut the others, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // Possibly millions of them.
public record HeldOutSplit(int[] train, int[] heldOut) {
  /**
   * Splits a data set.
   *
   * @param size below 1 the part of its records, else their number
   * @param seed decides which
   * @throws DataException if nothing would be left on either side
   */
  public static HeldOutSplit of(PreparedData data, double size, long seed) {
    int[] recordOf = new int[data.size()];
    int records = 0;
    for (int i = 0; i < recordOf.length; i++) {
      records += i > 0 && !data.sameRecord(i - 1, i) ? 1 : 0;
      recordOf[i] = records;
    }
    records++;
    long wanted = size < 1 ? (long) Math.ceil(size * records) : Math.round(size);
    if (wanted < 1 || wanted >= records) {
      throw new DataException(
          "test_size: expected to leave records on both sides of "
              + records
              + ", got "
              + wanted
              + " held out");
    }
    int[] order = new int[records];
    Arrays.setAll(order, i -> i);
    new Shuffle(seed, 0).range(order, 0, records);
    boolean[] out = new boolean[records];
    for (int i = 0; i < wanted; i++) {
      out[order[i]] = true;
    }
    int[] train = new int[recordOf.length];
    int[] heldOut = new int[recordOf.length];
    int trained = 0;
    int held = 0;
    for (int i = 0; i < recordOf.length; i++) {
      if (out[recordOf[i]]) {
        heldOut[held++] = i;
      } else {
        train[trained++] = i;
      }
    }
    return new HeldOutSplit(Arrays.copyOf(train, trained), Arrays.copyOf(heldOut, held));
  }
}
