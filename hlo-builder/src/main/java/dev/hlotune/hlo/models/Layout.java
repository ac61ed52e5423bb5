package dev.hlotune.hlo.models;

import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.Layering;

/**
 * What a run chooses about a model that its configuration does not say.
 *
 * @param layering whether layers are printed one by one or looped over
 * @param remat what a layer's backward pass computes again
 */
public record Layout(Layering layering, Remat remat) {
  /** Layers of that number under that name. */
  LayerStack stack(String prefix, int layers) {
    return new LayerStack(prefix, layers, layering, remat);
  }
}
