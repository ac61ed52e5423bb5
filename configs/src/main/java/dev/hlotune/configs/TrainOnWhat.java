package dev.hlotune.configs;

/** Which part of a record carries loss, where its messages do not say it themselves. */
public enum TrainOnWhat implements Spelled {
  /** Every message of the assistant; of a prompt and its completion, the completion. */
  ALL_ASSISTANT_MESSAGES("all_assistant_messages"),
  /** The last message of the assistant. */
  LAST_ASSISTANT_MESSAGE("last_assistant_message"),
  /** Everything. */
  ALL_TOKENS("all_tokens"),
  /** Everything but a prompt beside its completion. */
  ALL_BUT_PROMPTS("all_but_prompts");

  private final String spellings;

  TrainOnWhat(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
