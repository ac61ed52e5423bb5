package dev.hlotune.trainer.cli;

import com.fasterxml.jackson.core.JacksonException;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** How a command ends, as documented in docs/configuration.md. */
enum ExitCode {
  /** All was done. */
  OK(0),
  /** An error of hlotune itself. */
  FAILURE(1),
  /** A wrong option, recipe or key. */
  USAGE(2),
  /** Data, a tokenizer or a model that cannot be used. */
  DATA(3),
  /** The device or its plugin. */
  DEVICE(4),
  /** A file that cannot be read or written, on a full disk for instance. */
  FILES(5),
  /** The loss was no longer a number; there is no model. */
  DIVERGED(6),
  /** A verification found a difference. */
  DIFFERENT(7),
  /** A plan does not fit the devices. */
  DOES_NOT_FIT(8),
  /** Stopped by Ctrl-C, with everything so far intact. */
  INTERRUPTED(130),
  /** Stopped by SIGTERM, with everything so far intact. */
  TERMINATED(143);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** What the shell sees. */
  int number() {
    return number;
  }

  /** The code of an error. */
  static ExitCode of(Throwable error) {
    return switch (error) {
      case ConfigException e -> USAGE;
      case DataException e when e.getCause() instanceof IOException cause && isFile(cause) -> FILES;
      case DataException e -> DATA;
      case ShapeException e -> DATA;
      case PjrtException e -> DEVICE;
      case IOException e -> FILES;
      case UncheckedIOException e -> FILES;
      default -> FAILURE;
    };
  }

  /** Broken JSON is an IOException too, but no matter of the file system. */
  private static boolean isFile(IOException cause) {
    return !(cause instanceof JacksonException);
  }
}
