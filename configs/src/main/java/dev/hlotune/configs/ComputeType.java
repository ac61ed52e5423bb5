package dev.hlotune.configs;

/** The number format of weights in memory and of the computation. */
public enum ComputeType implements Spelled {
  FLOAT32("float32 fp32 f32"),
  BFLOAT16("bfloat16 bf16"),
  FLOAT16("float16 fp16 f16 half");

  /** The formats whose range is that of float32. */
  static final ComputeType[] WIDE = {FLOAT32, BFLOAT16};

  private final String spellings;

  ComputeType(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
