package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is trained on and how a record becomes tokens.
 *
 * @param dataset the training data
 * @param evalDataset held-out data
 * @param textField the column of plain text or messages
 * @param chatTemplate the name of the template; empty takes the one that fits the tokenizer
 * @param assistantOnlyLoss whether a conversation is learned only where the assistant speaks
 * @param completionOnlyLoss whether a prompt is left out of what is learned
 * @param maxLength the longest sequence, in tokens
 * @param truncationMode what becomes of a longer record
 * @param onBadRecord what becomes of a record that cannot be used
 * @param numProc threads that prepare data; empty is one per core
 */
public record DataConfig(
    Path dataset,
    Optional<Path> evalDataset,
    String textField,
    Optional<String> chatTemplate,
    boolean assistantOnlyLoss,
    boolean completionOnlyLoss,
    int maxLength,
    TruncationMode truncationMode,
    OnBadRecord onBadRecord,
    Optional<Integer> numProc) {

  public DataConfig {
    new Checks()
        .within(DataKeys.TEXT_FIELD, textField)
        .within(DataKeys.CHAT_TEMPLATE, chatTemplate)
        .within(DataKeys.MAX_LENGTH, maxLength)
        .within(DataKeys.NUM_PROC, numProc)
        .done();
  }

  static DataConfig of(Settings settings) {
    return new DataConfig(
        settings.get(DataKeys.DATASET),
        settings.find(DataKeys.EVAL_DATASET),
        settings.get(DataKeys.TEXT_FIELD),
        settings.find(DataKeys.CHAT_TEMPLATE),
        settings.get(DataKeys.ASSISTANT_ONLY_LOSS),
        settings.get(DataKeys.COMPLETION_ONLY_LOSS),
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
        .put(DataKeys.ASSISTANT_ONLY_LOSS, assistantOnlyLoss)
        .put(DataKeys.COMPLETION_ONLY_LOSS, completionOnlyLoss)
        .put(DataKeys.MAX_LENGTH, maxLength)
        .put(DataKeys.TRUNCATION_MODE, truncationMode)
        .put(DataKeys.ON_BAD_RECORD, onBadRecord)
        .put(DataKeys.NUM_PROC, numProc);
  }
}
