package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is trained on and how a record becomes tokens.
 *
 * @param dataset the training data
 * @param evalDataset held-out data
 * @param textField the column of plain text; empty lets the columns tell
 * @param chatTemplate how a conversation becomes text
 * @param maxLength the longest sequence, in tokens
 * @param truncationMode what becomes of a longer record
 * @param onBadRecord what becomes of a record that cannot be used
 * @param numProc threads that prepare data; empty is one per core
 */
public record DataConfig(
    Path dataset,
    Optional<Path> evalDataset,
    Optional<String> textField,
    ChatTemplateName chatTemplate,
    int maxLength,
    TruncationMode truncationMode,
    OnBadRecord onBadRecord,
    Optional<Integer> numProc) {

  public DataConfig {
    new Checks()
        .within(DataKeys.TEXT_FIELD, textField)
        .within(DataKeys.MAX_LENGTH, maxLength)
        .within(DataKeys.NUM_PROC, numProc)
        .done();
  }

  static DataConfig of(Settings settings) {
    return new DataConfig(
        settings.get(DataKeys.DATASET),
        settings.find(DataKeys.EVAL_DATASET),
        settings.find(DataKeys.TEXT_FIELD),
        settings.get(DataKeys.CHAT_TEMPLATE),
        settings.get(DataKeys.MAX_LENGTH),
        settings.get(DataKeys.TRUNCATION_MODE),
        settings.get(DataKeys.ON_BAD_RECORD),
        settings.find(DataKeys.NUM_PROC));
  }

  void addTo(Values values) {
    values
        .put(DataKeys.DATASET, dataset)
        .put(DataKeys.EVAL_DATASET, evalDataset)
        .put(DataKeys.TEXT_FIELD, textField)
        .put(DataKeys.CHAT_TEMPLATE, chatTemplate)
        .put(DataKeys.MAX_LENGTH, maxLength)
        .put(DataKeys.TRUNCATION_MODE, truncationMode)
        .put(DataKeys.ON_BAD_RECORD, onBadRecord)
        .put(DataKeys.NUM_PROC, numProc);
  }
}
