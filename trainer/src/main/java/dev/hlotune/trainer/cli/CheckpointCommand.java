package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import dev.hlotune.trainer.source.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Looks whether checkpoints are as they were written. */
@Command(
    name = "checkpoint",
    description = {
      "Compare every file of a checkpoint with the length and SHA-256 that it was written with; of"
          + " an output directory, all its checkpoints.",
      "Exit code 3 means that one is damaged or not whole; the file is named."
    },
    mixinStandardHelpOptions = true)
final class CheckpointCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "DIR",
      description = "A directory 'checkpoint-N', or the output directory of a run.")
  private Path directory = Path.of("");

  CheckpointCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    List<CheckpointDirectory> inside = CheckpointDirectory.in(directory);
    boolean whole = true;
    for (CheckpointDirectory one :
        inside.isEmpty() ? List.of(CheckpointDirectory.named(directory)) : inside) {
      Optional<DataException> damage = one.damage();
      console.print(
          damage
              .map(what -> String.valueOf(what.getMessage()))
              .orElseGet(() -> one.path() + ": whole"));
      whole &= damage.isEmpty();
    }
    return (whole ? ExitCode.OK : ExitCode.DATA).number();
  }
}
