package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.Arrays;

/**
 * Best-fit decreasing into rows of several lengths (Johnson, 1973): items come in order of falling
 * length, and each goes to the open row that it fills best; only when it fits none is a row opened,
 * of the shortest length that holds the item.
 *
 * <p>Open rows are kept in one list per remaining capacity, under a tree of bits, so that an item
 * costs O(log length), whatever the number of rows. The result depends on the lengths alone.
 */
final class RowPacker {
  private static final int NONE = -1;

  private final RowStore rows;
  private final int firstLevel;
  private final int leaves;
  private final boolean[] occupied;
  private final int[] head;

  /**
   * Packs into new rows of these lengths.
   *
   * @param ladder row lengths, ascending
   */
  RowPacker(int[] ladder) {
    this(new RowStore(ladder), 0);
  }

  /**
   * Packs into rows of a store; those that it has already are left alone, but for adopted ones.
   *
   * @param firstLevel the place in the ladder of the shortest rows that are opened
   */
  RowPacker(RowStore rows, int firstLevel) {
    this.rows = rows;
    this.firstLevel = firstLevel;
    int longest = rows.ladder()[rows.ladder().length - 1];
    this.leaves = Integer.highestOneBit(Math.max(1, longest)) << 1;
    this.occupied = new boolean[2 * leaves];
    this.head = new int[longest + 1];
    Arrays.fill(head, NONE);
  }

  /** Puts an item of this length into a row and gives the row's number. */
  int place(int length) {
    int capacity = firstOccupied(length);
    int row = capacity == NONE ? open(length) : pop(capacity);
    rows.setRemaining(row, rows.remaining(row) - length);
    adopt(row);
    return row;
  }

  /** Lets a row of the store be filled further. */
  void adopt(int row) {
    if (rows.remaining(row) > 0) {
      push(row);
    }
  }

  /** The rows it fills. */
  RowStore rows() {
    return rows;
  }

  private int open(int length) {
    int[] ladder = rows.ladder();
    for (int level = firstLevel; level < ladder.length; level++) {
      if (ladder[level] >= length) {
        return rows.open(level);
      }
    }
    throw new DataException(
        "packing: expected examples of at most "
            + ladder[ladder.length - 1]
            + " tokens, got one of "
            + length);
  }

  private void push(int row) {
    int capacity = rows.remaining(row);
    rows.setNext(row, head[capacity]);
    head[capacity] = row;
    for (int node = leaves + capacity; node > 0 && !occupied[node]; node >>= 1) {
      occupied[node] = true;
    }
  }

  private int pop(int capacity) {
    int row = head[capacity];
    head[capacity] = rows.next(row);
    if (head[capacity] == NONE) {
      int node = leaves + capacity;
      occupied[node] = false;
      for (node >>= 1; node > 0; node >>= 1) {
        occupied[node] = occupied[2 * node] || occupied[2 * node + 1];
      }
    }
    return row;
  }

  /** The smallest capacity of an open row that is at least this, or NONE. */
  private int firstOccupied(int least) {
    int node = leaves + least;
    if (least >= leaves) {
      return NONE;
    }
    if (occupied[node]) {
      return least;
    }
    while (node > 1) {
      boolean left = (node & 1) == 0;
      if (left && occupied[node + 1]) {
        node++;
        while (node < leaves) {
          node = occupied[2 * node] ? 2 * node : 2 * node + 1;
        }
        return node - leaves;
      }
      node >>= 1;
    }
    return NONE;
  }
}
