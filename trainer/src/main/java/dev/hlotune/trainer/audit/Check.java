package dev.hlotune.trainer.audit;

import java.util.Locale;

/**
 * What an audit looks for, with the one place where its limits stand. A finding is a warning from
 * one share of the data on, an error from another, and a note below both.
 */
public enum Check {
  /** Nothing of the record carries loss. */
  NO_SUPERVISED_TOKENS(
      "records",
      Check.ANY,
      0.1,
      "nothing in them is learned, so they are left out",
      "see that answers have the role \"assistant\" and a weight other than 0"),
  /** Truncation took everything that carries loss. */
  EMPTIED_BY_TRUNCATION(
      "records",
      Check.ANY,
      0.1,
      "all that would be learned of them lies beyond max_length, so they are left out",
      "raise max_length, shorten the prompts, or keep the end instead of the start"),
  /** The record cannot be read. An error at any share where on_bad_record is error. */
  BAD_RECORDS(
      "records",
      Check.ANY,
      0.1,
      "they cannot be read",
      "mend them, or leave them out with on_bad_record skip"),
  /** Left out for its length, as asked. */
  TOO_LONG(
      "records",
      0.1,
      Check.NEVER,
      "they are longer than max_length and are left out, as truncation_mode says",
      "raise max_length to keep them"),
  /** Cut to the longest length, with something left to learn. */
  TRUNCATED(
      "examples",
      0.05,
      Check.NEVER,
      "they are cut to max_length, and what lies beyond is not learned",
      "raise max_length"),
  /** The answer does not end with a token to stop by, or that token carries no loss. */
  END_TOKEN_NOT_TRAINED(
      "answers",
      0.01,
      0.99,
      "they do not end with an end token that is learned: the model does not learn to stop",
      "use a template that ends the assistant's turn with a special token of the tokenizer"),
  /** The example begins with two begin tokens. */
  DOUBLED_BOS(
      "examples",
      Check.ANY,
      0.01,
      "they begin with the begin token twice, as no prompt does when the model is used",
      "take it out of the data or out of the template"),
  /** The tokenizer begins a text with a token that the example lacks. */
  MISSING_BOS(
      "examples",
      0.5,
      Check.NEVER,
      "they do not begin with the token that the tokenizer puts before a text",
      "use a template that begins with it, if the model was trained with it"),
  /** The template spells a special token that the tokenizer has only in pieces. */
  MISSING_SPECIAL_TOKENS(
      "special tokens of the template",
      Check.ANY,
      Check.NEVER,
      "the tokenizer has no such tokens and takes them as ordinary text, in pieces",
      "use the template that the tokenizer was made for, or add the tokens"),
  /** The example equals an earlier one. */
  DUPLICATES(
      "examples",
      0.01,
      Check.NEVER,
      "they repeat an earlier example token for token",
      "remove them, unless they are meant to count more"),
  /** The held-out example is trained on. */
  HELD_OUT_LEAK(
      "held-out examples",
      Check.ANY,
      Check.NEVER,
      "they are trained on as well, token for token: the held-out loss looks better than it is",
      "remove them from one of the two"),
  /** The answer is nothing but its end. */
  EMPTY_ANSWERS(
      "answers",
      Check.ANY,
      0.5,
      "they are empty: the model learns to stop before it has said anything",
      "see that the column of the answers is filled"),
  /** Hardly anything of the example carries loss. */
  LOW_SUPERVISION(
      "examples",
      0.1,
      Check.NEVER,
      "less than 1 % of their tokens are learned; the rest costs time alone",
      "see that this is what is to be learned, or shorten the prompts"),
  /** A weight is below 0. */
  NEGATIVE_WEIGHTS(
      "examples",
      Check.ANY,
      Check.NEVER,
      "they have tokens of negative weight, which the model learns to avoid",
      "see that this is meant"),
  /** A weight is above {@link #HUGE}. */
  HUGE_WEIGHTS(
      "examples",
      Check.ANY,
      Check.NEVER,
      "they have tokens of a weight above 100, beside which the others hardly count",
      "see that this is meant"),
  /** The weights add up to nothing, or to less. */
  WEIGHTS_CANCEL(
      "data sets",
      Check.ANY,
      Check.ANY,
      "its weights add up to 0 or less, and the loss is divided by their sum",
      "use weights above 0, or few below"),
  /** The model has no embedding for an id. */
  BEYOND_VOCABULARY(
      "examples",
      Check.ANY,
      Check.ANY,
      "they hold ids that the model has no row for",
      "use the tokenizer that the model was made with"),
  /** The tokenizer does not know an id. */
  UNKNOWN_TOKENS(
      "examples",
      Check.ANY,
      Check.NEVER,
      "they hold ids that the tokenizer does not know",
      "see that the ids were made by this tokenizer");

  /** From the first one on. */
  static final double ANY = 0;

  /** At no share. */
  static final double NEVER = 2;

  /** Of the tokens of an example, fewer than this part are few. */
  static final double FEW = 0.01;

  /** A weight above this is huge. */
  static final float HUGE = 100;

  private final String unit;
  private final double warningFrom;
  private final double errorFrom;
  private final String meaning;
  private final String advice;

  Check(String unit, double warningFrom, double errorFrom, String meaning, String advice) {
    this.unit = unit;
    this.warningFrom = warningFrom;
    this.errorFrom = errorFrom;
    this.meaning = meaning;
    this.advice = advice;
  }

  /** The name that stays the same from version to version, such as {@code doubled_bos}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is counted. */
  public String unit() {
    return unit;
  }

  /** What it means. */
  public String meaning() {
    return meaning;
  }

  /** What to do about it. */
  public String advice() {
    return advice;
  }

  /**
   * How bad it is.
   *
   * @param share of the data that it concerns, above 0
   */
  Level level(double share) {
    return share >= errorFrom ? Level.ERROR : share >= warningFrom ? Level.WARNING : Level.NOTE;
  }

  /** Its line in the table of the documentation. */
  String documented() {
    return "| `%s` | %s | %s | %s | %s; %s |"
        .formatted(code(), unit, from(warningFrom), from(errorFrom), meaning, advice);
  }

  private static String from(double share) {
    return share == ANY ? "any" : share == NEVER ? "never" : "%.0f %%".formatted(100 * share);
  }
}
