package dev.hlotune.trainer.generate;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;

/** One prompt and its answer as far as it is written. */
final class GeneratedRow {
  private final int number;
  private final int most;
  private final Set<Integer> ends;
  private final RowWatch watch;
  private final Deque<Integer> forced = new ArrayDeque<>();
  private final int prompt;
  private int[] tokens;
  private int length;
  private Optional<FinishReason> reason = Optional.empty();

  /**
   * A prompt without an answer.
   *
   * @param number among all prompts
   * @param most tokens of the answer, at least 1
   */
  GeneratedRow(int number, int[] prompt, int most, GenerationSettings settings) {
    this.number = number;
    this.prompt = prompt.length;
    this.most = most;
    this.ends = settings.ends();
    this.watch = settings.watching().watch();
    this.tokens = Arrays.copyOf(prompt, prompt.length + Math.min(most, DecodeProgram.CHUNK));
    this.length = prompt.length;
  }

  /** Takes the next token; it says whether the row was still open. */
  boolean accept(int token) {
    if (!isOpen()) {
      return false;
    }
    boolean wanted = !forced.isEmpty();
    if (wanted && forced.removeFirst() != token) {
      throw new IllegalStateException("generation: expected the forced token, got " + token);
    }
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = token;
    RowWatch.Verdict verdict = watch.after(token);
    if (ends.contains(token)) {
      reason = Optional.of(FinishReason.END_TOKEN);
    } else if (verdict instanceof RowWatch.Verdict.Stop) {
      reason = Optional.of(FinishReason.STOP);
    } else if (added() == most) {
      reason = Optional.of(FinishReason.LENGTH);
    } else if (verdict instanceof RowWatch.Verdict.Force(int[] next)) {
      Arrays.stream(next).forEach(forced::addLast);
    }
    return true;
  }

  /** Ends it where it is. */
  void interrupt() {
    if (isOpen()) {
      reason = Optional.of(FinishReason.INTERRUPTED);
    }
  }

  boolean isOpen() {
    return reason.isEmpty();
  }

  int number() {
    return number;
  }

  /** Tokens of prompt and answer so far. */
  int length() {
    return length;
  }

  /** Tokens of the answer so far. */
  int added() {
    return length - prompt;
  }

  /** How many more tokens the answer may have. */
  int left() {
    return most - added();
  }

  /** Prompt and answer so far. */
  int[] all() {
    return Arrays.copyOf(tokens, length);
  }

  /** The answer from a token on. */
  int[] answerFrom(int from) {
    return Arrays.copyOfRange(tokens, prompt + from, length);
  }

  /** The tokens that are to come, whatever the model says. */
  Iterable<Integer> forced() {
    return forced;
  }

  Generated result() {
    return new Generated(answerFrom(0), reason.orElseThrow());
  }
}
