package dev.hlotune.sharding.hosts;

import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.PjrtException;
import java.nio.charset.StandardCharsets;

/** Exceptions of this package. */
final class Failures {
  private static final String FUNCTION = "processes";

  private Failures() {}

  static PjrtException of(ErrorCode code, String message) {
    return new PjrtException(code, FUNCTION, message);
  }

  /** The message that {@link #of} was given. */
  static String message(PjrtException failure) {
    String text = String.valueOf(failure.getMessage());
    String before = FUNCTION + ": ";
    String after = " (" + failure.code() + ")";
    return text.startsWith(before) && text.endsWith(after)
        ? text.substring(before.length(), text.length() - after.length())
        : text;
  }

  /** Somebody asked us to stop waiting. */
  static PjrtException interrupted(InterruptedException stop) {
    Thread.currentThread().interrupt();
    PjrtException failure = of(ErrorCode.CANCELLED, "interrupted while waiting");
    failure.initCause(stop);
    return failure;
  }

  /** A key as text, for messages. */
  static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }
}
