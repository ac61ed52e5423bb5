package dev.hlotune.trainer.cli;

import dev.hlotune.configs.KeyReference;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What commands share that take the keys of {@code hlotune sft} as options. */
final class KeyOptions {
  private KeyOptions() {}

  /** A command as picocli runs it; the keys, which picocli does not know, are left to it. */
  static CommandLine line(Console console, Object command) {
    CommandLine line = new CommandLine(command);
    line.setUnmatchedOptionsArePositionalParams(true);
    line.getHelpSectionMap()
        .put(
            UsageMessageSpec.SECTION_KEY_FOOTER,
            help -> KeyReference.sftHelp(Math.clamp(console.width(), 60, 100)));
    return line;
  }

  /** Shows how a run goes; where programs read standard output, it holds the result alone. */
  static RunObserver observer(Console console, boolean json) {
    ProgressDisplay display = new ProgressDisplay(console);
    return event -> {
      if (!json) {
        display.on(event);
      } else if (event instanceof RunEvent.Noted(String message)) {
        console.note(message);
      }
    };
  }
}
