package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.nn.LayerStack;
import java.util.List;

/** What a weight is to an optimizer that does not treat all alike. */
public enum WeightRole {
  /** A linear layer within a block, or several in one tensor. */
  MATRIX,
  /** Rows for tokens or positions; a tied head among them. */
  EMBEDDING,
  /** The head, where it has weights of its own. */
  HEAD,
  /** A bias, or the scale of a norm. */
  VECTOR;

  private static final List<String> HEADS = List.of("lm_head.weight", "embed_out.weight");

  /** By the axes of its shape; head and embedding, which are equal in them, by the name. */
  public static WeightRole of(String name, Shape shape) {
    if (shape.without(List.of(LayerStack.AXIS)).rank() < 2) {
      return VECTOR;
    }
    if (!shape.has("vocab") && !shape.has("position")) {
      return MATRIX;
    }
    return HEADS.stream().anyMatch(name::endsWith) ? HEAD : EMBEDDING;
  }
}
