package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Builtin;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.Parameters;
import dev.hlotune.trainer.jinja.python.PythonObject;
import dev.hlotune.trainer.jinja.python.Tuple;
import dev.hlotune.trainer.source.DataException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What {@code cycler(…)} gives: its values by turns. */
final class Cycler implements PythonObject {
  private final Tuple items;
  private int position;

  private Cycler(Tuple items) {
    this.items = items;
  }

  static Cycler of(Arguments arguments) {
    if (arguments.positional().length == 0 || !arguments.keywords().isEmpty()) {
      throw new DataException("cycler: expected at least one value, and no names");
    }
    return new Cycler(Tuple.of(arguments.positional()));
  }

  @Override
  public String typeName() {
    return "Cycler";
  }

  @Override
  public String repr() {
    return "<jinja2.utils.Cycler object>";
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "items" -> items;
      case "pos" -> (long) position;
      case "current" -> items.items().get(position);
      case "next" -> method(name, this::next);
      case "reset" ->
          method(
              name,
              () -> {
                position = 0;
                return null;
              });
      default -> Missing.VALUE;
    };
  }

  private @Nullable Object next() {
    Object current = items.items().get(position);
    position = (position + 1) % items.size();
    return current;
  }

  private static Builtin method(String name, Supplier<@Nullable Object> body) {
    return new Builtin(
        "bound method Cycler." + name,
        arguments -> {
          Parameters.unnamed().bind(name, arguments);
          return body.get();
        });
  }
}
