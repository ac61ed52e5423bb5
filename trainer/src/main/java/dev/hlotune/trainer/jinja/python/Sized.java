package dev.hlotune.trainer.jinja.python;

/** A value that {@code len(x)} takes. */
public interface Sized {
  /** The number of its items. */
  int size();
}
