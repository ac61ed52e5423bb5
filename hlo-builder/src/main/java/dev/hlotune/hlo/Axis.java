package dev.hlotune.hlo;

/**
 * A named dimension: two tensors agree on an axis when both its name and its size agree.
 *
 * @param name what the dimension means, such as {@code "embed"}; unique within a {@link Shape}
 * @param size number of positions, at least 1
 */
public record Axis(String name, int size) {
  public Axis {
    if (name.isBlank()) {
      throw new ShapeException("axis name: expected a word, got \"" + name + "\"");
    }
    if (size < 1) {
      throw new ShapeException("axis \"" + name + "\": expected a size of at least 1, got " + size);
    }
  }

  /** The same positions under another name. */
  public Axis named(String newName) {
    return new Axis(newName, size);
  }

  /** An axis of the same name with another number of positions. */
  public Axis sized(int newSize) {
    return new Axis(name, newSize);
  }

  @Override
  public String toString() {
    return name + "=" + size;
  }
}
