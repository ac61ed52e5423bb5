package dev.hlotune.pjrt.internal;

/** Makes the exception that a failed call is reported by. */
@FunctionalInterface
public interface Failures {
  /**
   * An exception to throw.
   *
   * @param code a {@code PJRT_Error_Code}
   * @param function the C function that failed
   * @param message what the plugin said
   */
  RuntimeException of(int code, String function, String message);
}
