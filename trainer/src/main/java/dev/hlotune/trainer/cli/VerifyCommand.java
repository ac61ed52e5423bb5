package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.verify.PackingVerification;
import dev.hlotune.trainer.verify.ResumeVerification;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows, on the user's own model and records, that what must not change a result does not. */
@Command(
    name = "verify",
    description =
        "Show on your own model and data that what must not change a result does not: packing, or"
            + " an interruption. And that checkpoints are whole.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Runnable {
  @Spec private CommandSpec spec;

  private VerifyCommand() {}

  static CommandLine line(Console console) {
    return new CommandLine(new VerifyCommand())
        .addSubcommand("packing", PackingCommand.line(console, PackingVerification::run))
        .addSubcommand("resume", ResumeCommand.line(console, ResumeVerification::run))
        .addSubcommand("checkpoint", new CommandLine(new CheckpointCommand(console)));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "command: expected 'packing', 'resume' or 'checkpoint', got none");
  }
}
