package dev.hlotune.hlo;

import java.util.List;

/** The backward half of {@link Op.CustomVjp}: cotangents of the outputs to those of the inputs. */
@FunctionalInterface
public interface VjpRule {
  /**
   * Pulls cotangents back through the outputs.
   *
   * @param cotangents one per output, of its shape
   * @return one per input, of its shape
   */
  List<Tensor> apply(List<Tensor> cotangents);
}
