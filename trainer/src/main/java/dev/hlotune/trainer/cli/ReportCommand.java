package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.report.RunRecord;
import dev.hlotune.trainer.report.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a page on one run or several. */
@Command(
    name = "report",
    description = {
      "Write one page for a browser on one run or several: curves over each other, what they came"
          + " to, what was answered, how they were configured. It needs nothing beside it.",
      "A run writes its own at its end; a run that is still going can be looked at too."
    },
    mixinStandardHelpOptions = true,
    customSynopsis = "hlotune report RUN ... [--output FILE]")
final class ReportCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(arity = "1..*", paramLabel = "RUN", description = "Output directories of runs.")
  private List<Path> directories = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Where to write it. Without it, report.html in the directory of the one run, or here"
              + " where there are several.")
  private Optional<Path> output = Optional.empty();

  ReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    List<RunRecord> runs = new ArrayList<>();
    for (Path directory : directories) {
      runs.add(RunRecord.read(directory));
    }
    Path file =
        output.orElseGet(() ->
            directories.size() == 1
                ? directories.getFirst().resolve("report.html")
                : Path.of("report.html"));
    RunReport.write(runs, file);
    console.print("wrote " + file);
    return ExitCode.OK.number();
  }
}
