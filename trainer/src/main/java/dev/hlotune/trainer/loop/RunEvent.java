package dev.hlotune.trainer.loop;

import java.nio.file.Path;
import java.util.List;

/** Something that a run tells whoever watches it, in the order in which it happens. */
public sealed interface RunEvent {

  /**
   * Work of known extent before the first update or after the last: installing, tokenizing,
   * compiling, answering.
   *
   * @param activity what is being done, such as {@code tokenizing train.jsonl}
   * @param done how much, in any unit
   * @param total of how much; 0 where that is not known
   */
  record Progressed(String activity, long done, long total) implements RunEvent {}

  /**
   * Something the user should know that is no error, such as records left out.
   *
   * @param message one line
   */
  record Noted(String message) implements RunEvent {}

  /**
   * Another process of the run failed or is not heard of any more. Nothing follows; the device may
   * wait for that process for ever, so this one is to be ended.
   *
   * @param why one line
   */
  record Lost(String why) implements RunEvent {}

  /** All is read and counted; nothing is compiled yet. */
  record Planned(RunPlan plan) implements RunEvent {}

  /**
   * All programs of the run are compiled.
   *
   * @param programs how many
   * @param fromCache how many of them came from the cache on disk
   * @param milliseconds wall-clock time of all
   * @param peakBytes device memory of the largest step: arguments, results and what the compiler
   *     reports as temporary, donated state counted once
   */
  record Compiled(int programs, int fromCache, double milliseconds, long peakBytes)
      implements RunEvent {}

  /**
   * One update is done.
   *
   * @param metrics its figures
   * @param totalSteps updates of the whole run
   * @param logged whether it is a logged step: its line is in metrics.jsonl
   */
  record Stepped(StepMetrics metrics, int totalSteps, boolean logged) implements RunEvent {}

  /**
   * The loss on held-out data is measured.
   *
   * @param step after which update
   * @param loss the mean over supervised tokens
   * @param supervisedTokens how many
   */
  record Evaluated(int step, double loss, long supervisedTokens) implements RunEvent {}

  /**
   * Held-out questions are answered.
   *
   * @param step after which update
   */
  record Answered(int step, RunSummary.ExactMatch exactMatch) implements RunEvent {}

  /**
   * What the model answered to held-out questions, as text.
   *
   * @param step after which update
   */
  record Sampled(int step, List<Sample> samples) implements RunEvent {
    public Sampled {
      samples = List.copyOf(samples);
    }
  }

  /**
   * An answer.
   *
   * @param prompt what was asked, with the template's own tokens
   * @param completion what was answered, without the token that ends it
   * @param reference what should have been
   * @param isRight whether all tokens are the same
   */
  record Sample(String prompt, String completion, String reference, boolean isRight) {}

  /** What the run is, as run.json says it; the file is written. */
  record Described(RunManifest manifest) implements RunEvent {}

  /**
   * A model directory is written whole.
   *
   * @param bytes of its weights
   */
  record Saved(Path directory, long bytes) implements RunEvent {}

  /** The run is over, whole or interrupted; nothing follows. */
  record Ended(RunSummary summary) implements RunEvent {}
}
