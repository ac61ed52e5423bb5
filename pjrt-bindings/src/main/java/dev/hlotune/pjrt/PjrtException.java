package dev.hlotune.pjrt;

import java.util.Objects;

/**
 * A call of a plugin that failed, or that was refused because the plugin would have failed worse:
 * some mistakes end the process inside a plugin, and those are caught before it is called.
 */
public final class PjrtException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String function;

  /**
   * A failure.
   *
   * @param code its kind
   * @param function the C function that failed or would have, or what stands in for one
   * @param message the plugin's message, or {@code expected …, got …}
   */
  public PjrtException(ErrorCode code, String function, String message) {
    super(
        Objects.requireNonNull(function, "function")
            + ": "
            + message
            + " ("
            + Objects.requireNonNull(code, "code")
            + ")");
    this.code = code;
    this.function = function;
  }

  static PjrtException of(int code, String function, String message) {
    return new PjrtException(ErrorCode.of(code), function, message);
  }

  static PjrtException invalid(String function, String message) {
    return new PjrtException(ErrorCode.INVALID_ARGUMENT, function, message);
  }

  /** The kind of failure. */
  public ErrorCode code() {
    return code;
  }

  /** The C function that failed. */
  public String function() {
    return function;
  }
}
