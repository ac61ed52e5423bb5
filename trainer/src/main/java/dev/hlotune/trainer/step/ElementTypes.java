package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.pjrt.BufferType;
import dev.hlotune.pjrt.ElementType;
import dev.hlotune.trainer.checkpoint.StorageType;

/** Shapes of the DSL as buffer types of the runtime. */
public final class ElementTypes {
  private ElementTypes() {}

  /** The buffer that a parameter or result of this shape lies in. */
  public static BufferType buffer(Shape shape) {
    return new BufferType(of(shape.dtype()), shape.sizes());
  }

  /** The type that a file calls elements of this type by. */
  public static StorageType stored(DType dtype) {
    return switch (dtype) {
      case F32 -> StorageType.F32;
      case BF16 -> StorageType.BF16;
      case F16 -> StorageType.F16;
      case F64 -> StorageType.F64;
      case I32 -> StorageType.I32;
      case I64 -> StorageType.I64;
      case I8 -> StorageType.I8;
      case U32 -> StorageType.U32;
      case U8 -> StorageType.U8;
      case BOOL -> StorageType.BOOL;
    };
  }

  private static ElementType of(DType dtype) {
    return switch (dtype) {
      case F32 -> ElementType.F32;
      case BF16 -> ElementType.BF16;
      case F16 -> ElementType.F16;
      case F64 -> ElementType.F64;
      case I32 -> ElementType.S32;
      case I64 -> ElementType.S64;
      case I8 -> ElementType.S8;
      case U32 -> ElementType.U32;
      case U8 -> ElementType.U8;
      case BOOL -> ElementType.PRED;
    };
  }
}
