package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one record, under the names that formats know them by.
 *
 * @param node the record
 * @param renamed the record's own name of a column by the name that a format knows
 * @param origin where it was read, for errors
 */
record Fields(ObjectNode node, Map<String, String> renamed, Origin origin) {

  /** The record's own name of a column. */
  String named(String column) {
    return renamed.getOrDefault(column, column);
  }

  /** Whether there is such a column, empty or not. */
  boolean has(String column) {
    return node.has(named(column));
  }

  /** Whether there is such a column with a value in it. */
  boolean holds(String column) {
    return node.hasNonNull(named(column));
  }

  /** A column's value, or null where there is none. */
  @Nullable JsonNode get(String column) {
    return node.get(named(column));
  }

  /** A column of text, which must be there. */
  String text(String column) {
    return text(get(column), named(column), origin);
  }

  /** A column of text, or an empty one where it is missing. */
  String optionalText(String column) {
    return holds(column) ? text(column) : "";
  }

  /** The first of these columns that is there, or the last. */
  String firstOf(String... columns) {
    for (String column : columns) {
      if (has(column)) {
        return column;
      }
    }
    return columns[columns.length - 1];
  }

  /** A problem with one column. */
  DataException problem(String column, String message) {
    return new DataException(origin, named(column), message);
  }

  /** The names of all columns, for an error. */
  String columns() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names.isEmpty()
        ? "none"
        : names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
  }

  /** A string, checked to be text that can be encoded. */
  static String text(@Nullable JsonNode value, String field, Origin origin) {
    if (value == null || !value.isTextual()) {
      throw new DataException(origin, field, "expected a string, got " + kind(value));
    }
    return checked(value.textValue(), field, origin);
  }

  /** Refuses text that has no UTF-8: the tokenizer would abort on it. */
  static String checked(String text, String field, Origin origin) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        boolean pair =
            Character.isHighSurrogate(unit)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new DataException(
              origin,
              field,
              String.format("expected text, got half of a surrogate pair (\\u%04x)", (int) unit));
        }
        i++;
      }
    }
    return text;
  }

  /** What a value is, for an error. */
  static String kind(@Nullable JsonNode node) {
    return node == null ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }
}
