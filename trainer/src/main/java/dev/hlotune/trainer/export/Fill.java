package dev.hlotune.trainer.export;

import java.util.Optional;

/** What an input is filled with where whoever runs the program gives nothing else. */
public sealed interface Fill {
  /** The tensor of the input's name in the export's files of weights. */
  record Weights() implements Fill {}

  /** Zeros. */
  record Zeros() implements Fill {}

  /** The number of the step, from 0. */
  record Step() implements Fill {}

  /**
   * A number.
   *
   * @param number a scalar
   */
  record Value(double number) implements Fill {}

  /**
   * Nothing: it has to be given.
   *
   * @param suggested what the recipe has there, where it is one number
   */
  record Caller(Optional<Double> suggested) implements Fill {}

  /** An input that has to be given. */
  static Fill caller() {
    return new Caller(Optional.empty());
  }
}
