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
  COSINE_WITH_MIN_LR("cosine_with_min_lr"),
  /** As {@link #COSINE_WITH_MIN_LR}, the warm-up beginning above 0. */
  COSINE_WARMUP_WITH_MIN_LR("cosine_warmup_with_min_lr"),
  /** Half cosine waves to 0, one after the other. */
  COSINE_WITH_RESTARTS("cosine_with_restarts"),
  /** A power of what is left of the run. */
  POLYNOMIAL("polynomial"),
  /** Down with the root of the step, without an end. */
  INVERSE_SQRT("inverse_sqrt"),
  /** The highest rate for most of the run, then down. */
  WARMUP_STABLE_DECAY("warmup_stable_decay wsd");

  private final String spellings;

  SchedulerKind(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }

  /** Whether {@code min_lr} and {@code min_lr_rate} say something of it. */
  boolean hasFinalRate() {
    return switch (this) {
      case LINEAR,
          COSINE,
          COSINE_WITH_MIN_LR,
          COSINE_WARMUP_WITH_MIN_LR,
          POLYNOMIAL,
          WARMUP_STABLE_DECAY ->
          true;
      case CONSTANT, CONSTANT_WITH_WARMUP, COSINE_WITH_RESTARTS, INVERSE_SQRT -> false;
    };
  }
}
