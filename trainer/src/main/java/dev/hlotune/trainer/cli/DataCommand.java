package dev.hlotune.trainer.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a recipe trains on. */
@Command(
    name = "data",
    description =
        "Look at the data of a recipe: single examples as they are trained, or all of it.",
    mixinStandardHelpOptions = true)
final class DataCommand implements Runnable {
  @Spec private CommandSpec spec;

  private DataCommand() {}

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console) {
    CommandLine command = new CommandLine(new DataCommand());
    command.addSubcommand("inspect", new InspectCommand(console));
    command.addSubcommand("audit", new AuditCommand(console));
    command.setUnmatchedOptionsArePositionalParams(true);
    return command;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "command: expected 'inspect' or 'audit', got neither");
  }
}
