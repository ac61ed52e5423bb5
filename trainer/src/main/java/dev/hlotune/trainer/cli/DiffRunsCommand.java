package dev.hlotune.trainer.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.report.RunDifference;
import dev.hlotune.trainer.report.RunRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what differs between two runs. */
@Command(
    name = "diff-runs",
    description = {
      "Say what differs between two runs: keys of the recipe, versions, hashes of data, tokenizer,"
          + " template and programs, the device, the first update with another figure, the results.",
      "Exit code 7 means that something differs, 0 that nothing does but names and places."
    },
    mixinStandardHelpOptions = true,
    customSynopsis = "hlotune diff-runs RUN RUN [--json]")
final class DiffRunsCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  private final Console console;

  @Parameters(index = "0", paramLabel = "RUN", description = "The output directory of a run.")
  private Path first = Path.of("");

  @Parameters(index = "1", paramLabel = "RUN", description = "That of another.")
  private Path second = Path.of("");

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  DiffRunsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    RunDifference difference = RunDifference.of(RunRecord.read(first), RunRecord.read(second));
    if (json) {
      console.printText(JSON.writeValueAsString(DifferenceText.fields(difference)) + "\n");
    } else {
      DifferenceText.lines(difference).forEach(console::print);
    }
    return (difference.differs() ? ExitCode.DIFFERENT : ExitCode.OK).number();
  }
}
