package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.PythonObject;

/** The variable {@code self}, which knows the blocks of a template; here there are none. */
record TemplateReference() implements PythonObject {
  /** Its name. */
  static final String NAME = "self";

  @Override
  public String typeName() {
    return "TemplateReference";
  }

  @Override
  public String repr() {
    return "<TemplateReference None>";
  }
}
