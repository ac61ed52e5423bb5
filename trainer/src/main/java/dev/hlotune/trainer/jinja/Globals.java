package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Builtin;
import dev.hlotune.trainer.jinja.python.Callable;
import dev.hlotune.trainer.jinja.python.DictMethods;
import dev.hlotune.trainer.jinja.python.Dicts;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.Parameters;
import dev.hlotune.trainer.jinja.python.Range;
import dev.hlotune.trainer.jinja.python.Repr;
import dev.hlotune.trainer.jinja.python.Strftime;
import dev.hlotune.trainer.jinja.python.Text;
import dev.hlotune.trainer.source.DataException;
import java.time.ZonedDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that every template can use. */
final class Globals {
  /** Reads the clock. */
  static final String CLOCK = "strftime_now";

  private static final Map<String, Callable> ALL =
      Map.of(
          "range", new Builtin("function safe_range", Range::of),
          "namespace", new Builtin("class 'Namespace'", Namespace::of),
          "dict", new DictFunction(),
          "cycler", new Builtin("class 'jinja2.utils.Cycler'", Cycler::of),
          "joiner", new Builtin("class 'jinja2.utils.Joiner'", Joiner::of),
          "raise_exception", new Builtin("function raise_exception", Globals::raise),
          "lipsum", new Builtin("function generate_lorem_ipsum", Globals::leftOut));

  private Globals() {}

  static Object find(String name, ZonedDateTime now) {
    if (name.equals(CLOCK)) {
      return new Builtin("function " + CLOCK, arguments -> clock(now, arguments));
    }
    Callable global = ALL.get(name);
    return global == null ? Missing.VALUE : global;
  }

  static boolean isGlobal(String name) {
    return name.equals(CLOCK) || ALL.containsKey(name);
  }

  private static String clock(ZonedDateTime now, Arguments arguments) {
    Object format = Parameters.of("format").bind(CLOCK, arguments)[0];
    return Strftime.format(now, Text.require(CLOCK, format));
  }

  private static @Nullable Object raise(Arguments arguments) {
    throw new DataException(
        Repr.str(Parameters.of("message").bind("raise_exception", arguments)[0]));
  }

  private static @Nullable Object leftOut(Arguments arguments) {
    throw new DataException(
        "lipsum: is not covered, with " + arguments.positional().length + " arguments");
  }

  /** The global {@code dict}. */
  private record DictFunction() implements Callable {
    @Override
    public String typeName() {
      return "TemplateDict";
    }

    @Override
    public String repr() {
      return "<TemplateDict object>";
    }

    @Override
    public Object attribute(String name) {
      return name.equals("fromkeys")
          ? new Builtin("bound method TemplateDict.fromkeys", DictMethods::fromKeys)
          : Missing.VALUE;
    }

    @Override
    public Object call(Arguments arguments) {
      return Dicts.of(arguments);
    }
  }
}
