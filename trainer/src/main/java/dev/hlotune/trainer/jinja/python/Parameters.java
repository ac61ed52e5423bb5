package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a function.
 *
 * @param names all of them, in order
 * @param defaults the values of the last ones where an argument is missing
 * @param named whether an argument may be given by name
 */
public record Parameters(List<String> names, List<@Nullable Object> defaults, boolean named) {
  /** Parameters that must be given, by place or by name. */
  public static Parameters of(String... names) {
    return new Parameters(List.of(names), List.of(), true);
  }

  /** Parameters that must be given, by place alone. */
  public static Parameters unnamed(String... names) {
    return new Parameters(List.of(names), List.of(), false);
  }

  /** These, and one that may be left out. */
  public Parameters with(String name, @Nullable Object byDefault) {
    List<String> allNames = new ArrayList<>(names);
    allNames.add(name);
    List<@Nullable Object> allDefaults = new ArrayList<>(defaults);
    allDefaults.add(byDefault);
    return new Parameters(allNames, allDefaults, named);
  }

  /** The values of all parameters; an error where the arguments do not fit. */
  public @Nullable Object[] bind(String callee, Arguments arguments) {
    @Nullable Object[] given = arguments.positional();
    int size = names.size();
    if (given.length > size) {
      throw new DataException(
          callee + ": expected at most " + size + " arguments, got " + given.length);
    }
    if (given.length == size && arguments.keywords().isEmpty()) {
      return given;
    }
    @Nullable Object[] bound = Arrays.copyOf(given, size);
    Arrays.fill(bound, given.length, size, Missing.VALUE);
    for (Map.Entry<String, ?> keyword : arguments.keywords().entrySet()) {
      int place = named ? names.indexOf(keyword.getKey()) : -1;
      if (place < 0) {
        throw new DataException(callee + ": unknown argument \"" + keyword.getKey() + "\"");
      }
      if (bound[place] != Missing.VALUE) {
        throw new DataException(callee + ": argument \"" + keyword.getKey() + "\" is given twice");
      }
      bound[place] = keyword.getValue();
    }
    fill(callee, bound);
    return bound;
  }

  private void fill(String callee, @Nullable Object[] bound) {
    int required = names.size() - defaults.size();
    for (int i = 0; i < bound.length; i++) {
      if (bound[i] == Missing.VALUE) {
        if (i < required) {
          throw new DataException(callee + ": argument \"" + names.get(i) + "\" is missing");
        }
        bound[i] = defaults.get(i - required);
      }
    }
  }
}
