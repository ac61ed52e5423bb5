package dev.hlotune.trainer.data;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the columns of a data set are said to mean.
 *
 * @param format the format; empty lets the columns of each record tell
 * @param textField the column of plain text ({@code dataset_text_field}), whatever else is there
 * @param renamed the data set's own name of a column by the name that the format knows
 */
public record RecordColumns(
    Optional<RecordFormat> format, Optional<String> textField, Map<String, String> renamed) {
  /** Nothing is said: the columns tell. */
  public static final RecordColumns AUTOMATIC =
      new RecordColumns(Optional.empty(), Optional.empty(), Map.of());

  /** Copies the map. */
  public RecordColumns {
    renamed = Map.copyOf(renamed);
  }

  /** One column of plain text. */
  public static RecordColumns text(String field) {
    return new RecordColumns(Optional.empty(), Optional.of(field), Map.of());
  }

  /** What identifies it. */
  String fingerprint() {
    return format.map(RecordFormat::spelled).orElse("")
        + "\n"
        + textField.orElse("")
        + "\n"
        + new TreeMap<>(renamed);
  }
}
