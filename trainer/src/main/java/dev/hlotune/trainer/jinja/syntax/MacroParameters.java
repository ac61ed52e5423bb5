package dev.hlotune.trainer.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a macro.
 *
 * @param names their names
 * @param defaults the values of the last ones where an argument is missing
 */
public record MacroParameters(List<Target.Variable> names, List<Expr> defaults) {
  /** No parameters. */
  public static final MacroParameters NONE = new MacroParameters(List.of(), List.of());

  /** The value of that parameter where an argument is missing, or null if it has none. */
  public @Nullable Expr byDefault(int parameter) {
    int place = parameter - names.size() + defaults.size();
    return place < 0 ? null : defaults.get(place);
  }

  List<Node> children() {
    List<Node> nodes = new ArrayList<>(names);
    nodes.addAll(defaults);
    return nodes;
  }
}
