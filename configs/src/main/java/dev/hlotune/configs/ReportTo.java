package dev.hlotune.configs;

/** Where a run's figures go besides its own files, as transformers names them. */
public enum ReportTo implements Spelled {
  TENSORBOARD("tensorboard"),
  MLFLOW("mlflow"),
  WANDB("wandb");

  private final String spellings;

  ReportTo(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
