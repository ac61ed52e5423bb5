package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.FreezeConfig;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.trainer.step.Tuning;
import dev.hlotune.trainer.step.Weights;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which weights a run trains from which update on. */
final class Freezing {
  private final CausalModel model;

  private Freezing(CausalModel model) {
    this.model = model;
  }

  /**
   * The stages of a run, by the number of updates before them; the first stands at 0.
   *
   * @throws ConfigException if an expression finds nothing, or nothing would be trained
   */
  static Map<Integer, Tuning> stages(FreezeConfig config, CausalModel model, DType compute) {
    Freezing freezing = new Freezing(model);
    Set<String> trained = new LinkedHashSet<>(model.parameters().names());
    for (String pattern : config.frozen()) {
      trained.removeAll(freezing.found(pattern, "frozen_parameters"));
    }
    Map<Integer, Set<String>> sets = new TreeMap<>();
    sets.put(0, Set.copyOf(trained));
    config
        .unfreeze()
        .forEach((step, pattern) -> {
          Set<String> more = freezing.found(pattern, "unfreeze_steps");
          if (!trained.addAll(more)) {
            throw ConfigException.of(
                "'unfreeze_steps': expected weights that are frozen until %d, got '%s', which finds none"
                    .formatted(step, pattern));
          }
          sets.put(step, Set.copyOf(trained));
        });
    if (sets.getOrDefault(0, Set.of()).isEmpty()) {
      throw ConfigException.of(
          "'frozen_parameters': expected some weights to be left to train, got none");
    }
    Map<Integer, Tuning> stages = new LinkedHashMap<>();
    sets.forEach((step, names) -> stages.put(step, freezing.tuning(names, trained, compute)));
    return stages;
  }

  /** In the model's order. */
  private Tuning tuning(Set<String> trained, Set<String> masters, DType compute) {
    Set<String> ordered = new LinkedHashSet<>(model.parameters().names());
    ordered.retainAll(trained);
    return new Tuning(model, ordered, masters, compute);
  }

  /** The weights in whose names, as files have them, an expression is found. */
  private Set<String> found(String pattern, String key) {
    Predicate<String> finds = Pattern.compile(pattern).asPredicate();
    Set<String> found = new LinkedHashSet<>();
    model.parameters().stream()
        .forEach(entry -> {
          Shape shape = entry.getValue().shape();
          List<String> names =
              Weights.parts(entry.getKey(), shape).stream().map(Weights.Part::name).toList();
          long count = names.stream().filter(finds).count();
          if (count == names.size()) {
            found.add(entry.getKey());
          } else if (count > 0) {
            throw ConfigException.of(
                "'%s': expected all layers of a stack or none, got '%s', which finds %d of %d of '%s'; set 'scan_layers' to false"
                    .formatted(key, pattern, count, names.size(), entry.getKey()));
          }
        });
    if (found.isEmpty()) {
      throw ConfigException.of(
          "'%s': expected expressions that are found in names of weights, such as '%s', got '%s'"
              .formatted(key, model.parameters().names().getLast(), pattern));
    }
    return found;
  }
}
