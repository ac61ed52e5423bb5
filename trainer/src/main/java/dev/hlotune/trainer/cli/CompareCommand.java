package dev.hlotune.trainer.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.generate.Generated;
import dev.hlotune.trainer.loop.OpenedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers of two models, side by side. */
@Command(
    name = "compare",
    description = {
      "Answer the same prompts with two models and print the answers side by side: what a model was"
          + " and what became of it. Each has its own tokenizer and template.",
      "Takes the keys of 'hlotune sft' as options, for both models, as 'generate' does."
    },
    mixinStandardHelpOptions = true,
    customSynopsis =
        "hlotune compare A B (--prompt TEXT | --prompts FILE) [--key value ...] [--verbose]")
final class CompareCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new JsonMapper();

  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private AskedPrompts asked = new AskedPrompts();

  @Mixin private GenerationOptions options = new GenerationOptions();

  @Option(
      names = "--json",
      description =
          "Print a line of JSON for each prompt: 'prompt', and under 'a' and 'b' what 'generate'"
              + " prints of an answer.")
  private boolean json;

  @Parameters(
      arity = "0..*",
      paramLabel = "MODEL|KEY",
      description = "Two models, as 'generate' takes them, and keys as options.")
  private List<String> arguments = new ArrayList<>();

  private CompareCommand(Console console) {
    this.console = console;
  }

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console) {
    return KeyOptions.line(console, new CompareCommand(console));
  }

  /**
   * An answer.
   *
   * @param text of it
   * @param generated its tokens
   */
  private record Answer(String text, Generated generated) {
    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("text", text);
      fields.put("tokens", generated.tokens());
      fields.put("finish_reason", generated.reason().spelled());
      return fields;
    }
  }

  @Override
  public Integer call() throws IOException {
    long named = arguments.stream().takeWhile(argument -> !argument.startsWith("-")).count();
    if (named != 2) {
      throw new ParameterException(
          spec.commandLine(), "A B: expected two models first, got " + named);
    }
    List<String> keys = arguments.subList(2, arguments.size());
    List<AskedPrompt> prompts = asked.read(spec.commandLine());
    // Both are read before either takes time.
    List<SftConfig> configs = new ArrayList<>();
    for (String model : arguments.subList(0, 2)) {
      configs.add(GenerateCommand.read(console, ModelArguments.keys(model, keys)));
    }
    List<Answer> left = answers(configs.get(0), prompts);
    List<Answer> right = answers(configs.get(1), prompts);
    for (int i = 0; i < prompts.size(); i++) {
      console.printText(
          json
              ? line(prompts.get(i), left.get(i), right.get(i))
              : block(i, prompts.get(i), left.get(i), right.get(i)));
    }
    return ExitCode.OK.number();
  }

  private List<Answer> answers(SftConfig config, List<AskedPrompt> prompts) throws IOException {
    LoadingLine line = new LoadingLine(console);
    try (OpenedModel model = OpenedModel.open(config, line)) {
      line.notes().forEach(console::note);
      GenerationOptions.Answering answering = options.answering(model);
      List<Generated> results =
          model.generate(
              prompts.stream().map(prompt -> prompt.tokens(model)).toList(),
              answering.settings(),
              Optional.empty(),
              new AtomicBoolean());
      console.clear();
      return results.stream()
          .map(result -> new Answer(answering.text(model.tokenizer(), result), result))
          .toList();
    }
  }

  private static String line(AskedPrompt prompt, Answer left, Answer right) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("prompt", prompt.shown());
    fields.put("a", left.fields());
    fields.put("b", right.fields());
    return JSON.writeValueAsString(fields) + "\n";
  }

  private String block(int number, AskedPrompt prompt, Answer left, Answer right) {
    String same = left.text().equals(right.text()) ? " (the same)" : "";
    return "[%d] %s%s%n".formatted(number + 1, prompt.line(), same)
        + SideBySide.of(
            List.of(arguments.get(0), arguments.get(1)),
            List.of(left.text(), right.text()),
            Math.max(40, console.width()))
        + "\n";
  }
}
