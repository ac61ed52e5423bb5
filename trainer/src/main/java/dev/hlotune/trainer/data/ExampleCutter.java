package dev.hlotune.trainer.data;

/**
 * Brings examples to a length that fits, and looks afterwards whether anything is left to learn.
 *
 * @param maxLength the most tokens of an example
 * @param truncation what happens to longer ones
 * @param keepUnlearned whether examples stay of which nothing is learned
 */
record ExampleCutter(int maxLength, Truncation truncation, boolean keepUnlearned) {
  /** Takes what comes of an example. */
  interface Sink {
    /** An example, or a piece of one: tokens {@code from} to {@code to}. */
    void add(int[] ids, float[] weights, int from, int to);

    /** Nothing came of it. */
    void drop(DropReason reason);

    /** It was cut; so many of its tokens are in no example. */
    void truncated(int tokens);
  }

  ExampleCutter(int maxLength, Truncation truncation) {
    this(maxLength, truncation, false);
  }

  void cut(int[] ids, float[] weights, Sink sink) {
    int length = ids.length;
    if (!stays(weights, 0, length)) {
      sink.drop(DropReason.NO_SUPERVISED_TOKEN);
      return;
    }
    if (length <= maxLength) {
      sink.add(ids, weights, 0, length);
      return;
    }
    switch (truncation) {
      case DROP -> sink.drop(DropReason.TOO_LONG);
      case KEEP_START -> keep(ids, weights, 0, maxLength, sink);
      case KEEP_END -> keep(ids, weights, length - maxLength, length, sink);
      case SPLIT -> split(ids, weights, sink);
    }
  }

  private void keep(int[] ids, float[] weights, int from, int to, Sink sink) {
    if (!stays(weights, from, to)) {
      sink.drop(DropReason.CUT_AWAY);
      return;
    }
    sink.truncated(ids.length - (to - from));
    sink.add(ids, weights, from, to);
  }

  /** Each piece begins with the last token of the one before, so that no target is lost. */
  private void split(int[] ids, float[] weights, Sink sink) {
    int left = 0;
    for (int from = 0; from < ids.length - 1; from += maxLength - 1) {
      int to = Math.min(ids.length, from + maxLength);
      if (stays(weights, from, to)) {
        sink.add(ids, weights, from, to);
      } else {
        left += to - from - (from > 0 ? 1 : 0);
      }
    }
    sink.truncated(left);
  }

  /** Whether anything is learned of these tokens, the first of which is not predicted. */
  private boolean stays(float[] weights, int from, int to) {
    if (keepUnlearned) {
      return true;
    }
    for (int i = from + 1; i < to; i++) {
      if (weights[i] != 0) {
        return true;
      }
    }
    return false;
  }
}
