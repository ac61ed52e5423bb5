package dev.hlotune.configs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of one entry of {@code datasets}; the names are those of TRL's DatasetConfig. */
final class DatasetKeys {
  private DatasetKeys() {}

  static final Key<Location> PATH =
      Key.required("path", new PathOrHub(true), "Where it is, as 'dataset_name'.")
          .alias("dataset_name", "dataset");

  static final Key<String> NAME =
      Key.optional("name", new Text(), "As 'dataset_config'.").alias("dataset_config", "subset");

  static final Key<String> SPLIT =
      Key.optional("split", new Text(), "As 'dataset_split'.").alias("dataset_split");

  static final Key<String> DATA_DIR = Key.optional("data_dir", new Text(), "As 'data_dir'.");

  static final Key<List<String>> DATA_FILES =
      Key.optional("data_files", new TextList(), "As 'data_files'.");

  static final Key<String> REVISION =
      Key.optional("revision", new Text(), "As 'dataset_revision'.").alias("dataset_revision");

  static final Key<DatasetFormat> FORMAT =
      Key.optional("dataset_format", Choice.of(DatasetFormat.values()), "As 'dataset_format'.")
          .alias("format");

  static final Key<Map<String, String>> COLUMNS =
      Key.optional("dataset_columns", new TextMap(), "As 'dataset_columns'.")
          .alias("column_mapping")
          .alias(
              Alias.reading(
                  "columns",
                  List.of("dataset_columns", "dataset_format"),
                  (text, _) -> columns(text),
                  "a list names the columns that say what a record is"));

  /** TRL names the columns that are kept, and by them what a record is; others are not read. */
  private static List<Assignment> columns(String text) {
    if (!text.strip().startsWith("[")) {
      return List.of(Assignment.of("dataset_columns", text));
    }
    List<String> kept = new TextList().parse(text);
    for (Map.Entry<String, List<String>> format : TOLD.entrySet()) {
      if (kept.containsAll(format.getValue())) {
        return List.of(Assignment.of("dataset_format", format.getKey()));
      }
    }
    return List.of();
  }

  /** In the order in which a record's columns are tried. */
  private static final Map<String, List<String>> TOLD = told();

  private static Map<String, List<String>> told() {
    Map<String, List<String>> told = new LinkedHashMap<>();
    told.put("messages", List.of("messages"));
    told.put("conversations", List.of("conversations"));
    told.put("prompt_completion", List.of("prompt", "completion"));
    told.put("text", List.of("text"));
    return told;
  }

  static final Key<String> TEXT_FIELD =
      Key.optional("dataset_text_field", new Text(), "As 'dataset_text_field'.")
          .alias("text_field");

  static final Key<Double> WEIGHT =
      Key.optional("weight", RealNumber.above(0), "Its part of an epoch.").alias("fraction");

  static final Key<Double> REPEAT =
      Key.preset("repeat", RealNumber.above(0), 1.0, "How often an epoch holds it.");

  static final Key<Integer> SEED =
      Key.optional("seed", new WholeNumber(0, Integer.MAX_VALUE), "Which records are drawn.");

  static final RecordList<DatasetSpec> LIST =
      new RecordList<>(
          "a data set",
          new KeyTable(
              List.of(
                  new KeyTable.Section(
                      "Data set",
                      List.of(
                          PATH,
                          NAME,
                          SPLIT,
                          DATA_DIR,
                          DATA_FILES,
                          REVISION,
                          FORMAT,
                          COLUMNS,
                          TEXT_FIELD,
                          WEIGHT,
                          REPEAT,
                          SEED)))),
          DatasetSpec::of,
          DatasetSpec::addTo);
}
