package dev.hlotune.trainer.generate;

/** Why an answer ended. */
public enum FinishReason {
  /** With a token that ends answers. */
  END_TOKEN("eos"),
  /** A watch ended it, such as one for stop strings. */
  STOP("stop"),
  /** It had as many tokens as were allowed, or the row as many as the model has positions. */
  LENGTH("length"),
  /** It was asked to stop. */
  INTERRUPTED("interrupted");

  private final String spelled;

  FinishReason(String spelled) {
    this.spelled = spelled;
  }

  /** As it stands in output. */
  public String spelled() {
    return spelled;
  }
}
