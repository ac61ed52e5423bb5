package dev.hlotune.trainer.data;

/** What a record was read as. */
public enum RecordKind {
  /** Turns, rendered by the chat template. */
  CONVERSATION("conversation"),
  /** A prompt and how it goes on; the completion is learned. */
  COMPLETION("completion"),
  /** Plain text, all of it learned. */
  TEXT("text"),
  /** Token ids as they were given. */
  TOKENS("tokens");

  private final String spelled;

  RecordKind(String spelled) {
    this.spelled = spelled;
  }

  /** The name. */
  public String spelled() {
    return spelled;
  }

  /** Whether it has an answer, after which the model is to stop. */
  public boolean hasAnswer() {
    return this == CONVERSATION || this == COMPLETION;
  }

  static RecordKind of(SourceRecord record) {
    return switch (record) {
      case SourceRecord.Conversation _ -> CONVERSATION;
      case SourceRecord.PromptCompletion _ -> COMPLETION;
      case SourceRecord.PlainText _ -> TEXT;
      case SourceRecord.Tokens _ -> TOKENS;
    };
  }
}
