package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Callable;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.Repr;
import dev.hlotune.trainer.jinja.python.Tuple;
import dev.hlotune.trainer.jinja.python.Undefined;
import dev.hlotune.trainer.source.DataException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro, or the block of a call, with the scope in which it was defined. */
final class Macro implements Callable {
  private final MacroDefinition definition;
  private final Scope scope;

  Macro(MacroDefinition definition, Scope scope) {
    this.definition = definition;
    this.scope = scope;
  }

  @Override
  public String typeName() {
    return "Macro";
  }

  @Override
  public String repr() {
    return "<Macro " + (definition.name() == null ? "anonymous" : Repr.of(definition.name())) + ">";
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "name" -> definition.name();
      case "arguments" -> Tuple.of(definition.parameters().toArray());
      case "catch_kwargs" -> definition.kwargs() >= 0;
      case "catch_varargs" -> definition.varargs() >= 0;
      case "caller" -> definition.usesCaller();
      case "explicit_caller" -> definition.parameters().contains("caller");
      default -> Missing.VALUE;
    };
  }

  @Override
  public String call(Arguments arguments) {
    Scope inner = new Scope(definition.function(), scope, scope.run);
    bind(inner, arguments);
    return definition.run(inner);
  }

  private void bind(Scope inner, Arguments arguments) {
    @Nullable Object[] given = arguments.positional();
    Map<String, @Nullable Object> keywords = new LinkedHashMap<>(arguments.keywords());
    int size = definition.parameters().size();
    for (int i = 0; i < size; i++) {
      String name = definition.parameters().get(i);
      Object value = Missing.VALUE;
      if (i < given.length) {
        value = given[i];
      } else if (keywords.containsKey(name)) {
        value = keywords.remove(name);
      }
      inner.slots[definition.slots()[i]] = value;
    }
    if (definition.caller() >= 0) {
      Object caller = keywords.remove("caller");
      inner.slots[definition.caller()] =
          caller == null ? Undefined.because("no caller is defined") : caller;
    }
    if (definition.kwargs() >= 0) {
      inner.slots[definition.kwargs()] = keywords;
    } else if (!keywords.isEmpty()) {
      throw new DataException(
          this + ": unknown argument \"" + keywords.keySet().iterator().next() + "\"");
    }
    if (definition.varargs() >= 0) {
      inner.slots[definition.varargs()] =
          Tuple.of(Arrays.copyOfRange(given, Math.min(size, given.length), given.length));
    } else if (given.length > size) {
      throw new DataException(
          this + ": expected at most " + size + " arguments, got " + given.length);
    }
  }

  @Override
  public String toString() {
    return "macro " + definition.name();
  }
}
