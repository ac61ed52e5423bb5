package dev.hlotune.trainer.cli;

import dev.hlotune.configs.KeyReference;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Every key of a recipe. */
@Command(
    name = "keys",
    description = "List every key of a recipe with its default and its other spellings.",
    mixinStandardHelpOptions = true)
final class KeysCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--markdown", description = "Print docs/configuration.md.")
  private boolean markdown;

  KeysCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.printText(
        markdown ? KeyReference.page() : KeyReference.sftHelp(console.width()).stripLeading());
    return ExitCode.OK.number();
  }
}
