package dev.hlotune.trainer.export;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What an exported program does. */
public enum ProgramKind {
  /** An optimizer step: weights and state in, their successors and the metrics out. */
  TRAIN_STEP("train_step"),
  /** How probable the model finds each target. */
  EVAL_STEP("eval_step"),
  /** Prompts whole: the logits after them, and their keys and values. */
  PREFILL("prefill"),
  /** One more position of every row: its logits, and the keys and values with it. */
  DECODE("decode");

  private final String spelled;

  ProgramKind(String spelled) {
    this.spelled = spelled;
  }

  /** As manifests and command lines spell it. */
  public String spelled() {
    return spelled;
  }

  /** The kind of that spelling, if there is one. */
  public static Optional<ProgramKind> named(String name) {
    return Arrays.stream(values()).filter(kind -> kind.spelled.equals(name)).findFirst();
  }

  /** All spellings. */
  public static List<String> names() {
    return Arrays.stream(values()).map(ProgramKind::spelled).toList();
  }
}
