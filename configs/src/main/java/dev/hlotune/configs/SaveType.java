package dev.hlotune.configs;

/** The number format of the weights that a run leaves. */
public enum SaveType implements Spelled {
  /** Each tensor as the base model's files have it; float32 where there are none. */
  AUTO("auto"),
  FLOAT32("float32 fp32 f32"),
  BFLOAT16("bfloat16 bf16"),
  FLOAT16("float16 fp16 f16 half");

  private final String spellings;

  SaveType(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
