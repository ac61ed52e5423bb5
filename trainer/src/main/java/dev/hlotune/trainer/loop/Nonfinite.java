package dev.hlotune.trainer.loop;

import dev.hlotune.trainer.data.LoadedBatch;
import java.io.IOException;

/**
 * What is done about updates whose loss or gradient is no finite number: their batches are written
 * out, and after a limit the run stops.
 *
 * @param batches writes them
 * @param most how many may be left out before the run stops
 */
record Nonfinite(NonfiniteBatch batches, int most, RunObserver observer) {

  /**
   * Such an update.
   *
   * @param loss the mean over supervised tokens
   * @param leftOut whether it was left out; else it has spoilt the weights
   */
  record Update(
      LoadedBatch loaded, double loss, double gradNorm, double learningRate, boolean leftOut) {}

  /**
   * Writes the batch out and tells of it.
   *
   * @param count how many there were, this one included
   * @return whether the run has to stop
   */
  boolean stops(int count, Update update) {
    boolean stops = count > most;
    observer.on(
        new RunEvent.Noted(
            "step %d: expected a finite loss and gradient, got loss %s and gradient norm %s%s; lower learning_rate, or look at the data, %s"
                .formatted(
                    update.loaded().step(),
                    (float) update.loss(),
                    (float) update.gradNorm(),
                    stops ? "" : ", left out (%d of at most %d)".formatted(count, most),
                    written(update))));
    return stops;
  }

  private String written(Update update) {
    try {
      return "the batch is in '%s'".formatted(batches.write(update));
    } catch (IOException e) {
      return "the batch could not be written (%s)".formatted(e.getMessage());
    }
  }
}
