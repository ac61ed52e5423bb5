package dev.hlotune.configs;

/** The update rule. */
public enum OptimizerKind implements Spelled {
  /** Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2). */
  ADAMW("adamw adamw_torch adamw_torch_fused adamw_hf"),
  /** The same with moments of eight bits (Dettmers et al. 2022). */
  ADAMW_8BIT("adamw_8bit adamw_bnb_8bit"),
  /** Second moments by rows and columns (Shazeer and Stern 2018). */
  ADAFACTOR("adafactor"),
  /** The sign of a mean gradient (Chen et al. 2023). */
  LION("lion lion_32bit"),
  /** Stochastic gradient descent, with momentum where asked for. */
  SGD("sgd"),
  /** Orthogonal steps for matrices (Jordan et al. 2024), AdamW for the rest, as nanochat. */
  MUON("muon");

  private final String spellings;

  OptimizerKind(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
