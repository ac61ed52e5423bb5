package dev.hlotune.trainer.source;

/** How the values of a field are found in the buffers of a batch. */
@FunctionalInterface
interface ArrowLayout {
  /** Takes what belongs to the field, and no more, from the buffers. */
  ArrowVector load(ArrowBuffers buffers);
}
