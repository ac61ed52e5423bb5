package dev.hlotune.configs;

import java.util.Collection;
import java.util.Map;
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
 * @param output what is written
 * @param machine seeds and devices
 */
public record SftConfig(
    ModelConfig model,
    DataConfig data,
    BatchConfig batch,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    EvaluationConfig evaluation,
    OutputConfig output,
    MachineConfig machine) {

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
  }

  /** The same with another model. */
  public SftConfig with(ModelConfig other) {
    return new SftConfig(other, data, batch, optimizer, schedule, evaluation, output, machine);
  }

  /** The same run with other data. */
  public SftConfig with(DataConfig other) {
    return new SftConfig(model, other, batch, optimizer, schedule, evaluation, output, machine);
  }

  /** The same run with other batches. */
  public SftConfig with(BatchConfig other) {
    return new SftConfig(model, data, other, optimizer, schedule, evaluation, output, machine);
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
    output.addTo(values);
    machine.addTo(values);
    return values.inOrderOf(SftKeys.TABLE);
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
