package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows on a terminal how far the data is, in a line that goes again: nothing gets among the
 * results. Notes are kept for the command to say.
 */
final class LoadingLine implements RunObserver {
  private static final int MOST_BAR = 30;

  private final Console console;
  private final List<String> notes = new ArrayList<>();

  LoadingLine(Console console) {
    this.console = console;
  }

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.Progressed(String activity, long done, long total) ->
          console.draw(
              total > 0 && done < total
                  ? activity + " " + Bar.of(done, total, MOST_BAR)
                  : activity + " ...");
      case RunEvent.Noted(String message) -> notes.add(message);
      default -> {}
    }
  }

  /** What was noted. */
  List<String> notes() {
    return List.copyOf(notes);
  }
}
