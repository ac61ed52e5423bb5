package dev.hlotune.hlo;

/** Element types, with their StableHLO spelling (StableHLO specification, "Types"). */
public enum DType {
  F32("f32", 4, Kind.FLOAT),
  BF16("bf16", 2, Kind.FLOAT),
  F16("f16", 2, Kind.FLOAT),
  F64("f64", 8, Kind.FLOAT),
  I32("i32", 4, Kind.SIGNED),
  I64("i64", 8, Kind.SIGNED),
  I8("i8", 1, Kind.SIGNED),
  U32("ui32", 4, Kind.UNSIGNED),
  U8("ui8", 1, Kind.UNSIGNED),
  BOOL("i1", 1, Kind.BOOLEAN);

  private enum Kind {
    FLOAT,
    SIGNED,
    UNSIGNED,
    BOOLEAN
  }

  private final String mlir;
  private final int bytes;
  private final Kind kind;

  DType(String mlir, int bytes, Kind kind) {
    this.mlir = mlir;
    this.bytes = bytes;
    this.kind = kind;
  }

  /** The StableHLO spelling, such as {@code f32} or {@code ui32}. */
  public String mlir() {
    return mlir;
  }

  /** Bytes of one element in a buffer. */
  public int bytes() {
    return bytes;
  }

  public boolean isFloat() {
    return kind == Kind.FLOAT;
  }

  /** Whether it is a signed or unsigned integer; a boolean is not. */
  public boolean isInteger() {
    return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
  }

  public boolean isUnsigned() {
    return kind == Kind.UNSIGNED;
  }

  /** Bits of one element; 1 for a boolean. */
  public int bits() {
    return this == BOOL ? 1 : bytes * 8;
  }
}
