package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.audit.AuditJson;
import dev.hlotune.trainer.audit.AuditReport;
import dev.hlotune.trainer.audit.BatchFacts;
import dev.hlotune.trainer.loop.RecipeData;
import dev.hlotune.trainer.loop.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Goes through all data of a recipe and says what is worth knowing. */
@Command(
    name = "audit",
    description = "Go through all data of a recipe: what is learned, what is lost, what is wrong.",
    mixinStandardHelpOptions = true,
    customSynopsis = "hlotune data audit [RECIPE.yaml] [--key value ...] [--json FILE|-]",
    footer = "%nEnds with 3 where there is an error. docs/data-audit.md says what is looked for.")
final class AuditCommand implements Callable<Integer> {
  private static final int MOST_COLUMNS = 100;
  private static final String STANDARD_OUTPUT = "-";

  private final Console console;

  @Mixin private RecipeArguments recipe = new RecipeArguments();

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Write the report as JSON to this file, or instead of the text.")
  private Optional<String> json = Optional.empty();

  AuditCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    LoadingLine line = new LoadingLine(console);
    try (RecipeData data = recipe.open(console, line)) {
      AuditReport report =
          data.audit((done, total) -> line.on(new RunEvent.Progressed("auditing", done, total)));
      // The report says itself which records were left out.
      line.notes().stream().filter(note -> !data.reports().contains(note)).forEach(console::note);
      BatchFacts batches = data.batches();
      if (json.isPresent() && !json.get().equals(STANDARD_OUTPUT)) {
        Files.writeString(Path.of(json.get()), AuditJson.of(report, batches));
      }
      console.printText(
          json.filter(STANDARD_OUTPUT::equals).isPresent()
              ? AuditJson.of(report, batches)
              : AuditText.of(
                  report, batches, Math.min(console.width(), MOST_COLUMNS), console.style()));
      return (report.passed() ? ExitCode.OK : ExitCode.DATA).number();
    }
  }
}
