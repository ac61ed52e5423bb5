package dev.hlotune.trainer.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a command prints: results and lines to standard output, errors and what changes in place to
 * standard error. The line that changes is taken away before anything else is printed, so that the
 * two never mix on one terminal.
 */
final class Console {
  private static final String CLEAR_LINE = "\r\033[K";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final int width;
  private final TextStyle style;
  private boolean drawn;

  /**
   * A console.
   *
   * @param terminal whether {@code err} is a terminal, so that a line can change in place
   * @param width columns of the terminal
   */
  Console(PrintStream out, PrintStream err, boolean terminal, int width) {
    this(out, err, terminal, width, TextStyle.PLAIN);
  }

  /**
   * A console.
   *
   * @param style how results are set off: by colours where {@code out} is a terminal
   */
  Console(PrintStream out, PrintStream err, boolean terminal, int width, TextStyle style) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.width = width;
    this.style = style;
  }

  /** The console of this process, in UTF-8. */
  static Console system() {
    boolean terminal = isTerminal(2);
    return new Console(
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        terminal,
        columns(terminal),
        style(System.getenv("NO_COLOR"), isTerminal(1)));
  }

  /**
   * Colours where there is a terminal, unless somebody does not want them.
   *
   * @param noColor the variable {@code NO_COLOR}, which does not want them unless it is empty
   */
  static TextStyle style(@Nullable String noColor, boolean terminal) {
    boolean wanted = noColor == null || noColor.isEmpty();
    return wanted && terminal ? TextStyle.COLOURED : TextStyle.PLAIN;
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** {@code java.io.Console} knows of standard input and output together; this asks for one. */
  private static boolean isTerminal(int descriptor) {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    Path link = Path.of("/proc/self/fd/" + descriptor);
    if (!Files.isSymbolicLink(link)) {
      return Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
    }
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  private static int columns(boolean terminal) {
    String columns = System.getenv("COLUMNS");
    if (columns != null && columns.matches("[1-9]\\d{1,3}")) {
      return Integer.parseInt(columns);
    }
    return terminal ? TerminalSize.columns().orElse(80) : 80;
  }

  boolean isTerminal() {
    return terminal;
  }

  /** How results are set off. */
  TextStyle style() {
    return style;
  }

  int width() {
    return width;
  }

  /** A line of results. */
  synchronized void print(String line) {
    clear();
    out.println(line);
  }

  /** Text that ends its own lines. */
  synchronized void printText(String text) {
    clear();
    out.print(text);
    out.flush();
  }

  /** A line that is no result: an error, a note. */
  synchronized void note(String line) {
    clear();
    err.println(line);
  }

  /** Replaces the line that changes; nothing where there is no terminal. */
  synchronized void draw(String line) {
    if (terminal) {
      err.print(CLEAR_LINE + (line.length() < width ? line : line.substring(0, width - 1)));
      err.flush();
      drawn = true;
    }
  }

  /** Asks for a line: text that is no result and does not end its line. */
  synchronized void ask(String text) {
    clear();
    err.print(text);
    err.flush();
  }

  /** Takes away the line that changes. */
  synchronized void clear() {
    if (drawn) {
      err.print(CLEAR_LINE);
      err.flush();
      drawn = false;
    }
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }
}
