package dev.hlotune.trainer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The prompts of a command, as options. */
final class AskedPrompts {
  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "A prompt; may be given several times.")
  private List<String> prompts = new ArrayList<>();

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description =
          "A file of prompts: of .jsonl, 'prompt' or 'messages' in each line; of another, each line"
              + " is one.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = {"--messages", "--chat"},
      description =
          "A text is the user's turn, and goes through the model's chat template; otherwise the"
              + " model goes on with it.")
  private boolean messages;

  /**
   * All of them.
   *
   * @param line the command, for errors
   */
  List<AskedPrompt> read(CommandLine line) throws IOException {
    List<AskedPrompt> all = new ArrayList<>();
    prompts.forEach(prompt -> all.add(AskedPrompt.of(prompt, messages)));
    if (file.isPresent()) {
      all.addAll(AskedPrompt.read(file.get(), messages));
    }
    if (all.isEmpty()) {
      throw new ParameterException(line, "--prompt: expected it or --prompts, got neither");
    }
    return all;
  }
}
