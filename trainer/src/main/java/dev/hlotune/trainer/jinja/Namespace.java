package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Dicts;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.PythonObject;
import dev.hlotune.trainer.jinja.python.Repr;
import dev.hlotune.trainer.source.DataException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code namespace(…)} gives: the one value of a template that can be changed. */
final class Namespace implements PythonObject {
  private final Map<Object, @Nullable Object> attributes;

  private Namespace(Map<Object, @Nullable Object> attributes) {
    this.attributes = attributes;
  }

  static Namespace of(Arguments arguments) {
    Map<Object, @Nullable Object> attributes = Dicts.of(arguments);
    attributes.keySet().forEach(Namespace::checkName);
    return new Namespace(attributes);
  }

  private static void checkName(Object name) {
    if (name instanceof String text && text.startsWith("_")) {
      throw new DataException(
          "namespace: expected a name without a leading underscore, got '" + text + "'");
    }
  }

  void set(String name, @Nullable Object value) {
    checkName(name);
    attributes.put(name, value);
  }

  @Override
  public String typeName() {
    return "TemplateNamespace";
  }

  @Override
  public String repr() {
    return "<Namespace " + Repr.of(attributes) + ">";
  }

  @Override
  public @Nullable Object attribute(String name) {
    Object value = attributes.get(name);
    return value != null || attributes.containsKey(name) ? value : Missing.VALUE;
  }
}
