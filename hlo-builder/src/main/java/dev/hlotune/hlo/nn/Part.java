package dev.hlotune.hlo.nn;

/**
 * A part of a model that has weights. What it computes with them is a method of its own; a part
 * holds names and sizes and never a tensor.
 */
public interface Part {
  /** Its weights by name, in the order in which programs take them. */
  ParamMap<ParameterSpec> parameters();

  /** The weights of several parts, one part after the other. */
  static ParamMap<ParameterSpec> all(Part... parts) {
    ParamMap<ParameterSpec> all = ParamMap.empty();
    for (Part part : parts) {
      all = all.plus(part.parameters());
    }
    return all;
  }
}
