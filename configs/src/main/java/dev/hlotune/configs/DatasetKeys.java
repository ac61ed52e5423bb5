package dev.hlotune.configs;

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
          .alias("columns", "column_mapping");

  static final Key<String> TEXT_FIELD =
      Key.optional("dataset_text_field", new Text(), "As 'dataset_text_field'.")
          .alias("text_field");

  static final Key<Double> WEIGHT =
      Key.optional("weight", RealNumber.above(0), "Its part of an epoch.");

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
