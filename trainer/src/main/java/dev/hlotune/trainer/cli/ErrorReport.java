package dev.hlotune.trainer.cli;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.PjrtException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What went wrong, as one line to a person and a code to the shell. */
final class ErrorReport {
  private static final int MOST_LINES = 20;

  private final Console console;

  ErrorReport(Console console) {
    this.console = console;
  }

  /** A command line that cannot be read. */
  int usage(ParameterException exception) {
    CommandLine line = exception.getCommandLine();
    String what =
        exception instanceof UnmatchedArgumentException unmatched && line.getParent() == null
            ? "command: expected one of %s, got '%s'"
                .formatted(
                    Arrays.stream(Subcommand.values()).map(Subcommand::spelled).toList(),
                    unmatched.getUnmatched().getFirst())
            : firstLine(exception);
    String name = line.getCommandSpec().qualifiedName();
    console.note("hlotune: %s; see %s --help".formatted(what, name));
    return ExitCode.USAGE.number();
  }

  /** A command that failed. */
  int failure(Throwable error, boolean verbose) {
    ExitCode code = ExitCode.of(error);
    if (error instanceof ConfigException config) {
      config.problems().forEach(problem -> console.note("hlotune: " + problem));
    } else if (error instanceof OutOfMemoryError) {
      console.note(
          "hlotune: memory: expected room in the Java heap, got none ("
              + firstLine(error)
              + "); lower per_device_train_batch_size or max_length, or give more with"
              + " HLOTUNE_JAVA_OPTIONS=-Xmx8g");
    } else if (code == ExitCode.FAILURE && !explains(error)) {
      console.note(
          "hlotune: internal error: "
              + error.getClass().getSimpleName()
              + ": "
              + firstLine(error)
              + (verbose ? "" : " (--verbose prints the trace)"));
    } else if (error instanceof PjrtException device
        && device.code() == ErrorCode.RESOURCE_EXHAUSTED) {
      console.note(
          "hlotune: "
              + firstLine(error)
              + "; lower 'per_device_train_batch_size' or 'max_length', or set"
              + " 'gradient_checkpointing' to 'full'");
    } else {
      console.note("hlotune: " + firstLines(error));
    }
    if (verbose) {
      console.note(Trace.of(error));
    }
    return code.number();
  }

  /** Whether the message is one of ours, which says what was expected, or comes from elsewhere. */
  private static boolean explains(Throwable error) {
    return firstLine(error).contains(": expected ");
  }

  /** The JDK's message is often the bare path. */
  private static String reason(FileSystemException error) {
    String reason =
        switch (error) {
          case NoSuchFileException e -> "no such file or folder";
          case AccessDeniedException e -> "access denied";
          case FileAlreadyExistsException e -> "something else with that name";
          default ->
              error.getReason() == null ? error.getClass().getSimpleName() : error.getReason();
        };
    return "'%s': expected a file that can be used, got: %s".formatted(error.getFile(), reason);
  }

  /** The first line and what is indented below it, such as the places where a plugin was sought. */
  private static String firstLines(Throwable error) {
    String message = error.getMessage();
    String list =
        message == null
            ? ""
            : message
                .lines()
                .skip(1)
                .takeWhile(line -> line.startsWith("  "))
                .limit(MOST_LINES)
                .map(line -> "\n" + line)
                .collect(Collectors.joining());
    return firstLine(error) + list;
  }

  private static String firstLine(Throwable error) {
    String message = error instanceof FileSystemException file ? reason(file) : error.getMessage();
    return message == null || message.isBlank()
        ? "no message"
        : message.lines().findFirst().orElse("no message").strip();
  }
}
