package dev.hlotune.hlo;

import java.util.function.Supplier;

/**
 * The line of Java that a graph node came from; the emitter prints it as an MLIR location, so that
 * XLA's errors and profiles name our line.
 *
 * @param file file name without its directory, such as {@code Llama.java}
 * @param line line number, 1-based
 */
public record Source(String file, int line) {
  private static final ScopedValue<Source> CURRENT = ScopedValue.newInstance();
  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final String CORE = Source.class.getPackageName();
  private static final Source UNKNOWN = new Source("unknown", 1);

  /** The innermost frame outside the DSL itself, or the node that a pass is working for. */
  static Source capture() {
    if (CURRENT.isBound()) {
      return CURRENT.get();
    }
    return WALKER.walk(frames ->
        frames
            .filter(frame -> !isCore(frame.getClassName()))
            .findFirst()
            .map(frame -> new Source(fileOf(frame), Math.max(1, frame.getLineNumber())))
            .orElse(UNKNOWN));
  }

  /** Runs a pass whose new nodes belong to {@code source} rather than to the pass's own lines. */
  public static <T> T attributing(Source source, Supplier<T> work) {
    return ScopedValue.where(CURRENT, source).call(work::get);
  }

  private static String fileOf(StackWalker.StackFrame frame) {
    String file = frame.getFileName();
    return file == null ? "unknown" : file;
  }

  private static boolean isCore(String className) {
    return className.startsWith(CORE) && className.lastIndexOf('.') == CORE.length();
  }
}
