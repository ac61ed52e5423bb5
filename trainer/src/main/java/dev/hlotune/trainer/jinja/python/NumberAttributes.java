package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The attributes of numbers. */
final class NumberAttributes {
  private static final Set<String> LEFT_OUT =
      Set.of("as_integer_ratio", "bit_count", "from_bytes", "fromhex", "hex", "to_bytes");

  private NumberAttributes() {}

  static Object attribute(Object value, String name) {
    boolean isFloat = Numbers.isFloat(value);
    if (LEFT_OUT.contains(name)) {
      throw new DataException(Types.name(value) + ": \"" + name + "\" is not covered");
    }
    return switch (name) {
      case "real" -> Arithmetic.positive(value);
      case "imag" -> isFloat ? (Object) 0.0 : 0L;
      case "conjugate" -> method(name, Arithmetic.positive(value));
      case "numerator" -> isFloat ? Missing.VALUE : Arithmetic.positive(value);
      case "denominator" -> isFloat ? Missing.VALUE : 1L;
      case "bit_length" ->
          isFloat ? Missing.VALUE : method(name, (long) Numbers.big(value).abs().bitLength());
      case "is_integer" ->
          isFloat
              ? method(name, Numbers.approximate(value) == Math.rint(Numbers.approximate(value)))
              : Missing.VALUE;
      default -> Missing.VALUE;
    };
  }

  private static Builtin method(String name, @Nullable Object result) {
    return new Builtin(
        "built-in method " + name,
        arguments -> {
          Parameters.unnamed().bind(name, arguments);
          return result;
        });
  }
}
