package dev.hlotune.trainer.cli;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.generate.AnswerText;
import dev.hlotune.trainer.generate.Generated;
import dev.hlotune.trainer.generate.GenerationSettings;
import dev.hlotune.trainer.generate.InlineTool;
import dev.hlotune.trainer.generate.PythonTool;
import dev.hlotune.trainer.generate.Sampling;
import dev.hlotune.trainer.generate.StopStrings;
import dev.hlotune.trainer.generate.Watching;
import dev.hlotune.trainer.loop.OpenedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** How answers are made, as options: the names of transformers' GenerationConfig. */
final class GenerationOptions {
  /** Which calculator answers what the model writes. */
  enum Tools {
    /** nanochat's, where the tokenizer has its tokens. */
    AUTO,
    /** nanochat's. */
    PYTHON,
    /** That of GSM8K's annotations. */
    INLINE,
    /** None. */
    NONE
  }

  @Option(
      names = {"--max_new_tokens", "--max-new-tokens"},
      paramLabel = "N",
      defaultValue = "256",
      description = "The most tokens of an answer (${DEFAULT-VALUE}).")
  private int maxNewTokens;

  @Option(
      names = {"--do_sample", "--do-sample"},
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description =
          "Draw tokens by their probability; the likeliest is taken otherwise. Without it, yes where"
              + " 'temperature', 'top_k', 'top_p' or 'min_p' is given, else what the model's"
              + " generation_config.json says.")
  private Optional<Boolean> doSample = Optional.empty();

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "What logits are divided by; 0 takes the likeliest token.")
  private Optional<Double> temperature = Optional.empty();

  @Option(
      names = {"--top_k", "--top-k"},
      paramLabel = "K",
      description = "How many of the likeliest tokens are drawn from; 0 for all.")
  private Optional<Integer> topK = Optional.empty();

  @Option(
      names = {"--top_p", "--top-p"},
      paramLabel = "P",
      description = "The likeliest tokens that together have this probability are drawn from.")
  private Optional<Double> topP = Optional.empty();

  @Option(
      names = {"--min_p", "--min-p"},
      paramLabel = "P",
      description = "Tokens of less than this share of the likeliest are not drawn.")
  private Optional<Double> minP = Optional.empty();

  @Option(
      names = {"--repetition_penalty", "--repetition-penalty"},
      paramLabel = "X",
      description = "Above 1, what was there before becomes less likely.")
  private Optional<Double> repetitionPenalty = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Of the draws (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = {"--stop", "--stop_strings", "--stop-strings"},
      paramLabel = "TEXT",
      description = "Ends an answer and is left out of its text; may be given several times.")
  private List<String> stop = new ArrayList<>();

  @Option(
      names = {"--eos_token_id", "--eos-token-id"},
      split = ",",
      paramLabel = "ID",
      description = "The tokens that end an answer. Without it, those of the model.")
  private List<Integer> ends = new ArrayList<>();

  @Option(
      names = "--tools",
      paramLabel = "WHICH",
      defaultValue = "auto",
      description =
          "The calculator that fills in results: 'python', between nanochat's special tokens;"
              + " 'inline', GSM8K's <<48/2=24>>; 'none'; 'auto' is 'python' where the tokenizer has"
              + " the tokens.")
  private String tools = "";

  /**
   * What becomes of prompts and of answers.
   *
   * @param settings how tokens are chosen
   * @param shown special tokens that are text
   * @param stops what ends an answer and is left out
   */
  record Answering(GenerationSettings settings, List<Integer> shown, Optional<StopStrings> stops) {
    /** An answer that is to come. */
    AnswerText text(Tokenizer tokenizer) {
      return new AnswerText(tokenizer, settings.ends(), shown, stops);
    }

    /** The text of an answer. */
    String text(Tokenizer tokenizer, Generated answer) {
      AnswerText text = text(tokenizer);
      return text.add(answer.tokens()) + text.end();
    }
  }

  /**
   * What the options mean for a model.
   *
   * @throws ConfigException if one of them cannot be
   */
  Answering answering(OpenedModel model) {
    Tokenizer tokenizer = model.tokenizer();
    Optional<PythonTool> python = python(tokenizer);
    List<Watching> watching = new ArrayList<>();
    python.ifPresent(watching::add);
    if (kind() == Tools.INLINE) {
      watching.add(new InlineTool(tokenizer));
    }
    List<Integer> shown = python.map(PythonTool::ids).orElse(List.of());
    Optional<StopStrings> stops =
        stop.isEmpty() ? Optional.empty() : Optional.of(new StopStrings(tokenizer, shown, stop));
    stops.ifPresent(watching::add);
    return new Answering(
        new GenerationSettings(
            maxNewTokens,
            sampling(model.defaults().sampling()),
            ends.isEmpty() ? model.ends() : Set.copyOf(ends),
            watching.isEmpty() ? Watching.NONE : Watching.all(watching)),
        shown,
        stops);
  }

  private Sampling sampling(Sampling model) {
    boolean greedy = temperature.filter(value -> value == 0).isPresent();
    boolean wanted =
        temperature.isPresent() || topK.isPresent() || topP.isPresent() || minP.isPresent();
    return new Sampling(
        !greedy && doSample.orElse(wanted || model.doSample()),
        greedy ? 1 : temperature.orElse(model.temperature()),
        topK.orElse(model.topK()),
        topP.orElse(model.topP()),
        minP.orElse(model.minP()),
        repetitionPenalty.orElse(model.repetitionPenalty()),
        seed);
  }

  private Optional<PythonTool> python(Tokenizer tokenizer) {
    Optional<PythonTool> tool = PythonTool.of(tokenizer);
    if (kind() == Tools.PYTHON && tool.isEmpty()) {
      throw ConfigException.of(
          "'tools': expected a tokenizer with the tokens %s for 'python', got one without"
              .formatted(PythonTool.TOKENS));
    }
    return kind() == Tools.AUTO || kind() == Tools.PYTHON ? tool : Optional.empty();
  }

  private Tools kind() {
    for (Tools known : Tools.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(tools)) {
        return known;
      }
    }
    throw ConfigException.of(
        "'tools': expected 'auto', 'python', 'inline' or 'none', got '" + tools + "'");
  }
}
