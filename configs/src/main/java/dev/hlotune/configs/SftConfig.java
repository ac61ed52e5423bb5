package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A supervised fine-tuning run, complete and checked.
 *
 * @param model what is trained
 * @param data what is trained on
 * @param batch how records are put together
 * @param optimizer the update rule
 * @param schedule the length of the run and the learning rate
 * @param evaluation what is measured on held-out data
 * @param checkpoints what is saved on the way, and gone on from
 * @param output what is written
 * @param sharding how the run is spread over devices
 * @param machine seeds and the machine
 * @param watch trackers, and what is done about losses that are no numbers
 */
public record SftConfig(
    ModelConfig model,
    DataConfig data,
    BatchConfig batch,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    EvaluationConfig evaluation,
    CheckpointConfig checkpoints,
    OutputConfig output,
    ShardingConfig sharding,
    MachineConfig machine,
    WatchConfig watch) {

  public SftConfig {
    boolean heldOut = data.holdsOut();
    new Checks()
        .require(
            heldOut || evaluation.strategy() == EvaluationStrategy.NO,
            "'eval_dataset_name': expected held-out data (or 'test_size') to evaluate by '"
                + evaluation.strategy().spelled()
                + "', got none",
            RunKeys.EVAL_STRATEGY,
            RunKeys.EVAL_STEPS,
            DataKeys.EVAL_DATASET)
        .require(
            evaluation.strategy() != EvaluationStrategy.NO || !checkpoints.comparesEvaluations(),
            "'eval_strategy': expected evaluations to compare, as 'load_best_model_at_end',"
                + " 'early_stopping_patience' and 'save_strategy' 'best' do, got 'no'",
            RunKeys.EVAL_STRATEGY,
            CheckpointKeys.LOAD_BEST,
            CheckpointKeys.PATIENCE,
            CheckpointKeys.STRATEGY)
        .require(
            heldOut || evaluation.generateSamples() == 0,
            "'eval_generate_samples': expected 'eval_dataset_name' to take "
                + evaluation.generateSamples()
                + " questions from, got none",
            RunKeys.EVAL_GENERATE_SAMPLES,
            DataKeys.EVAL_DATASET)
        .require(
            evaluation.generateSamples() == 0 || evaluation.maxNewTokens() < data.maxLength(),
            "'max_new_tokens': expected fewer than 'max_length' "
                + data.maxLength()
                + ", got "
                + evaluation.maxNewTokens(),
            RunKeys.MAX_NEW_TOKENS,
            DataKeys.MAX_LENGTH)
        .require(
            model.model() instanceof Location.OnHub
                || !output.directory().normalize().equals(model.modelDirectory().normalize()),
            "'output_dir': expected another directory than the model's, got '"
                + output.directory()
                + "'",
            RunKeys.OUTPUT_DIR,
            ModelKeys.MODEL)
        .require(
            !(optimizer.rule() instanceof UpdateRule.Adafactor adafactor)
                || !adafactor.relativeStep()
                || (schedule.highestRate() == 1 && schedule.kind() == SchedulerKind.CONSTANT),
            "'optim_args': expected 'learning_rate' 1 and 'lr_scheduler_type' 'constant' beside"
                + " 'relative_step', which is a schedule of its own, got "
                + schedule.highestRate()
                + " and '"
                + schedule.kind().spelled()
                + "'",
            OptimizerKeys.OPTIMIZER_ARGUMENTS,
            OptimizerKeys.LEARNING_RATE,
            OptimizerKeys.SCHEDULER)
        .done();
    if (machine.platform() == Platform.CPU && sharding.saysDevices()) {
      int count = sharding.processes().count();
      ShardingConfig here = sharding.on(sharding.cpuDevices(count) * count);
      batch.on(here.dataParallel().orElseThrow());
    }
  }

  /** The same with another model. */
  public SftConfig with(ModelConfig other) {
    return new SftConfig(
        other,
        data,
        batch,
        optimizer,
        schedule,
        evaluation,
        checkpoints,
        output,
        sharding,
        machine,
        watch);
  }

  /** The same run with other data. */
  public SftConfig with(DataConfig other) {
    return new SftConfig(
        model,
        other,
        batch,
        optimizer,
        schedule,
        evaluation,
        checkpoints,
        output,
        sharding,
        machine,
        watch);
  }

  /** The same run with other batches. */
  public SftConfig with(BatchConfig other) {
    return new SftConfig(
        model,
        data,
        other,
        optimizer,
        schedule,
        evaluation,
        checkpoints,
        output,
        sharding,
        machine,
        watch);
  }

  /** The same run with other checkpoints. */
  public SftConfig with(CheckpointConfig other) {
    return new SftConfig(
        model,
        data,
        batch,
        optimizer,
        schedule,
        evaluation,
        other,
        output,
        sharding,
        machine,
        watch);
  }

  /** The same run on other devices. */
  public SftConfig with(ShardingConfig other) {
    return new SftConfig(
        model,
        data,
        batch,
        optimizer,
        schedule,
        evaluation,
        checkpoints,
        output,
        other,
        machine,
        watch);
  }

  /**
   * The same run on the devices that there are: a mesh without a rest, and batches with the rows
   * that each device has of them.
   *
   * @param available the devices of all processes
   * @throws ConfigException where mesh or batches do not fit them
   */
  public SftConfig on(int available) {
    ShardingConfig here = sharding.on(available);
    return with(here).with(batch.on(here.dataParallel().orElseThrow()));
  }

  /** The same on one device, for what looks at a recipe and does not train by it. */
  public SftConfig onOneDevice() {
    return with(sharding.onOneDevice()).with(batch.on(1));
  }

  /** The same run with other output. */
  public SftConfig with(OutputConfig other) {
    return new SftConfig(
        model,
        data,
        batch,
        optimizer,
        schedule,
        evaluation,
        checkpoints,
        other,
        sharding,
        machine,
        watch);
  }

  /**
   * Every key with its value, defaults included, by name and in the order of the documentation: a
   * recipe that gives this configuration again. Values are booleans, numbers, strings, and lists
   * and maps of them.
   */
  public Map<String, Object> resolved() {
    Values values = new Values();
    model.addTo(values);
    data.addTo(values);
    batch.addTo(values);
    optimizer.addTo(values);
    schedule.addTo(values);
    evaluation.addTo(values);
    checkpoints.addTo(values);
    output.addTo(values);
    sharding.addTo(values);
    machine.addTo(values);
    watch.addTo(values);
    return values.inOrderOf(SftKeys.TABLE);
  }

  /** Keys that change where a run is, what is looked at and what is kept, not what it learns. */
  public static Set<String> freeKeys() {
    return SftKeys.FREE.stream().map(KeyTable::group).collect(Collectors.toSet());
  }

  /**
   * The same run, writing elsewhere: every update gets a line, and a checkpoint is saved where it
   * ends.
   *
   * @param directory to write to, over what is there
   * @param resume what it goes on from
   */
  public SftConfig forVerification(Path directory, Optional<Resume> resume) {
    return with(checkpoints.onlyAtTheEnd(resume)).with(output.loggingAll(directory));
  }

  /**
   * What of a recipe differs from this one in a way that could change what is learned.
   *
   * @param before a recipe, as {@link #resolved} gives it
   * @return one text for each key, with both values
   */
  public List<String> changesOf(Map<String, Object> before) {
    return differencesFrom(before, freeKeys());
  }

  /** Keys that say which devices a run is spread over, and how. */
  public static Set<String> deviceKeys() {
    return SftKeys.DEVICES.stream().map(KeyTable::group).collect(Collectors.toSet());
  }

  /**
   * What of a recipe differs from this one. Of a batch the rows of all devices are compared, which
   * is what an update is made of.
   *
   * @param before a recipe, as {@link #resolved} gives it
   * @param but keys that may differ
   * @return one text for each key, with both values
   */
  public List<String> differencesFrom(Map<String, Object> before, Set<String> but) {
    Map<String, Object> was = ShardingConfig.withRowsOfAll(before);
    Map<String, Object> is = ShardingConfig.withRowsOfAll(resolved());
    List<String> changes = new ArrayList<>();
    for (String name : SftKeys.TABLE.names()) {
      JsonNode first = JsonText.normal(was.get(name));
      JsonNode second = JsonText.normal(is.get(name));
      if (!but.contains(name) && !first.equals(second)) {
        changes.add("'%s': %s, now %s".formatted(name, first, second));
      }
    }
    return changes;
  }

  /** {@link #resolved} as a recipe. */
  public String recipe() {
    return resolved().entrySet().stream()
        .map(entry -> entry.getKey() + ": " + scalar(entry.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  /** A plain scalar where YAML reads it back as it stands, else one in single quotes. */
  private static String scalar(Object value) {
    String text = JsonText.shown(value);
    if (value instanceof Collection || value instanceof Map) {
      return text; // JSON is YAML.
    }
    return text.matches("[\\w./+-]+") ? text : "'" + text.replace("'", "''") + "'";
  }
}
