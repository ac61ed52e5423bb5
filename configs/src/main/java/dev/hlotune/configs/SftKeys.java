package dev.hlotune.configs;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of {@code hlotune sft}. */
final class SftKeys {
  private SftKeys() {}

  /** Keys of devices and processes. */
  static final List<Key<?>> DEVICES =
      List.of(
          MeshKeys.DATA,
          MeshKeys.FSDP,
          MeshKeys.SEQUENCE,
          MeshKeys.TENSOR,
          MeshKeys.STRATEGY,
          MeshKeys.PARAMETER_RULES,
          MeshKeys.COMPUTE_RULES,
          MeshKeys.OFFLOAD_OPTIMIZER,
          MeshKeys.NUM_DEVICES,
          MeshKeys.CPU_DEVICES,
          ProcessKeys.COORDINATOR,
          ProcessKeys.COUNT,
          ProcessKeys.ID,
          ProcessKeys.TIMEOUT);

  /**
   * Keys that change where a run is, what is looked at and what is kept, but not what it learns.
   */
  static final Set<Key<?>> FREE =
      with(
          DEVICES,
          RunKeys.OUTPUT_DIR,
          RunKeys.OVERWRITE_OUTPUT_DIR,
          RunKeys.MAX_SHARD_SIZE,
          RunKeys.LOGGING_STEPS,
          RunKeys.LOGGING_FIRST_STEP,
          RunKeys.EVAL_STRATEGY,
          RunKeys.EVAL_STEPS,
          RunKeys.MAX_EVAL_SAMPLES,
          RunKeys.EVAL_GENERATE_SAMPLES,
          RunKeys.EVAL_GENERATE_STRATEGY,
          RunKeys.MAX_NEW_TOKENS,
          DataKeys.EVAL_BATCH_SIZE,
          DataKeys.DATA_AUDIT,
          DataKeys.NUM_PROC,
          RunKeys.OFFLINE,
          RunKeys.PLUGIN,
          RunKeys.COMPILED_ARCHIVE,
          RunKeys.CACHE_DIR,
          WatchKeys.REPORT_TO,
          WatchKeys.RUN_NAME,
          WatchKeys.PEAK_FLOPS,
          CheckpointKeys.STRATEGY,
          CheckpointKeys.STEPS,
          CheckpointKeys.MINUTES,
          CheckpointKeys.LAST,
          CheckpointKeys.TOTAL_LIMIT,
          CheckpointKeys.ONLY_MODEL,
          CheckpointKeys.LOAD_BEST,
          CheckpointKeys.METRIC,
          CheckpointKeys.GREATER,
          CheckpointKeys.PATIENCE,
          CheckpointKeys.THRESHOLD,
          CheckpointKeys.RESUME,
          CheckpointKeys.ALLOW_CHANGES);

  private static Set<Key<?>> with(List<Key<?>> some, Key<?>... others) {
    return Stream.concat(some.stream(), Stream.of(others)).collect(Collectors.toUnmodifiableSet());
  }

  static final KeyTable TABLE =
      new KeyTable(
          List.of(
              new KeyTable.Section(
                  "Model",
                  List.of(
                      ModelKeys.MODEL,
                      ModelKeys.REVISION,
                      ModelKeys.TOKENIZER,
                      ModelKeys.DTYPE,
                      FreezeKeys.FROZEN,
                      FreezeKeys.UNFREEZE,
                      ModelKeys.GRADIENT_CHECKPOINTING,
                      ModelKeys.SCAN_LAYERS)),
              new KeyTable.Section(
                  "Adapters",
                  List.of(
                      LoraKeys.USE_PEFT,
                      LoraKeys.R,
                      LoraKeys.ALPHA,
                      LoraKeys.DROPOUT,
                      LoraKeys.TARGETS,
                      LoraKeys.TRAIN_ATTN,
                      LoraKeys.TRAIN_MLP,
                      LoraKeys.TRAIN_UNEMBED,
                      LoraKeys.MODULES_TO_SAVE,
                      LoraKeys.RSLORA,
                      LoraKeys.DORA,
                      LoraKeys.BIAS,
                      LoraKeys.MAX_RANK,
                      LoraKeys.MERGE,
                      LoraKeys.LOAD_IN_4BIT,
                      LoraKeys.LOAD_IN_8BIT,
                      LoraKeys.ADAPTER)),
              new KeyTable.Section(
                  "Special tokens",
                  List.of(
                      TokenKeys.ADDITIONAL,
                      TokenKeys.BOS,
                      TokenKeys.EOS,
                      TokenKeys.PAD,
                      TokenKeys.MULTIPLE_OF)),
              new KeyTable.Section(
                  "Data",
                  List.of(
                      DataKeys.DATASET,
                      DataKeys.CONFIG,
                      DataKeys.SPLIT,
                      DataKeys.DATA_DIR,
                      DataKeys.DATA_FILES,
                      DataKeys.REVISION,
                      DataKeys.DATASETS,
                      DataKeys.MIXTURE_STOP,
                      DataKeys.EVAL_DATASET,
                      DataKeys.EVAL_SPLIT,
                      DataKeys.EVAL_DATASETS,
                      DataKeys.TEST_SIZE,
                      DataKeys.FORMAT,
                      DataKeys.COLUMNS,
                      DataKeys.TEXT_FIELD,
                      DataKeys.CHAT_TEMPLATE,
                      DataKeys.TEMPLATE_VARIABLES,
                      DataKeys.TRAIN_ON_WHAT,
                      DataKeys.TRAIN_ON_EOS,
                      DataKeys.ON_REWRITTEN_HISTORY,
                      DataKeys.MAX_LENGTH,
                      DataKeys.TRUNCATION_MODE,
                      DataKeys.ON_BAD_RECORD,
                      DataKeys.DATA_AUDIT,
                      DataKeys.NUM_PROC)),
              new KeyTable.Section(
                  "Batches",
                  List.of(
                      DataKeys.TRAIN_BATCH_SIZE,
                      DataKeys.EVAL_BATCH_SIZE,
                      DataKeys.ACCUMULATION,
                      DataKeys.TOTAL_BATCH_SIZE,
                      DataKeys.UPDATE_BATCH_SIZE,
                      DataKeys.PACKING,
                      DataKeys.MAX_BUCKETS,
                      DataKeys.GROUP_BY_LENGTH,
                      DataKeys.SHUFFLE)),
              new KeyTable.Section(
                  "Length and learning rate",
                  List.of(
                      OptimizerKeys.EPOCHS,
                      OptimizerKeys.MAX_STEPS,
                      OptimizerKeys.LEARNING_RATE,
                      OptimizerKeys.INITIAL_FRACTION,
                      OptimizerKeys.SCHEDULER,
                      OptimizerKeys.SCHEDULER_ARGUMENTS,
                      OptimizerKeys.MIN_LR,
                      OptimizerKeys.MIN_LR_RATE,
                      OptimizerKeys.WARMUP)),
              new KeyTable.Section(
                  "Optimizer",
                  List.of(
                      OptimizerKeys.OPTIMIZER,
                      OptimizerKeys.OPTIMIZER_ARGUMENTS,
                      OptimizerKeys.BETA1,
                      OptimizerKeys.BETA2,
                      OptimizerKeys.EPSILON,
                      OptimizerKeys.MOMENTUM,
                      OptimizerKeys.WEIGHT_DECAY,
                      OptimizerKeys.MAX_GRAD_NORM,
                      OptimizerKeys.STATE_TYPE,
                      OptimizerKeys.EMBEDDING_RATE,
                      OptimizerKeys.UNEMBEDDING_RATE,
                      OptimizerKeys.SCALAR_RATE,
                      OptimizerKeys.GROUPS)),
              new KeyTable.Section(
                  "Regularization",
                  List.of(
                      RegularizationKeys.ATTENTION_DROPOUT,
                      RegularizationKeys.RESID_PDROP,
                      RegularizationKeys.EMBD_PDROP,
                      RegularizationKeys.NEFTUNE,
                      RegularizationKeys.LABEL_SMOOTHING,
                      RegularizationKeys.Z_LOSS,
                      RegularizationKeys.LOSS_TYPE)),
              new KeyTable.Section(
                  "Evaluation",
                  List.of(
                      RunKeys.EVAL_STRATEGY,
                      RunKeys.EVAL_STEPS,
                      RunKeys.MAX_EVAL_SAMPLES,
                      RunKeys.EVAL_GENERATE_SAMPLES,
                      RunKeys.EVAL_GENERATE_STRATEGY,
                      RunKeys.MAX_NEW_TOKENS)),
              new KeyTable.Section(
                  "Checkpoints",
                  List.of(
                      CheckpointKeys.STRATEGY,
                      CheckpointKeys.STEPS,
                      CheckpointKeys.MINUTES,
                      CheckpointKeys.LAST,
                      CheckpointKeys.TOTAL_LIMIT,
                      CheckpointKeys.ONLY_MODEL,
                      CheckpointKeys.LOAD_BEST,
                      CheckpointKeys.METRIC,
                      CheckpointKeys.GREATER,
                      CheckpointKeys.PATIENCE,
                      CheckpointKeys.THRESHOLD,
                      CheckpointKeys.RESUME,
                      CheckpointKeys.ALLOW_CHANGES)),
              new KeyTable.Section(
                  "Output",
                  List.of(
                      RunKeys.OUTPUT_DIR,
                      RunKeys.OVERWRITE_OUTPUT_DIR,
                      RunKeys.MAX_SHARD_SIZE,
                      RunKeys.SAVE_DTYPE,
                      RunKeys.LOGGING_STEPS,
                      RunKeys.LOGGING_FIRST_STEP)),
              new KeyTable.Section(
                  "Watching",
                  List.of(
                      WatchKeys.REPORT_TO,
                      WatchKeys.RUN_NAME,
                      WatchKeys.MAX_NONFINITE_STEPS,
                      WatchKeys.PEAK_FLOPS)),
              new KeyTable.Section(MeshKeys.SECTION, DEVICES),
              new KeyTable.Section(
                  "Machine",
                  List.of(
                      RunKeys.SEED,
                      RunKeys.DATA_SEED,
                      RunKeys.PLATFORM,
                      RunKeys.PLUGIN,
                      RunKeys.OFFLINE,
                      RunKeys.COMPILED_ARCHIVE,
                      RunKeys.CACHE_DIR))),
          OtherSpellings.ALL);
}
