package dev.hlotune.trainer.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code hlotune}: names its subcommands and nothing else. */
@Command(
    name = "hlotune",
    description = "Supervised fine-tuning as one ahead-of-time compiled program.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by {@link #main} and, by reflection, by picocli. */
  Main() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "command: expected one, got none");
  }

  /** Runs one command and ends the virtual machine with its exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
