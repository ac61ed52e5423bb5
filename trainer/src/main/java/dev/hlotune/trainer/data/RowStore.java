package dev.hlotune.trainer.data;

import java.util.Arrays;

/**
 * Rows while they are planned, numbered as they are opened: 9 bytes for each, in pieces, so that
 * more of them need no copy of those there are. In the worst case there are as many as examples.
 */
final class RowStore {
  private static final int BITS = 12;
  private static final int PIECE = 1 << BITS;
  private static final int MASK = PIECE - 1;
  private static final byte DISSOLVED = -1;

  private final int[] ladder;
  private byte[][] levels = new byte[1][];
  private int[][] remaining = new int[1][];
  private int[][] next = new int[1][];
  private int rows;

  /**
   * No rows yet.
   *
   * @param ladder row lengths, ascending, at most 127
   */
  RowStore(int[] ladder) {
    if (ladder.length > Byte.MAX_VALUE) {
      throw new IllegalArgumentException(
          "rows: expected at most 127 lengths, got " + ladder.length);
    }
    this.ladder = ladder;
  }

  /** Row lengths, ascending. */
  int[] ladder() {
    return ladder;
  }

  /** Opens an empty row of the length at this place of the ladder; gives its number. */
  int open(int level) {
    int row = rows++;
    if ((row & MASK) == 0) {
      addPiece(row >> BITS);
    }
    levels[row >> BITS][row & MASK] = (byte) level;
    setRemaining(row, ladder[level]);
    return row;
  }

  private void addPiece(int piece) {
    if (piece == levels.length) {
      levels = Arrays.copyOf(levels, 2 * piece);
      remaining = Arrays.copyOf(remaining, 2 * piece);
      next = Arrays.copyOf(next, 2 * piece);
    }
    levels[piece] = new byte[PIECE];
    remaining[piece] = new int[PIECE];
    next[piece] = new int[PIECE];
  }

  /** Gives a row up. */
  void dissolve(int row) {
    levels[row >> BITS][row & MASK] = DISSOLVED;
  }

  int count() {
    return rows;
  }

  boolean isDissolved(int row) {
    return level(row) == DISSOLVED;
  }

  /** The place of its length in the ladder; negative where it was given up. */
  int level(int row) {
    return levels[row >> BITS][row & MASK];
  }

  /** Tokens in a row. */
  int used(int row) {
    return ladder[level(row)] - remaining(row);
  }

  /** Free tokens of a row. */
  int remaining(int row) {
    return remaining[row >> BITS][row & MASK];
  }

  void setRemaining(int row, int value) {
    remaining[row >> BITS][row & MASK] = value;
  }

  /** A number of whoever works on the rows, such as the next of a list. */
  int next(int row) {
    return next[row >> BITS][row & MASK];
  }

  void setNext(int row, int value) {
    next[row >> BITS][row & MASK] = value;
  }
}
