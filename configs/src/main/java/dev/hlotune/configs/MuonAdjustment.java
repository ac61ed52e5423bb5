package dev.hlotune.configs;

/** What the shape of a matrix makes of Muon's rate, named as in {@code torch.optim.Muon}. */
public enum MuonAdjustment implements Spelled {
  /** √max(1, rows / columns), as nanochat. */
  ORIGINAL("original"),
  /** 0.2 √max(rows, columns): AdamW's rates fit. */
  MATCH_RMS_ADAMW("match_rms_adamw"),
  /** √(rows / columns). */
  SPECTRAL_UNCLAMPED("spectral_unclamped");

  private final String spellings;

  MuonAdjustment(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
