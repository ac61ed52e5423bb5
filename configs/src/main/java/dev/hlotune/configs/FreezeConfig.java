package dev.hlotune.configs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which of a model's weights are not trained.
 *
 * @param frozen regular expressions, found anywhere in the names of weights that are not trained
 * @param unfreeze after how many updates weights whose names hold an expression are trained after
 *     all; each stage begins with fresh optimizer state
 */
public record FreezeConfig(List<String> frozen, Map<Integer, String> unfreeze) {

  /** Checks the expressions and keeps its own copies, stages in order. */
  public FreezeConfig {
    frozen = List.copyOf(frozen);
    unfreeze = new LinkedHashMap<>(new TreeMap<>(unfreeze));
    Checks checks = new Checks();
    for (String pattern : frozen) {
      require(checks, pattern, FreezeKeys.FROZEN);
    }
    unfreeze.values().forEach(pattern -> require(checks, pattern, FreezeKeys.UNFREEZE));
    checks
        .require(
            unfreeze.isEmpty() || !frozen.isEmpty(),
            "'unfreeze_steps': expected 'frozen_parameters' beside it, got none",
            FreezeKeys.UNFREEZE,
            FreezeKeys.FROZEN)
        .require(
            unfreeze.keySet().stream().allMatch(step -> step > 0),
            "'unfreeze_steps': expected updates above 0, got " + unfreeze.keySet(),
            FreezeKeys.UNFREEZE)
        .done();
  }

  private static void require(Checks checks, String pattern, Key<?> key) {
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      checks.require(
          false,
          "'%s': expected regular expressions, got '%s', in which %s"
              .formatted(key.name(), pattern, e.getDescription()),
          key);
    }
  }

  static FreezeConfig of(Settings settings) {
    Map<Integer, String> stages = new TreeMap<>();
    Checks checks = new Checks();
    settings
        .find(FreezeKeys.UNFREEZE)
        .orElse(Map.of())
        .forEach((step, pattern) -> {
          boolean number = step.matches("\\d{1,9}");
          checks.require(
              number,
              "'unfreeze_steps': expected numbers of updates, got '" + step + "'",
              FreezeKeys.UNFREEZE);
          if (number) {
            stages.put(Integer.parseInt(step), pattern);
          }
        });
    checks.done();
    return new FreezeConfig(settings.find(FreezeKeys.FROZEN).orElse(List.of()), stages);
  }

  void addTo(Values values) {
    if (!frozen.isEmpty()) {
      values.put(FreezeKeys.FROZEN, frozen);
    }
    if (!unfreeze.isEmpty()) {
      Map<String, String> stages = new LinkedHashMap<>();
      unfreeze.forEach((step, pattern) -> stages.put(Integer.toString(step), pattern));
      values.put(FreezeKeys.UNFREEZE, stages);
    }
  }
}
