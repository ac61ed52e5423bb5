package dev.hlotune.trainer.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call.
 *
 * @param positional those by place
 * @param names the names of those by name
 * @param named those by name
 * @param spread what follows {@code *}
 * @param spreadNamed what follows {@code **}
 */
public record CallArguments(
    List<Expr> positional,
    List<String> names,
    List<Expr> named,
    @Nullable Expr spread,
    @Nullable Expr spreadNamed) {
  /** No arguments. */
  static final CallArguments NONE = new CallArguments(List.of(), List.of(), List.of(), null, null);

  /** One argument. */
  static CallArguments of(Expr only) {
    return new CallArguments(List.of(only), List.of(), List.of(), null, null);
  }

  /** All expressions, in order. */
  List<Expr> all() {
    List<Expr> all = new ArrayList<>(positional);
    all.addAll(named);
    if (spread != null) {
      all.add(spread);
    }
    if (spreadNamed != null) {
      all.add(spreadNamed);
    }
    return all;
  }
}
