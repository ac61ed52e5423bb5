package dev.hlotune.trainer.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/**
 * The element types of a safetensors file, in the order in which the reference implementation sorts
 * them when it lays a file out (widest alignment last, so that the reverse order keeps every tensor
 * aligned to its element).
 *
 * <p>Source: the {@code Dtype} enumeration of huggingface/safetensors 0.5. Elements smaller than a
 * byte are not among them.
 */
public enum StorageType {
  /** One byte per truth value. */
  BOOL(1),
  /** Unsigned 8-bit integer. */
  U8(1),
  /** Signed 8-bit integer. */
  I8(1),
  /** 8-bit float, 5 exponent bits. */
  F8_E5M2(1),
  /** 8-bit float, 4 exponent bits. */
  F8_E4M3(1),
  /** Signed 16-bit integer. */
  I16(2),
  /** Unsigned 16-bit integer. */
  U16(2),
  /** IEEE 754 half precision. */
  F16(2),
  /** The upper half of an IEEE 754 single. */
  BF16(2),
  /** Signed 32-bit integer. */
  I32(4),
  /** Unsigned 32-bit integer. */
  U32(4),
  /** IEEE 754 single precision. */
  F32(4),
  /** IEEE 754 double precision. */
  F64(8),
  /** Signed 64-bit integer. */
  I64(8),
  /** Unsigned 64-bit integer. */
  U64(8);

  private final int byteSize;

  StorageType(int byteSize) {
    this.byteSize = byteSize;
  }

  /** The bytes that one element takes. */
  public int byteSize() {
    return byteSize;
  }

  /**
   * The type of this name in a safetensors header, or empty where there is none.
   *
   * @param name such as {@code "BF16"}
   */
  public static Optional<StorageType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
