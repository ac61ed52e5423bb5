package dev.hlotune.configs;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One data set of a run, as a recipe names it.
 *
 * @param path a file, a folder, a pattern of file names, a repository of the hub, or a task
 * @param config the configuration of a data set that has several
 * @param split the split, with a slice where one is wanted: {@code train[:10%]}
 * @param dataDir a folder of it
 * @param dataFiles patterns of its files
 * @param revision a branch, tag or commit of the hub
 * @param format what a record is; empty lets its columns tell
 * @param columns the data set's own names of columns, by the names that the format knows
 * @param textField the column of plain text
 * @param weight its part of an epoch, relative to that of the others
 * @param repeat how often an epoch holds it
 * @param seed which of its records are drawn, where not all are; empty is {@code data_seed}
 */
public record DatasetSpec(
    Location path,
    Optional<String> config,
    Optional<String> split,
    Optional<String> dataDir,
    List<String> dataFiles,
    Optional<String> revision,
    Optional<DatasetFormat> format,
    Map<String, String> columns,
    Optional<String> textField,
    Optional<Double> weight,
    double repeat,
    Optional<Integer> seed) {

  public DatasetSpec {
    dataFiles = List.copyOf(dataFiles);
    columns = Map.copyOf(columns);
    new Checks()
        .within(DatasetKeys.WEIGHT, weight)
        .within(DatasetKeys.REPEAT, repeat)
        .within(DatasetKeys.TEXT_FIELD, textField)
        .require(
            revision.isEmpty() || path instanceof Location.OnHub,
            "'revision': expected a data set of the hub beside it, got '" + path + "'",
            DatasetKeys.REVISION)
        .require(
            textField.isEmpty() || format.isEmpty() || format.get() == DatasetFormat.TEXT,
            "'dataset_text_field': expected no 'dataset_format' beside it but 'text', got '"
                + format.map(DatasetFormat::spelled).orElse("")
                + "'",
            DatasetKeys.TEXT_FIELD)
        .done();
  }

  /** All of one file, folder or repository. */
  public static DatasetSpec of(Location path) {
    return new DatasetSpec(
        path,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        1,
        Optional.empty());
  }

  /** Whether an epoch holds all of it, once. */
  boolean isWhole() {
    return weight.isEmpty() && repeat == 1 && seed.isEmpty();
  }

  /**
   * Whether its records are read as another's, and whether it is that or has nothing of its own.
   */
  boolean reads(DatasetSpec other) {
    boolean same = path.equals(other.path);
    return isWhole()
        && format.equals(other.format)
        && columns.equals(other.columns)
        && textField.equals(other.textField)
        && config.equals(same ? other.config : Optional.empty())
        && dataDir.equals(same ? other.dataDir : Optional.empty())
        && dataFiles.equals(same ? other.dataFiles : List.of())
        && revision.equals(same ? other.revision : Optional.empty());
  }

  /** One entry of {@code datasets}. */
  static DatasetSpec of(Settings settings) {
    return new DatasetSpec(
        settings.get(DatasetKeys.PATH),
        settings.find(DatasetKeys.NAME),
        settings.find(DatasetKeys.SPLIT),
        settings.find(DatasetKeys.DATA_DIR),
        settings.find(DatasetKeys.DATA_FILES).orElse(List.of()),
        settings.find(DatasetKeys.REVISION),
        settings.find(DatasetKeys.FORMAT),
        settings.find(DatasetKeys.COLUMNS).orElse(Map.of()),
        settings.find(DatasetKeys.TEXT_FIELD),
        settings.find(DatasetKeys.WEIGHT),
        settings.get(DatasetKeys.REPEAT),
        settings.find(DatasetKeys.SEED));
  }

  void addTo(Values values) {
    values
        .put(DatasetKeys.PATH, path)
        .put(DatasetKeys.NAME, config)
        .put(DatasetKeys.SPLIT, split)
        .put(DatasetKeys.DATA_DIR, dataDir)
        .put(DatasetKeys.DATA_FILES, some(dataFiles))
        .put(DatasetKeys.REVISION, revision)
        .put(DatasetKeys.FORMAT, format)
        .put(DatasetKeys.COLUMNS, columns.isEmpty() ? Optional.empty() : Optional.of(columns))
        .put(DatasetKeys.TEXT_FIELD, textField)
        .put(DatasetKeys.WEIGHT, weight)
        .put(DatasetKeys.REPEAT, repeat == 1 ? Optional.empty() : Optional.of(repeat))
        .put(DatasetKeys.SEED, seed);
  }

  private static Optional<List<String>> some(List<String> texts) {
    return texts.isEmpty() ? Optional.empty() : Optional.of(texts);
  }
}
