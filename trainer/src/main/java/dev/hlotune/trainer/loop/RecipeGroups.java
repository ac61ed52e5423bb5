package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.ParameterGroup;
import dev.hlotune.configs.Problem;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.optim.PerWeight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The groups of a recipe, found among the weights of a model.
 *
 * @param byName the group of each weight that is in one, by the name that it has in files
 */
record RecipeGroups(Map<String, ParameterGroup> byName) {
  RecipeGroups {
    byName = Map.copyOf(byName);
  }

  /**
   * Matches them.
   *
   * @param weights the trained ones; each layer of a stacked weight is matched by its own name
   * @throws ConfigException if a group matches none of them, or two groups match the same
   */
  static RecipeGroups of(List<ParameterGroup> groups, ParamMap<Shape> weights) {
    List<String> names = names(weights);
    Map<String, Integer> found = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      Pattern pattern = groups.get(i).pattern();
      int matches = 0;
      for (String name : names) {
        if (pattern.matcher(name).find()) {
          matches++;
          Integer other = found.putIfAbsent(name, i);
          if (other != null) {
            problems.add(
                problem(
                    "'parameter_groups': expected each weight in one group, got '%s' in entries %d and %d"
                        .formatted(name, other + 1, i + 1)));
            break;
          }
        }
      }
      if (matches == 0) {
        problems.add(
            problem(
                "'parameter_groups': entry %d: expected 'params' to be found in the name of a trained weight, got '%s', which is in none of %d; one of them is '%s'"
                    .formatted(
                        i + 1, groups.get(i).params(), names.size(), names.get(names.size() / 2))));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    Map<String, ParameterGroup> byName = new LinkedHashMap<>();
    found.forEach((name, index) -> byName.put(name, groups.get(index)));
    return new RecipeGroups(byName);
  }

  private static Problem problem(String message) {
    return new Problem(Optional.empty(), List.of("parameter_groups"), message);
  }

  /** The names that weights have in files. */
  static List<String> names(ParamMap<Shape> weights) {
    return weights.stream()
        .flatMap(entry -> PerWeight.names(entry.getKey(), entry.getValue()).stream())
        .toList();
  }

  /** The group that a weight is in. */
  Optional<ParameterGroup> of(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
