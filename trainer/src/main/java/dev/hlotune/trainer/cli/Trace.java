package dev.hlotune.trainer.cli;

/** The trace of an error, as {@code --verbose} shows it. */
final class Trace {
  private static final int MOST_CAUSES = 20;

  private Trace() {}

  static String of(Throwable error) {
    StringBuilder text = new StringBuilder(error.toString());
    frames(error, text);
    Throwable cause = error.getCause();
    for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
      text.append("\ncaused by ").append(cause);
      frames(cause, text);
      cause = cause.getCause();
    }
    return text.toString();
  }

  private static void frames(Throwable error, StringBuilder text) {
    for (StackTraceElement frame : error.getStackTrace()) {
      text.append("\n\tat ").append(frame);
    }
  }
}
