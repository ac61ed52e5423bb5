package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.audit.ExampleJson;
import dev.hlotune.trainer.audit.ExampleView;
import dev.hlotune.trainer.audit.ExampleViews;
import dev.hlotune.trainer.loop.RecipeData;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows examples of a recipe as they are trained. */
@Command(
    name = "inspect",
    description = "Show examples of a recipe as they are trained: each token, and what is learned.",
    mixinStandardHelpOptions = true,
    customSynopsis =
        "hlotune data inspect [RECIPE.yaml] [--key value ...] [--num_examples N] [--tokens]")
final class InspectCommand implements Callable<Integer> {
  private static final int MOST_COLUMNS = 100;

  private final Console console;

  @Mixin private RecipeArguments recipe = new RecipeArguments();

  @Option(
      names = {"--num_examples", "--num-examples"},
      paramLabel = "N",
      description = "How many, from the first (default: 3).")
  private int count = 3;

  @Option(names = "--example", paramLabel = "K", description = "Only the one of this number.")
  private Optional<Integer> example = Optional.empty();

  @Option(
      names = "--origin",
      paramLabel = "FILE:LINE",
      description = "Only those that came of this record.")
  private Optional<String> origin = Optional.empty();

  @Option(
      names = {"--held_out", "--held-out"},
      description = "Those that are held out, instead of those that are trained on.")
  private boolean heldOut;

  @Option(names = "--tokens", description = "Print a line for each token.")
  private boolean tokens;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write them to one page for a browser instead.")
  private Optional<Path> html = Optional.empty();

  @Option(names = "--json", description = "Print a JSON object for each instead, one a line.")
  private boolean json;

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    LoadingLine line = new LoadingLine(console);
    try (RecipeData data = recipe.open(console, line)) {
      line.notes().forEach(console::note);
      ExampleViews views =
          heldOut
              ? data.heldOutExamples()
                  .orElseThrow(() -> new DataException("held-out data: expected some, got none"))
              : data.examples();
      List<ExampleView> shown = Arrays.stream(numbers(views)).mapToObj(views::get).toList();
      if (html.isPresent()) {
        Files.writeString(html.get(), ExamplePage.of(subject(views), shown));
        console.note("wrote " + html.get());
      }
      if (json) {
        console.printText(ExampleJson.of(shown));
      } else if (html.isEmpty()) {
        console.printText(
            shown.stream()
                .map(one ->
                    ExampleText.of(
                        one, tokens, Math.min(console.width(), MOST_COLUMNS), console.style()))
                .collect(Collectors.joining("\n")));
      }
      return ExitCode.OK.number();
    }
  }

  private String subject(ExampleViews views) {
    return "%s%s examples".formatted(heldOut ? "held out: " : "", Amounts.count(views.size()));
  }

  private int[] numbers(ExampleViews views) {
    if (example.isPresent()) {
      return new int[] {example.get()};
    }
    if (origin.isEmpty()) {
      return IntStream.rangeClosed(1, Math.min(count, views.size())).toArray();
    }
    return views.at(origin.get());
  }
}
