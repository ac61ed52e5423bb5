package dev.hlotune.configs;

/** An axis of the mesh, the outermost first: neighbours differ in the last. */
public enum MeshAxis implements Spelled {
  /** Batches are split over it. */
  DATA("data"),
  /** Batches are split over it, and weights where the strategy does so. */
  FSDP("fsdp"),
  /** Rows are split over it, along their length. */
  SEQUENCE("sequence"),
  /** Heads, hidden units of MLPs and words are split over it. */
  TENSOR("tensor");

  private final String spellings;

  MeshAxis(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
