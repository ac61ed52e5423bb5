package dev.hlotune.hlo.reference;

/** What the evaluator does with the result of each operation. */
public enum Precision {
  /** Rounds it to the tensor's element type, to nearest, ties to even: what a device computes. */
  PER_DTYPE,
  /** Keeps floats in double precision, for differences of small steps; integers still wrap. */
  EXACT
}
