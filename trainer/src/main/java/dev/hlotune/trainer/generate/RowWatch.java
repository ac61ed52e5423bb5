package dev.hlotune.trainer.generate;

/** Watches one answer as it is written, on the host, token by token. */
@FunctionalInterface
public interface RowWatch {
  /** Sees every token, also those that were forced, and says what follows. */
  Verdict after(int token);

  /** What follows a token. */
  sealed interface Verdict {
    /** Whatever the model says. */
    record GoOn() implements Verdict {}

    /** Nothing: the answer is complete. */
    record Stop() implements Verdict {}

    /**
     * These tokens, whatever the model says; only after a token that {@link Watching#pauses}.
     *
     * @param tokens at least one
     */
    @SuppressWarnings("ArrayRecordComponent") // Made once and read once.
    record Force(int[] tokens) implements Verdict {}
  }

  /** The verdict of almost every token. */
  Verdict GO_ON = new Verdict.GoOn();

  /** The verdict that ends an answer. */
  Verdict STOP = new Verdict.Stop();
}
