package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Types;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The compiled arguments of a call, filter or test. */
final class ArgumentValues {
  private final Expression[] positional;
  private final String[] names;
  private final Expression[] named;
  private final @Nullable Expression spread;
  private final @Nullable Expression spreadNamed;

  ArgumentValues(
      List<Expression> positional,
      List<String> names,
      List<Expression> named,
      @Nullable Expression spread,
      @Nullable Expression spreadNamed) {
    this.positional = positional.toArray(new Expression[0]);
    this.names = names.toArray(new String[0]);
    this.named = named.toArray(new Expression[0]);
    this.spread = spread;
    this.spreadNamed = spreadNamed;
  }

  /** The arguments. */
  Arguments evaluate(Scope scope) {
    return evaluate(scope, new @Nullable Object[positional.length], 0);
  }

  /** The arguments behind a first one. */
  Arguments evaluate(Scope scope, @Nullable Object first) {
    @Nullable Object[] values = new @Nullable Object[positional.length + 1];
    values[0] = first;
    return evaluate(scope, values, 1);
  }

  private Arguments evaluate(Scope scope, @Nullable Object[] values, int from) {
    for (int i = 0; i < positional.length; i++) {
      values[from + i] = positional[i].evaluate(scope);
    }
    @Nullable Object[] all = spread == null ? values : spread(values, spread.evaluate(scope));
    if (named.length == 0 && spreadNamed == null) {
      return new Arguments(all, Map.of());
    }
    Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
    for (int i = 0; i < named.length; i++) {
      keywords.put(names[i], named[i].evaluate(scope));
    }
    if (spreadNamed != null) {
      spreadNamed(keywords, spreadNamed.evaluate(scope));
    }
    return new Arguments(all, keywords);
  }

  private static @Nullable Object[] spread(@Nullable Object[] values, @Nullable Object rest) {
    List<@Nullable Object> all = new ArrayList<>(Arrays.asList(values));
    Iteration.of(rest).forEachRemaining(all::add);
    return all.toArray();
  }

  private static void spreadNamed(Map<String, @Nullable Object> keywords, @Nullable Object rest) {
    if (!(rest instanceof Map<?, ?> dict)) {
      throw Types.unexpected("**", "a dict", rest);
    }
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new DataException("**: expected keys that are strings");
      }
      if (keywords.containsKey(name)) {
        throw new DataException("**: argument \"" + name + "\" is given twice");
      }
      keywords.put(name, entry.getValue());
    }
  }
}
