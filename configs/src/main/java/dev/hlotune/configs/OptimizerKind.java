package dev.hlotune.configs;

/** The update rule. */
public enum OptimizerKind implements Spelled {
  /** Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2). */
  ADAMW("adamw adamw_torch adamw_torch_fused adamw_hf"),
  /** Stochastic gradient descent, with momentum where asked for. */
  SGD("sgd");

  private final String spellings;

  OptimizerKind(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
