package dev.hlotune.configs;

/** What a record of a data set is. */
public enum DatasetFormat implements Spelled {
  /** {@code input_ids} with {@code labels} or {@code weights}. */
  TOKENS("tokens pretokenized"),
  /** {@code messages}. */
  MESSAGES("messages chat"),
  /** {@code conversations} with {@code from} and {@code value}. */
  CONVERSATIONS("conversations sharegpt"),
  /** {@code prompt} and {@code completion}. */
  PROMPT_COMPLETION("prompt_completion"),
  /** {@code chosen}. */
  PREFERENCE("preference hh_rlhf"),
  /** {@code instruction} and {@code output} or {@code response}. */
  INSTRUCTION("instruction alpaca dolly"),
  /** {@code question} and {@code choices}. */
  MULTIPLE_CHOICE("multiple_choice arc mmlu"),
  /** {@code question} and {@code answer} with a calculator's calls. */
  GSM8K("gsm8k"),
  /** {@code question} and {@code answer}. */
  QUESTION_ANSWER("question_answer"),
  /** Trees of messages. */
  OASST("oasst oasst1"),
  /** {@code text}. */
  TEXT("text");

  private final String spellings;

  DatasetFormat(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
