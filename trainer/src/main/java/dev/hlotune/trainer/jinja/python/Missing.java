package dev.hlotune.trainer.jinja.python;

/** Stands where there is no value, not even None. It never reaches a template. */
public enum Missing {
  /** No value. */
  VALUE
}
