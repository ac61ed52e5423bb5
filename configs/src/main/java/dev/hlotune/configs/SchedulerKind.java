package dev.hlotune.configs;

/** The course of the learning rate after the warm-up, named as in transformers. */
public enum SchedulerKind implements Spelled {
  /** The same rate throughout, without a warm-up. */
  CONSTANT("constant none"),
  /** The same rate after the warm-up. */
  CONSTANT_WITH_WARMUP("constant_with_warmup"),
  /** Straight down to the final value. */
  LINEAR("linear"),
  /** Half a cosine wave down to the final value. */
  COSINE("cosine"),
  /** As {@link #COSINE}, and a final value has to be given. */
  COSINE_WITH_MIN_LR("cosine_with_min_lr");

  private final String spellings;

  SchedulerKind(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
