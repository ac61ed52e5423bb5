package dev.hlotune.trainer.cli;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.loop.OpenedModel;
import dev.hlotune.trainer.source.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A conversation with a model. */
@Command(
    name = "chat",
    description = {
      "Talk to a model: a directory, one of the hub, or an adapter, by its own chat template. Lines"
          + " are read from standard input, answers printed as they are written.",
      "/reset starts anew, /system TEXT does so with a system prompt, /help lists these; quit, exit"
          + " or q ends it. Takes the keys of 'hlotune sft' as options, as 'generate' does."
    },
    mixinStandardHelpOptions = true,
    customSynopsis = "hlotune chat MODEL [--key value ...] [--verbose]")
final class ChatCommand implements Callable<Integer> {
  private static final List<String> QUIT = List.of("quit", "exit", "q", "/quit", "/exit", "/q");
  private static final String HELP =
      """
      /reset        forget the conversation, but not the system prompt
      /system TEXT  start anew with this system prompt; without a text, with none
      /help         this
      quit, exit, q end
      """;

  private final Console console;
  private final Supplier<BufferedReader> input;

  @Spec private CommandSpec spec;

  @Mixin private GenerationOptions options = new GenerationOptions();

  @Option(names = "--system", paramLabel = "TEXT", description = "A system prompt to begin with.")
  private Optional<String> system = Optional.empty();

  @Parameters(
      arity = "0..*",
      paramLabel = "MODEL|KEY",
      description = "A model directory, an id of the hub or an adapter, and keys as options.")
  private List<String> arguments = new ArrayList<>();

  private ChatCommand(Console console, Supplier<BufferedReader> input) {
    this.console = console;
    this.input = input;
  }

  /**
   * The command as picocli runs it; the keys, which picocli does not know, are left to us.
   *
   * @param input where the user's lines come from
   */
  static CommandLine line(Console console, Supplier<BufferedReader> input) {
    return KeyOptions.line(console, new ChatCommand(console, input));
  }

  /** The lines of this process's standard input. */
  static BufferedReader standardInput() {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }

  @Override
  public Integer call() throws IOException {
    SftConfig config =
        GenerateCommand.read(console, ModelArguments.keys(spec.commandLine(), arguments));
    LoadingLine line = new LoadingLine(console);
    try (OpenedModel model = OpenedModel.open(config, line)) {
      line.notes().forEach(console::note);
      console.clear();
      if (console.isTerminal()) {
        console.note(
            "%s, template '%s'; /help lists commands, quit ends"
                .formatted(config.model().model(), model.template().name()));
      }
      Conversation conversation =
          new Conversation(model, options.answering(model), system.filter(text -> !text.isBlank()));
      BufferedReader lines = input.get();
      while (true) {
        if (console.isTerminal()) {
          console.ask("> ");
        }
        String said = lines.readLine();
        if (said == null || QUIT.contains(said.strip())) {
          return ExitCode.OK.number();
        }
        respond(conversation, said.strip());
      }
    }
  }

  private void respond(Conversation conversation, String said) {
    if (said.isEmpty()) {
      return;
    }
    if (said.equals("/reset") || said.equals("/clear")) {
      conversation.reset();
      console.note("a new conversation");
    } else if (said.equals("/system") || said.startsWith("/system ")) {
      String text = said.substring("/system".length()).strip();
      conversation.reset(Optional.of(text).filter(some -> !some.isEmpty()));
      console.note(
          text.isEmpty()
              ? "a new conversation without a system prompt"
              : "a new conversation with this system prompt");
    } else if (said.equals("/help")) {
      console.note(HELP.stripTrailing());
    } else if (said.startsWith("/")) {
      console.note(
          "'%s': expected /reset, /system TEXT, /help or quit".formatted(said.split(" ", 2)[0]));
    } else {
      try {
        conversation.say(said, console::printText);
      } catch (ConfigException | DataException e) {
        // Too long, or not what the template takes: what was said is taken back.
        console.note(e.getMessage() + "; /reset starts anew");
      }
    }
  }
}
