package dev.hlotune.configs;

import java.util.List;

/** What is split over the devices; each has rules for the axes of arrays. */
public enum ShardingStrategy implements Spelled {
  /** Batches alone. */
  DDP("ddp"),
  /** The optimizer's state too. */
  ZERO1("zero1"),
  /** Summed gradients too. */
  ZERO2("zero2"),
  /** Weights too, which are gathered where they are used. */
  ZERO3("zero3 fsdp"),
  /** Heads, hidden units of MLPs and words. */
  TP("tp"),
  /** {@link #ZERO3} along one axis of the mesh and {@link #TP} along another. */
  FSDP_TP("fsdp+tp fsdp_tp"),
  /** Rows, along their length. */
  SP("sp");

  private final String spellings;

  ShardingStrategy(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }

  /** The axes of the mesh that it splits over; the first takes what a recipe leaves unsaid. */
  public List<MeshAxis> axes() {
    return switch (this) {
      case DDP, ZERO1, ZERO2 -> List.of(MeshAxis.DATA);
      case ZERO3 -> List.of(MeshAxis.FSDP);
      case TP -> List.of(MeshAxis.TENSOR);
      case FSDP_TP -> List.of(MeshAxis.FSDP, MeshAxis.TENSOR);
      case SP -> List.of(MeshAxis.SEQUENCE);
    };
  }
}
