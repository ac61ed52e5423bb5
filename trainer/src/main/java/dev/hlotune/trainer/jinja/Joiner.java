package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Callable;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.Parameters;
import org.jspecify.annotations.Nullable;

/** What {@code joiner(…)} gives: nothing the first time it is called, then its separator. */
final class Joiner implements Callable {
  private final @Nullable Object separator;
  private boolean used;

  private Joiner(@Nullable Object separator) {
    this.separator = separator;
  }

  static Joiner of(Arguments arguments) {
    return new Joiner(Parameters.of().with("sep", ", ").bind("joiner", arguments)[0]);
  }

  @Override
  public String typeName() {
    return "Joiner";
  }

  @Override
  public String repr() {
    return "<jinja2.utils.Joiner object>";
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "sep" -> separator;
      case "used" -> used;
      default -> Missing.VALUE;
    };
  }

  @Override
  public @Nullable Object call(Arguments arguments) {
    Parameters.unnamed().bind("joiner", arguments);
    boolean first = !used;
    used = true;
    return first ? "" : separator;
  }
}
