package dev.hlotune.trainer.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.generate.AnswerText;
import dev.hlotune.trainer.generate.Generated;
import dev.hlotune.trainer.generate.TokenSink;
import dev.hlotune.trainer.loop.OpenedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers to prompts. */
@Command(
    name = "generate",
    description = {
      "Answer prompts with a model: a directory, one of the hub, or an adapter. One answer is"
          + " printed as it is written; several are numbered.",
      "Takes the keys of 'hlotune sft' as options; those of the model, the tokenizer, the template,"
          + " 'per_device_eval_batch_size' and the machine count."
    },
    mixinStandardHelpOptions = true,
    customSynopsis =
        "hlotune generate MODEL (--prompt TEXT | --prompts FILE) [--key value ...] [--verbose]")
final class GenerateCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new JsonMapper();

  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private AskedPrompts asked = new AskedPrompts();

  @Mixin private GenerationOptions options = new GenerationOptions();

  @Option(
      names = {"--num_return_sequences", "--num-return-sequences"},
      paramLabel = "N",
      defaultValue = "1",
      description = "How many answers to each prompt (${DEFAULT-VALUE}).")
  private int answers;

  @Option(
      names = "--json",
      description =
          "Print a line of JSON for each answer: 'prompt', 'text', 'tokens', 'prompt_tokens',"
              + " 'finish_reason'.")
  private boolean json;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write these lines to a file, once all are there.")
  private Optional<Path> output = Optional.empty();

  @Parameters(
      arity = "0..*",
      paramLabel = "MODEL|KEY",
      description = "A model directory, an id of the hub or an adapter, and keys as options.")
  private List<String> arguments = new ArrayList<>();

  private GenerateCommand(Console console) {
    this.console = console;
  }

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console) {
    return KeyOptions.line(console, new GenerateCommand(console));
  }

  @Override
  public Integer call() throws IOException {
    if (answers < 1) {
      throw ConfigException.of(
          "'num_return_sequences': expected a whole number from 1, got " + answers);
    }
    SftConfig config = read(console, ModelArguments.keys(spec.commandLine(), arguments));
    List<AskedPrompt> prompts = new ArrayList<>();
    for (AskedPrompt prompt : asked.read(spec.commandLine())) {
      for (int i = 0; i < answers; i++) {
        prompts.add(prompt);
      }
    }
    LoadingLine line = new LoadingLine(console);
    try (OpenedModel model = OpenedModel.open(config, line)) {
      line.notes().forEach(console::note);
      GenerationOptions.Answering answering = options.answering(model);
      List<int[]> tokens = prompts.stream().map(prompt -> prompt.tokens(model)).toList();
      if (prompts.size() == 1 && !json && output.isEmpty()) {
        stream(model, answering, tokens);
        return ExitCode.OK.number();
      }
      List<Generated> results =
          model.generate(tokens, answering.settings(), Optional.empty(), new AtomicBoolean());
      console.clear();
      print(model.tokenizer(), answering, prompts, tokens, results);
    }
    return ExitCode.OK.number();
  }

  /** A model's keys as a configuration. */
  static SftConfig read(Console console, List<String> keys) {
    SftRecipe recipe = SftRecipe.read(ModelArguments.withoutData(keys));
    recipe.notes().forEach(console::note);
    return recipe.config();
  }

  /** One answer as it is written. */
  private void stream(
      OpenedModel model, GenerationOptions.Answering answering, List<int[]> prompt) {
    AnswerText text = answering.text(model.tokenizer());
    TokenSink sink = (_, added) -> console.printText(text.add(added));
    Generated answer =
        model
            .generate(prompt, answering.settings(), Optional.of(sink), new AtomicBoolean())
            .getFirst();
    console.printText(text.end() + "\n");
    console.note("%s tokens, %s".formatted(answer.tokens().length, answer.reason().spelled()));
  }

  private void print(
      Tokenizer tokenizer,
      GenerationOptions.Answering answering,
      List<AskedPrompt> prompts,
      List<int[]> tokens,
      List<Generated> results)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < results.size(); i++) {
      Generated answer = results.get(i);
      String text = answering.text(tokenizer, answer);
      if (json || output.isPresent()) {
        lines
            .append(
                JSON.writeValueAsString(
                    fields(prompts.get(i).shown(), tokens.get(i).length, text, answer)))
            .append('\n');
      } else {
        lines.append("[%d] ".formatted(i + 1)).append(text).append('\n');
      }
    }
    if (output.isEmpty()) {
      console.printText(lines.toString());
      return;
    }
    Path target = output.get().toAbsolutePath();
    Files.createDirectories(target.resolveSibling(""));
    Path partial = target.resolveSibling("." + target.getFileName() + ".partial");
    try {
      Files.writeString(partial, lines);
      Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
    console.note("wrote %s answers to %s".formatted(results.size(), output.get()));
  }

  private static Map<String, Object> fields(
      Object prompt, int promptTokens, String text, Generated answer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("prompt", prompt);
    fields.put("text", text);
    fields.put("tokens", answer.tokens());
    fields.put("prompt_tokens", promptTokens);
    fields.put("finish_reason", answer.reason().spelled());
    return fields;
  }
}
