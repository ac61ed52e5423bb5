package dev.hlotune.trainer.jinja.python;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call.
 *
 * @param positional those without a name; not to be written to
 * @param keywords those with a name, in order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and on the path of every call
public record Arguments(
    @Nullable Object[] positional, Map<String, ? extends @Nullable Object> keywords) {
  /** None at all. */
  public static final Arguments NONE = of();

  /** Arguments without names. */
  public static Arguments of(@Nullable Object... positional) {
    return new Arguments(positional, Map.of());
  }
}
