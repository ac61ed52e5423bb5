package dev.hlotune.hlo;

/** A graph was put together wrongly: axes, sizes or element types do not fit an operation. */
public final class ShapeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ShapeException(String message) {
    super(message);
  }
}
