package dev.hlotune.trainer.loop;

import dev.hlotune.configs.OptimizerConfig;
import dev.hlotune.configs.ParameterGroup;
import dev.hlotune.configs.UpdateRule;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.optim.DecayMask;
import dev.hlotune.hlo.optim.PerWeight;
import dev.hlotune.hlo.optim.WeightGroups;
import dev.hlotune.hlo.optim.WeightRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a recipe makes of each weight: its part of the learning rate, and its decay.
 *
 * @param byName by the name that a weight has in files
 */
record WeightSettings(Map<String, Setting> byName) {
  /** The width for which nanochat's rates of embedding and head are meant. */
  private static final double NANOCHAT_WIDTH = 768;

  WeightSettings {
    byName = Map.copyOf(byName);
  }

  /**
   * Of one weight.
   *
   * @param label what it has in common with others, in words
   * @param factor its rate as a part of the recipe's {@code learning_rate}
   * @param decay its weight decay
   * @param elements how many numbers it has
   */
  record Setting(String label, double factor, double decay, long elements) {}

  /**
   * Reads a recipe.
   *
   * @param learningRate the recipe's
   * @param weights the trained ones
   * @param width of the model
   */
  static WeightSettings of(
      OptimizerConfig config, double learningRate, ParamMap<Shape> weights, int width) {
    RecipeGroups groups = RecipeGroups.of(config.groups(), weights);
    Map<String, Setting> byName = new LinkedHashMap<>();
    weights.stream()
        .forEach(entry -> {
          Shape shape = entry.getValue();
          WeightRole role = WeightRole.of(entry.getKey(), shape);
          long elements = shape.without(List.of(LayerStack.AXIS)).elements();
          for (String name : PerWeight.names(entry.getKey(), shape)) {
            Optional<ParameterGroup> group = groups.of(name);
            double rate =
                group
                    .flatMap(ParameterGroup::learningRate)
                    .orElseGet(() -> rate(config, role, width).orElse(learningRate));
            double decay =
                group
                    .flatMap(ParameterGroup::weightDecay)
                    .orElseGet(() -> decay(config, role, name));
            byName.put(
                name,
                new Setting(
                    group.map(own -> "'" + own.params() + "'").orElse(label(config, role)),
                    rate / learningRate,
                    decay,
                    elements));
          }
        });
    return new WeightSettings(byName);
  }

  /** The rate that Muon's recipe gives to weights of a role, as nanochat scales it. */
  private static Optional<Double> rate(OptimizerConfig config, WeightRole role, int width) {
    double scale = Math.sqrt(NANOCHAT_WIDTH / width);
    return switch (role) {
      case EMBEDDING -> config.embeddingRate().map(rate -> rate * scale);
      case HEAD -> config.unembeddingRate().map(rate -> rate * scale);
      case VECTOR -> config.scalarRate();
      case MATRIX -> Optional.empty();
    };
  }

  private static double decay(OptimizerConfig config, WeightRole role, String name) {
    if (config.rule() instanceof UpdateRule.Muon muon && role == WeightRole.MATRIX) {
      return muon.matrixDecay();
    }
    return DecayMask.decays(name) ? config.weightDecay() : 0;
  }

  private static String label(OptimizerConfig config, WeightRole role) {
    if (!(config.rule() instanceof UpdateRule.Muon)) {
      return "the rest";
    }
    return switch (role) {
      case MATRIX -> "matrices, by muon";
      case EMBEDDING -> "embeddings";
      case HEAD -> "head";
      case VECTOR -> "biases and norms";
    };
  }

  /** As the optimizer takes them. */
  WeightGroups groups() {
    return new WeightGroups(
        new PerWeight(name -> of(name).factor), new PerWeight(name -> of(name).decay));
  }

  /** Those of one weight, by its name in files. */
  Setting of(String name) {
    Setting setting = byName.get(name);
    if (setting == null) {
      throw new IllegalArgumentException("weight '" + name + "': expected a trained one");
    }
    return setting;
  }

  /**
   * A line for each label, where there are several.
   *
   * @param highest the run's highest rate
   */
  List<String> lines(double highest) {
    Map<String, List<Setting>> byLabel = new TreeMap<>();
    byName
        .values()
        .forEach(
            setting -> byLabel.computeIfAbsent(setting.label, _ -> new ArrayList<>()).add(setting));
    return byLabel.size() == 1
        ? List.of()
        : byLabel.entrySet().stream()
            .map(entry -> line(entry.getKey(), entry.getValue(), highest))
            .toList();
  }

  private static String line(String label, List<Setting> settings, double highest) {
    long elements = settings.stream().mapToLong(Setting::elements).sum();
    return String.format(
        Locale.ROOT,
        "%s: %,d weight%s in %d tensor%s, rate %s, decay %s",
        label,
        elements,
        elements == 1 ? "" : "s",
        settings.size(),
        settings.size() == 1 ? "" : "s",
        range(settings.stream().mapToDouble(s -> s.factor * highest).toArray(), "%.2e"),
        range(settings.stream().mapToDouble(Setting::decay).toArray(), "%s"));
  }

  private static String range(double[] values, String format) {
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(0);
    String low = String.format(Locale.ROOT, format, least);
    return least == most ? low : low + " to " + String.format(Locale.ROOT, format, most);
  }
}
