package dev.hlotune.trainer.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One row of a task's data. Errors name the file, the row and the column.
 *
 * @param node the columns
 * @param origin where it was read
 */
record Columns(ObjectNode node, Origin origin) {
  static final String ADVICE =
      "; a split without answers cannot be scored, name a file that has them";

  /** A column of text. */
  String text(String name) {
    return text(get(name), name);
  }

  /** Whether a column is there and holds text. */
  boolean holdsText(String name) {
    JsonNode value = get(name);
    return value != null && value.isTextual();
  }

  /** A column that holds a list of texts, at least one. */
  List<String> texts(String name) {
    JsonNode list = get(name);
    if (list == null || !list.isArray() || list.isEmpty()) {
      throw problem(name, "a list of texts", list);
    }
    List<String> texts = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      texts.add(text(list.get(i), name + "[" + i + "]"));
    }
    return texts;
  }

  /** A column of numbers that are 0 or 1, as many as {@code count}. */
  List<Boolean> truths(String name, int count) {
    JsonNode list = get(name);
    if (list == null || !list.isArray() || list.size() != count) {
      throw new DataException(
          origin,
          name,
          "expected 0 or 1 for each of %d choices, got %s%s"
              .formatted(count, list == null ? "nothing" : list, list == null ? ADVICE : ""));
    }
    List<Boolean> truths = new ArrayList<>(count);
    for (JsonNode one : list) {
      if (!one.canConvertToInt() || one.intValue() < 0 || one.intValue() > 1) {
        throw problem(name, "0 or 1 for each choice", one);
      }
      truths.add(one.intValue() == 1);
    }
    return truths;
  }

  /**
   * A column that tells the right one of some choices.
   *
   * @param labels what the choices are called, in their order; a number among them may stand as
   *     text or as a number
   * @return its place from 0
   */
  int answer(String name, List<String> labels) {
    JsonNode value = get(name);
    String given =
        value == null || value.isNull() || value.isContainerNode() ? "" : value.asText().strip();
    int place = labels.indexOf(given);
    if (place < 0) {
      boolean none = given.isEmpty() || given.equals("-1");
      throw new DataException(
          origin,
          name,
          "expected the right answer (%s), got %s%s"
              .formatted(
                  String.join(", ", labels),
                  value == null ? "no such column" : value,
                  none ? ADVICE : ""));
    }
    return place;
  }

  /** A problem with one column. */
  DataException problem(String name, String wanted, @Nullable JsonNode got) {
    return new DataException(
        origin,
        name,
        "expected %s, got %s; the columns are %s".formatted(wanted, kind(got), columns()));
  }

  private String columns() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return String.join(", ", names.stream().map(column -> '"' + column + '"').toList());
  }

  private static String kind(@Nullable JsonNode node) {
    if (node == null) {
      return "nothing";
    }
    return node.isArray() && node.isEmpty()
        ? "an empty list"
        : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  /** A column, or what lies in one: {@code choices.text}. */
  private @Nullable JsonNode get(String name) {
    JsonNode at = node;
    for (String step : name.split("\\.", -1)) {
      at = at == null ? null : at.get(step);
    }
    return at;
  }

  /** Half of a surrogate pair has no UTF-8. */
  private String text(@Nullable JsonNode value, String name) {
    if (value == null || !value.isTextual()) {
      throw problem(name, "a text", value);
    }
    String text = value.textValue();
    boolean broken =
        text.codePoints()
            .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    if (broken) {
      throw new DataException(origin, name, "expected text, got half of a surrogate pair");
    }
    return text;
  }
}
