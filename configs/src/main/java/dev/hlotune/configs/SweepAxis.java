package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A key of a grid.
 *
 * @param name as it was spelled
 * @param texts its values, as an option would have them
 * @param origin where it stands
 */
record SweepAxis(String name, List<String> texts, Origin origin) {
  private static final double SMALL = 0.01;

  SweepAxis {
    texts = List.copyOf(texts);
  }

  /**
   * Reads one option.
   *
   * @param text {@code key=v1,v2,…}, or {@code key=[…]} with JSON where values have commas
   * @param problems where what is wrong with it is added
   */
  static Optional<SweepAxis> ofOption(String text, List<Problem> problems) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      problems.add(
          Problem.at(
              new Origin.OnCommandLine("--grid"),
              "grid: expected key=v1,v2,…, got '" + text + "'"));
      return Optional.empty();
    }
    String name = text.substring(0, equals).strip().replaceFirst("^--", "");
    String values = text.substring(equals + 1).strip();
    Origin origin = new Origin.OnCommandLine("--grid " + name);
    if (values.startsWith("[")) {
      try {
        return ofNode(name, JsonText.read(values), origin, problems);
      } catch (IllegalArgumentException e) {
        problems.add(
            Problem.at(
                origin, "'%s': expected a list in JSON, got %s".formatted(name, e.getMessage())));
        return Optional.empty();
      }
    }
    List<String> texts = new ArrayList<>();
    for (String value : values.split(",", -1)) {
      texts.add(value.strip());
    }
    return checked(new SweepAxis(name, texts, origin), problems);
  }

  /** Reads the mapping of a recipe. */
  static List<SweepAxis> ofRecipe(RawSetting grid, List<Problem> problems) {
    JsonNode node =
        grid.text()
            .filter(text -> text.startsWith("{"))
            .map(JsonText::read)
            .orElseGet(() -> JsonText.normal(null));
    if (!node.isObject() || node.isEmpty()) {
      problems.add(
          Problem.at(
              grid.origin(),
              "'grid': expected keys with lists of values, got "
                  + (node.isObject() ? "none" : "'" + grid.text().orElse("null") + "'")));
      return List.of();
    }
    List<SweepAxis> axes = new ArrayList<>();
    node.properties()
        .forEach(entry ->
            ofNode(entry.getKey(), entry.getValue(), grid.origin(), problems).ifPresent(axes::add));
    return axes;
  }

  private static Optional<SweepAxis> ofNode(
      String name, JsonNode node, Origin origin, List<Problem> problems) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : node.isArray() ? node : List.of(node)) {
      texts.add(value.isValueNode() ? value.asText() : value.toString());
    }
    return checked(new SweepAxis(name, texts, origin), problems);
  }

  private static Optional<SweepAxis> checked(SweepAxis axis, List<Problem> problems) {
    if (axis.texts.isEmpty() || axis.texts.stream().anyMatch(String::isBlank)) {
      problems.add(
          Problem.at(
              axis.origin,
              "'%s': expected values, got %s"
                  .formatted(axis.name, axis.texts.size() < 2 ? "none" : "an empty one")));
      return Optional.empty();
    }
    HashSet<String> seen = new HashSet<>();
    for (String value : axis.shown()) {
      if (!seen.add(value)) {
        problems.add(
            Problem.at(
                axis.origin,
                "'%s': expected each value once, got '%s' twice".formatted(axis.name, value)));
        return Optional.empty();
      }
    }
    return Optional.of(axis);
  }

  /** Its values as names of points have them: one spelling for each number. */
  List<String> shown() {
    return texts.stream().map(SweepAxis::shown).toList();
  }

  /** {@code 1e-4} for {@code 0.0001} and {@code 1.0E-4}, {@code 0.1} for {@code 1e-1}. */
  static String shown(String text) {
    if (!text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,3})?")) {
      return text;
    }
    BigDecimal number = new BigDecimal(text).stripTrailingZeros();
    double size = Math.abs(number.doubleValue());
    if (size == 0 || (size >= SMALL && size < 1e9)) {
      return number.toPlainString();
    }
    int exponent = number.precision() - number.scale() - 1;
    return number.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString()
        + "e"
        + exponent;
  }

  /** The setting that one of its values makes. */
  RawSetting setting(int index) {
    return new RawSetting(name, Optional.of(texts.get(index)), origin);
  }

  /** The key that it is of; as it was spelled where no key has that name. */
  String key() {
    return SftKeys.TABLE.find(name).map(match -> match.key().name()).orElse(Siblings.plain(name));
  }
}
