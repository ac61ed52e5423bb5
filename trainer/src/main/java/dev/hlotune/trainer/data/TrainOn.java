package dev.hlotune.trainer.data;

/** Which part of a record carries loss, where its messages do not say it themselves. */
public enum TrainOn {
  /** Every message of the assistant; of a prompt and its completion, the completion. */
  ALL_ASSISTANT_MESSAGES,
  /** The assistant's last message only. */
  LAST_ASSISTANT_MESSAGE,
  /** Everything, whatever the messages say. */
  ALL_TOKENS,
  /** Everything, but of a prompt and its completion the completion, as TRL does unless told. */
  ALL_BUT_PROMPTS
}
