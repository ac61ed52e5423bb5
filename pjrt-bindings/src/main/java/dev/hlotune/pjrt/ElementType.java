package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PjrtHeader;

/** The type of a buffer's elements. */
public enum ElementType {
  /** A boolean, one byte each: 0 or 1. */
  PRED(PjrtHeader.PJRT_Buffer_Type_PRED(), 1, "i1"),
  S8(PjrtHeader.PJRT_Buffer_Type_S8(), 1, "i8"),
  S16(PjrtHeader.PJRT_Buffer_Type_S16(), 2, "i16"),
  S32(PjrtHeader.PJRT_Buffer_Type_S32(), 4, "i32"),
  S64(PjrtHeader.PJRT_Buffer_Type_S64(), 8, "i64"),
  U8(PjrtHeader.PJRT_Buffer_Type_U8(), 1, "ui8"),
  U16(PjrtHeader.PJRT_Buffer_Type_U16(), 2, "ui16"),
  U32(PjrtHeader.PJRT_Buffer_Type_U32(), 4, "ui32"),
  U64(PjrtHeader.PJRT_Buffer_Type_U64(), 8, "ui64"),
  /** IEEE half precision. */
  F16(PjrtHeader.PJRT_Buffer_Type_F16(), 2, "f16"),
  F32(PjrtHeader.PJRT_Buffer_Type_F32(), 4, "f32"),
  F64(PjrtHeader.PJRT_Buffer_Type_F64(), 8, "f64"),
  /** The upper half of an F32. */
  BF16(PjrtHeader.PJRT_Buffer_Type_BF16(), 2, "bf16");

  private static final ElementType[] ALL = values();

  private final int pjrtType;
  private final int byteSize;
  private final String stableHlo;

  ElementType(int pjrtType, int byteSize, String stableHlo) {
    this.pjrtType = pjrtType;
    this.byteSize = byteSize;
    this.stableHlo = stableHlo;
  }

  /** Bytes per element, on the host and in a dense device buffer. */
  public int byteSize() {
    return byteSize;
  }

  /** Its name in StableHLO text, such as {@code bf16} or {@code ui32}. */
  public String stableHlo() {
    return stableHlo;
  }

  /**
   * The type that a StableHLO name stands for.
   *
   * @throws IllegalArgumentException if these bindings have no such type
   */
  public static ElementType ofStableHlo(String name) {
    for (ElementType type : ALL) {
      if (type.stableHlo.equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "element type: expected one of those that buffers can have, got '" + name + "'");
  }

  int toNative() {
    return pjrtType;
  }

  static ElementType ofNative(int value, String function) {
    for (ElementType type : ALL) {
      if (type.pjrtType == value) {
        return type;
      }
    }
    throw new PjrtException(
        ErrorCode.UNIMPLEMENTED,
        function,
        "element type: expected one that these bindings know, got PJRT_Buffer_Type " + value);
  }
}
