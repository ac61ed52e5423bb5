package dev.hlotune.trainer.data;

import java.util.List;

/** Tokenized examples by index: a prepared data set on disk, or a list in memory. Thread-safe. */
public interface Examples {
  /** The number of examples. */
  int size();

  /** The number of tokens of an example, without reading it. */
  int length(int index);

  /** An example; the caller owns its arrays. */
  Example get(int index);

  /** What of an example carries loss. A data set on disk knows without reading the example. */
  default Learned learned(int index) {
    return Learned.of(get(index));
  }

  /** Examples in memory. */
  static Examples of(List<Example> examples) {
    List<Example> copy = List.copyOf(examples);
    return new Examples() {
      @Override
      public int size() {
        return copy.size();
      }

      @Override
      public int length(int index) {
        return copy.get(index).length();
      }

      @Override
      public Example get(int index) {
        return copy.get(index);
      }
    };
  }
}
