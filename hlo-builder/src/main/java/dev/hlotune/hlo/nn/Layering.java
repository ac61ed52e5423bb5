package dev.hlotune.hlo.nn;

/** How a stack of equal layers becomes a program. */
public enum Layering {
  /** Every layer is printed: fastest to run, compile time grows with depth. */
  UNROLL,
  /** One loop over stacked weights: constant compile time. */
  SCAN
}
