package dev.hlotune.trainer.cli;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.score.Scoring;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Log-probabilities of the tokens of records. */
@Command(
    name = "score",
    description = {
      "Print how probable a model finds each token of each record: a line of JSON for every"
          + " record, in the order of the files, with 'tokens', 'logprobs' (of each token given"
          + " those before it; the first is null) and 'weights' (how much each would count in"
          + " training).",
      "Takes the keys of 'hlotune sft' as options; those of the model, the data, batches and the"
          + " machine count. Whether records share a row is decided by what costs less."
    },
    mixinStandardHelpOptions = true,
    customSynopsis =
        "hlotune score MODEL --data FILE [--output FILE] [--key value ...] [--verbose]")
final class ScoreCommand implements Callable<Integer> {
  private static final int BUFFER = 1 << 16;

  /** What scores: the seam at which a test puts itself. */
  @FunctionalInterface
  interface Scorer {
    Scoring.Summary run(SftConfig config, RunObserver observer, Scoring.Sink sink)
        throws IOException;
  }

  private final Console console;
  private final Scorer scorer;

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "The records: anything that 'dataset_name' of 'hlotune sft' takes.")
  private String data = "";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where the lines go, once all are there; without it, to standard output.")
  private Optional<Path> output = Optional.empty();

  @Parameters(
      arity = "0..*",
      paramLabel = "MODEL|KEY",
      description = "A model directory, an id of the hub or an adapter, and keys as options.")
  private List<String> arguments = new ArrayList<>();

  private ScoreCommand(Console console, Scorer scorer) {
    this.console = console;
    this.scorer = scorer;
  }

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console, Scorer scorer) {
    return KeyOptions.line(console, new ScoreCommand(console, scorer));
  }

  @Override
  public Integer call() throws Exception {
    SftRecipe recipe = SftRecipe.read(keys());
    recipe.notes().forEach(console::note);
    LoadingLine line = new LoadingLine(console);
    Scoring.Summary summary;
    if (output.isPresent()) {
      Path target = output.get().toAbsolutePath();
      Files.createDirectories(target.resolveSibling(""));
      Path partial = target.resolveSibling("." + target.getFileName() + ".partial");
      try {
        try (OutputStream out = Files.newOutputStream(partial)) {
          summary = score(recipe.config(), line, out);
        }
        Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    } else {
      summary = score(recipe.config(), line, console.out());
    }
    console.clear();
    line.notes().forEach(console::note);
    console.note(text(summary));
    return ExitCode.OK.number();
  }

  /** The arguments as 'hlotune sft' would have them. */
  private List<String> keys() throws IOException {
    List<String> keys = new ArrayList<>(ModelArguments.keys(spec.commandLine(), arguments));
    keys.addAll(List.of("--dataset_name", data));
    return keys;
  }

  private Scoring.Summary score(SftConfig config, RunObserver observer, OutputStream out)
      throws IOException {
    BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
    Scoring.Summary summary = scorer.run(config, observer, score -> score.writeTo(buffered));
    console.clear();
    buffered.flush();
    return summary;
  }

  private static String text(Scoring.Summary summary) {
    return String.format(
        Locale.ROOT,
        "scored %s records, %s tokens in %.1f s (%s rows, padding %.1f %%); %s of weights loaded in %.1f s",
        Amounts.count(summary.records()),
        Amounts.count(summary.tokens()),
        summary.seconds(),
        summary.packed() ? "packed" : "unpacked",
        100 * (1 - (double) summary.tokens() / Math.max(1, summary.positions())),
        Amounts.bytes(summary.weightBytes()),
        summary.loadSeconds());
  }
}
