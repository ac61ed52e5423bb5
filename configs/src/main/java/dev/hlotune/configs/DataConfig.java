package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is trained on and how a record becomes tokens.
 *
 * @param datasets the training data; none only where a recipe is planned and not run
 * @param mixtureStop when an epoch of data sets with weights ends
 * @param evalDatasets held-out data of its own
 * @param testSize how much of each training set is held out: below 1 a part, else a number
 * @param chatTemplate how a conversation becomes text; empty is the tokenizer's own, or chatml
 * @param templateVariables what the template is given besides
 * @param trainOnWhat which part of a record carries loss
 * @param trainOnEos at which of its messages the assistant learns to stop
 * @param onRewrittenHistory what becomes of conversations that the template cannot show whole
 * @param maxLength the longest sequence, in tokens
 * @param truncationMode what becomes of a longer record
 * @param onBadRecord what becomes of a record that cannot be used
 * @param audit what becomes of a run whose data has what the audit calls an error
 * @param numProc threads that prepare data; empty is one per core
 */
public record DataConfig(
    List<DatasetSpec> datasets,
    MixtureStop mixtureStop,
    List<DatasetSpec> evalDatasets,
    Optional<Double> testSize,
    Optional<ChatTemplateRef> chatTemplate,
    Map<String, Object> templateVariables,
    TrainOnWhat trainOnWhat,
    TrainOnEos trainOnEos,
    OnRewrittenHistory onRewrittenHistory,
    int maxLength,
    TruncationMode truncationMode,
    OnBadRecord onBadRecord,
    OnFinding audit,
    Optional<Integer> numProc) {

  public DataConfig {
    datasets = List.copyOf(datasets);
    evalDatasets = List.copyOf(evalDatasets);
    long weighted = datasets.stream().filter(set -> set.weight().isPresent()).count();
    new Checks()
        .within(DataKeys.MAX_LENGTH, maxLength)
        .within(DataKeys.TEST_SIZE, testSize)
        .within(DataKeys.NUM_PROC, numProc)
        .require(
            weighted == 0 || weighted == datasets.size(),
            "'datasets': expected a 'weight' for each or for none, got %d of %d"
                .formatted(weighted, datasets.size()),
            DataKeys.DATASETS)
        .require(
            testSize.isEmpty() || evalDatasets.isEmpty(),
            "'test_size': expected no held-out data beside it, got some by 'eval_dataset_name',"
                + " 'eval_datasets' or 'eval_split'",
            DataKeys.TEST_SIZE)
        .done();
  }

  static DataConfig of(Settings settings, boolean needed) {
    return new DataConfig(
        training(settings, needed),
        settings.get(DataKeys.MIXTURE_STOP),
        heldOut(settings),
        settings.find(DataKeys.TEST_SIZE),
        settings.find(DataKeys.CHAT_TEMPLATE),
        settings.find(DataKeys.TEMPLATE_VARIABLES).orElse(Map.of()),
        settings.get(DataKeys.TRAIN_ON_WHAT),
        settings.get(DataKeys.TRAIN_ON_EOS),
        settings.get(DataKeys.ON_REWRITTEN_HISTORY),
        settings.get(DataKeys.MAX_LENGTH),
        settings.get(DataKeys.TRUNCATION_MODE),
        settings.get(DataKeys.ON_BAD_RECORD),
        settings.get(DataKeys.DATA_AUDIT),
        settings.find(DataKeys.NUM_PROC));
  }

  private static List<DatasetSpec> training(Settings settings, boolean needed) {
    Optional<List<DatasetSpec>> several = settings.find(DataKeys.DATASETS);
    Optional<Location> one = settings.find(DataKeys.DATASET);
    boolean empty = several.filter(List::isEmpty).isPresent();
    new Checks()
        .require(
            !needed || one.isPresent() || several.isPresent(),
            "'dataset_name': expected a value, got none; set it in the recipe or with"
                + " --dataset_name",
            DataKeys.DATASET,
            DataKeys.DATASETS)
        .require(
            one.isEmpty() || several.isEmpty(),
            "'datasets': expected no 'dataset_name' beside it, got '" + one.orElse(null) + "'",
            DataKeys.DATASETS,
            DataKeys.DATASET)
        .require(!empty, "'datasets': expected at least one data set, got none", DataKeys.DATASETS)
        .done();
    List<String> alone = new ArrayList<>();
    if (several.isPresent()) {
      for (Key<?> key : SINGLE) {
        settings.find(key).ifPresent(_ -> alone.add("'" + key.name() + "'"));
      }
    }
    new Checks()
        .require(
            alone.isEmpty(),
            "'datasets': expected what is about one data set in its entry, got "
                + String.join(", ", alone)
                + " beside the list",
            DataKeys.DATASETS)
        .done();
    return several.orElseGet(
        () -> one.map(path -> one(path, DataKeys.SPLIT, settings)).stream().toList());
  }

  /** The keys that are about the data set of {@code dataset_name}. */
  private static final List<Key<?>> SINGLE =
      List.of(
          DataKeys.CONFIG,
          DataKeys.SPLIT,
          DataKeys.DATA_DIR,
          DataKeys.DATA_FILES,
          DataKeys.REVISION);

  private static List<DatasetSpec> heldOut(Settings settings) {
    Optional<List<DatasetSpec>> several = settings.find(DataKeys.EVAL_DATASETS);
    Optional<Location> one = settings.find(DataKeys.EVAL_DATASET);
    Optional<String> split = settings.find(DataKeys.EVAL_SPLIT);
    new Checks()
        .require(
            several.isEmpty() || (one.isEmpty() && split.isEmpty()),
            "'eval_datasets': expected no 'eval_dataset_name' or 'eval_split' beside it, got '"
                + one.<Object>map(location -> location).or(() -> split).orElse("")
                + "'",
            DataKeys.EVAL_DATASETS)
        .require(
            split.isEmpty() || one.isPresent() || settings.find(DataKeys.DATASET).isPresent(),
            "'eval_split': expected 'dataset_name' or 'eval_dataset_name' to take '"
                + split.orElse("")
                + "' of, got neither",
            DataKeys.EVAL_SPLIT)
        .done();
    if (several.isPresent()) {
      return several.get();
    }
    if (one.isPresent()) {
      return List.of(one(one.get(), DataKeys.EVAL_SPLIT, settings));
    }
    return split.isPresent()
        ? List.of(one(settings.get(DataKeys.DATASET), DataKeys.EVAL_SPLIT, settings))
        : List.of();
  }

  /** Held-out data of its own shares nothing with the training data but what a record is. */
  private static DatasetSpec one(Location path, Key<String> split, Settings settings) {
    boolean same = settings.find(DataKeys.DATASET).filter(path::equals).isPresent();
    return new DatasetSpec(
        path,
        same ? settings.find(DataKeys.CONFIG) : Optional.empty(),
        settings.find(split),
        same ? settings.find(DataKeys.DATA_DIR) : Optional.empty(),
        same ? settings.find(DataKeys.DATA_FILES).orElse(List.of()) : List.of(),
        same ? settings.find(DataKeys.REVISION) : Optional.empty(),
        settings.find(DataKeys.FORMAT),
        settings.find(DataKeys.COLUMNS).orElse(Map.of()),
        settings.find(DataKeys.TEXT_FIELD),
        Optional.empty(),
        1,
        Optional.empty());
  }

  /** Whether anything is held out, of its own or of the training data. */
  public boolean holdsOut() {
    return !evalDatasets.isEmpty() || testSize.isPresent();
  }

  /** As {@link #holdsOut()}, before the record is made. */
  static boolean holdsOut(Settings settings) {
    return settings.find(DataKeys.EVAL_DATASET).isPresent()
        || settings.find(DataKeys.EVAL_DATASETS).isPresent()
        || settings.find(DataKeys.EVAL_SPLIT).isPresent()
        || settings.find(DataKeys.TEST_SIZE).isPresent();
  }

  /** The same, with records that cannot be used left out. */
  public DataConfig skippingBadRecords() {
    return with(datasets, OnBadRecord.SKIP);
  }

  /** The same without training data, for a recipe that is planned and not run. */
  public DataConfig withoutTraining() {
    return with(List.of(), onBadRecord);
  }

  private DataConfig with(List<DatasetSpec> training, OnBadRecord bad) {
    return new DataConfig(
        training,
        mixtureStop,
        evalDatasets,
        testSize,
        chatTemplate,
        templateVariables,
        trainOnWhat,
        trainOnEos,
        onRewrittenHistory,
        maxLength,
        truncationMode,
        bad,
        audit,
        numProc);
  }

  void addTo(Values values) {
    boolean plain = datasets.size() == 1 && datasets.getFirst().isWhole();
    if (plain) {
      addOne(datasets.getFirst(), values);
    } else if (!datasets.isEmpty()) {
      values.put(DataKeys.DATASETS, datasets).put(DataKeys.MIXTURE_STOP, mixtureStop);
    }
    if (plain && evalDatasets.size() == 1 && evalDatasets.getFirst().reads(datasets.getFirst())) {
      values
          .put(DataKeys.EVAL_DATASET, evalDatasets.getFirst().path())
          .put(DataKeys.EVAL_SPLIT, evalDatasets.getFirst().split());
    } else if (!evalDatasets.isEmpty()) {
      values.put(DataKeys.EVAL_DATASETS, evalDatasets);
    }
    values
        .put(DataKeys.TEST_SIZE, testSize)
        .put(DataKeys.CHAT_TEMPLATE, chatTemplate)
        .put(
            DataKeys.TEMPLATE_VARIABLES,
            templateVariables.isEmpty() ? Optional.empty() : Optional.of(templateVariables))
        .put(DataKeys.TRAIN_ON_WHAT, trainOnWhat)
        .put(DataKeys.TRAIN_ON_EOS, trainOnEos)
        .put(DataKeys.ON_REWRITTEN_HISTORY, onRewrittenHistory)
        .put(DataKeys.MAX_LENGTH, maxLength)
        .put(DataKeys.TRUNCATION_MODE, truncationMode)
        .put(DataKeys.ON_BAD_RECORD, onBadRecord)
        .put(DataKeys.DATA_AUDIT, audit)
        .put(DataKeys.NUM_PROC, numProc);
  }

  private static void addOne(DatasetSpec set, Values values) {
    values
        .put(DataKeys.DATASET, set.path())
        .put(DataKeys.CONFIG, set.config())
        .put(DataKeys.SPLIT, set.split())
        .put(DataKeys.DATA_DIR, set.dataDir())
        .put(
            DataKeys.DATA_FILES,
            set.dataFiles().isEmpty() ? Optional.empty() : Optional.of(set.dataFiles()))
        .put(DataKeys.REVISION, set.revision())
        .put(DataKeys.FORMAT, set.format())
        .put(
            DataKeys.COLUMNS,
            set.columns().isEmpty() ? Optional.empty() : Optional.of(set.columns()))
        .put(DataKeys.TEXT_FIELD, set.textField());
  }
}
