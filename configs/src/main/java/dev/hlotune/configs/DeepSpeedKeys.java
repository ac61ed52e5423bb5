package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The keys of a DeepSpeed configuration, with the groups that they are in before them. A group that
 * is named as a whole answers for all in it that is not named itself.
 */
final class DeepSpeedKeys {
  private DeepSpeedKeys() {}

  private static final String COMPILED = "what devices tell each other is compiled into the step";
  private static final String LOGGED = "metrics.jsonl has every figure, by 'logging_steps'";
  private static final String SCALE =
      "float16 scales the loss by a scale that follows the gradient";
  private static final String FLOAT32 = "weights, gradients and state are float32";
  private static final String ADAMW = "Adam is AdamW with bias correction";
  private static final String NONE = "there is no such method here";

  static final KeyTable TABLE =
      new KeyTable(
          List.of(),
          Stream.of(
                  Stream.of(
                      Alias.of("train_batch_size", "update_batch_size"),
                      Alias.of("train_micro_batch_size_per_gpu", "per_device_train_batch_size"),
                      Alias.of("gradient_accumulation_steps", "gradient_accumulation_steps"),
                      Alias.of("gradient_clipping", "max_grad_norm"),
                      Alias.yesNo("fp16.enabled", "dtype", "float16", ""),
                      Alias.yesNo("bf16.enabled", "dtype", "bfloat16", ""),
                      Alias.yesNo("bfloat16.enabled", "dtype", "bfloat16", ""),
                      Alias.only("fp16.fp16_master_weights_and_grads", FLOAT32, "false"),
                      Alias.only("bf16.bf16_master_weights_and_grads", FLOAT32, "false"),
                      Alias.yesNo(
                          "bf16.bf16_optimizer_states", "optim_state_dtype", "bfloat16", ""),
                      Alias.nothing("bf16.immediate_grad_update", FLOAT32),
                      Alias.nothing("bf16.check_grad_overflow", FLOAT32),
                      Alias.nothing("data_types", FLOAT32),
                      Alias.reading(
                          "optimizer.type",
                          List.of("optim"),
                          (text, _) -> optimizer(text),
                          "'Adam' is 'adamw'"),
                      Alias.of("optimizer.params.lr", "learning_rate"),
                      Alias.reading(
                          "optimizer.params.betas",
                          List.of("adam_beta1", "adam_beta2"),
                          (text, _) -> betas(text),
                          ""),
                      Alias.of("optimizer.params.eps", "adam_epsilon"),
                      Alias.of("optimizer.params.weight_decay", "weight_decay"),
                      Alias.of("optimizer.params.momentum", "momentum"),
                      Alias.only("optimizer.params.adam_w_mode", ADAMW, "true"),
                      Alias.only("optimizer.params.bias_correction", ADAMW, "true"),
                      Alias.only("optimizer.params.amsgrad", ADAMW, "false"),
                      Alias.nothing("optimizer.params.torch_adam", ADAMW),
                      Alias.nothing("optimizer.legacy_fusion", ADAMW),
                      Alias.reading(
                          "scheduler.type",
                          List.of("lr_scheduler_type", "lr_scheduler_kwargs", "min_lr_rate"),
                          DeepSpeedKeys::scheduler,
                          "'WarmupLR', 'WarmupDecayLR' and 'WarmupCosineLR'"),
                      Alias.only("scheduler.params.warmup_min_lr", "rates rise from 0", "0"),
                      Alias.of("scheduler.params.warmup_max_lr", "learning_rate"),
                      Alias.of("scheduler.params.warmup_num_steps", "warmup_steps"),
                      Alias.of("scheduler.params.total_num_steps", "max_steps"),
                      Alias.nothing("scheduler.params.warmup_type", "beside 'scheduler.type'"),
                      Alias.only("scheduler.params.warmup_min_ratio", "rates rise from 0", "0"),
                      Alias.nothing("scheduler.params.cos_min_ratio", "beside 'scheduler.type'"),
                      Alias.only("scheduler.params.last_batch_iteration", NONE, "-1"),
                      Alias.nothing("activation_checkpointing", "'gradient_checkpointing' says it"),
                      Alias.only("dataloader_drop_last", "every example is in an epoch", "false"),
                      size("sequence_parallel_size", MeshAxis.SEQUENCE),
                      Alias.reading(
                          "tensor_parallel",
                          List.of(MeshKeys.TENSOR.name()),
                          (text, _) -> tensor(text),
                          "its 'autotp_size'"),
                      Alias.only("pipeline", "layers are not split over devices", "auto"),
                      // As accelerate writes them into a mapping of its own.
                      Alias.reading(
                          "zero_stage",
                          List.of(MeshKeys.STRATEGY.name()),
                          (text, _) -> DeepSpeedZero.stage(text),
                          ""),
                      Alias.reading(
                          "offload_optimizer_device",
                          List.of(MeshKeys.OFFLOAD_OPTIMIZER.name()),
                          (text, _) -> DeepSpeedZero.offload(text),
                          ""),
                      Alias.only("offload_param_device", DeepSpeedZero.WEIGHTS_STAY, "none"),
                      Alias.nothing("zero3_init_flag", COMPILED),
                      Alias.nothing("zero3_save_16bit_model", "'save_dtype' says it"),
                      Alias.nothing("deepspeed_multinode_launcher", COMPILED)),
                  DeepSpeedZero.ALL.stream(),
                  Stream.of(
                          "fp16.auto_cast",
                          "fp16.loss_scale",
                          "fp16.initial_scale_power",
                          "fp16.loss_scale_window",
                          "fp16.hysteresis",
                          "fp16.consecutive_hysteresis",
                          "fp16.min_loss_scale")
                      .map(name -> Alias.nothing(name, SCALE)),
                  Stream.of(
                          "amp",
                          "torch_autocast",
                          "curriculum_learning",
                          "data_efficiency",
                          "progressive_layer_drop",
                          "eigenvalue",
                          "sparse_attention",
                          "compression_training",
                          "quantize_training",
                          "weight_quantization")
                      .map(name -> Alias.only(name, NONE, "'enabled' false", DeepSpeedKeys::isOff)),
                  Stream.of(
                          "steps_per_print",
                          "wall_clock_breakdown",
                          "memory_breakdown",
                          "dump_state",
                          "log_level",
                          "flops_profiler",
                          "comms_logger",
                          "tensorboard",
                          "wandb",
                          "csv_monitor",
                          "comet",
                          "monitor_config")
                      .map(name -> Alias.nothing(name, LOGGED)),
                  Stream.of(
                          "communication_data_type",
                          "seq_parallel_communication_data_type",
                          "prescale_gradients",
                          "gradient_predivide_factor",
                          "gradient_allreduce_op",
                          "managed_gradient_accumulation",
                          "sparse_gradients",
                          "disable_allgather",
                          "disable_python_gc",
                          "checkpoint",
                          "aio",
                          "autotuning",
                          "elasticity",
                          "nebula",
                          "datastates",
                          "compile",
                          "hybrid_engine",
                          "zero_allow_untested_optimizer",
                          "zero_force_ds_cpu_optimizer",
                          "use_data_before_expert_parallelism",
                          "local_rank",
                          "$schema")
                      .map(name -> Alias.nothing(name, COMPILED)))
              .flatMap(aliases -> aliases)
              .toList());

  /** What a name says: by itself, or by the group that answers for it. */
  static List<Alias> of(String name) {
    List<Alias> own = TABLE.others(name);
    int dot = name.lastIndexOf('.');
    if (!own.isEmpty() || dot < 0) {
      return own;
    }
    String group = name.substring(0, dot);
    return of(group);
  }

  /** Whether something within a group is named itself. */
  static boolean isGroup(String name) {
    return TABLE.others().stream().anyMatch(alias -> alias.name().startsWith(name + "."));
  }

  private static Alias size(String name, MeshAxis axis) {
    String key = MeshKeys.of(axis).name();
    return Alias.reading(
        name,
        List.of(key),
        (text, _) -> text.equals("1") ? List.of() : List.of(Assignment.of(key, text)),
        "1 leaves it");
  }

  private static List<Assignment> tensor(String text) {
    JsonNode node = text.startsWith("{") ? JsonText.read(text) : JsonText.normal(null);
    if (!node.isObject()) {
      throw new IllegalArgumentException("expected an object, got '" + text + "'");
    }
    int size = node.path("autotp_size").asInt(1);
    return size <= 1
        ? List.of()
        : List.of(Assignment.of(MeshKeys.TENSOR.name(), Integer.toString(size)));
  }

  private static boolean isOff(String text) {
    return text.equals("false") || !text.replaceAll("\\s", "").contains("\"enabled\":true");
  }

  private static List<Assignment> optimizer(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    return List.of(Assignment.of("optim", name.equals("adam") ? "adamw" : name));
  }

  private static List<Assignment> betas(String text) {
    JsonNode node = JsonText.read(text);
    if (!node.isArray() || node.size() != 2) {
      throw new IllegalArgumentException("expected two numbers, got " + JsonText.kind(node));
    }
    return List.of(
        Assignment.of("adam_beta1", node.get(0).asText()),
        Assignment.of("adam_beta2", node.get(1).asText()));
  }

  private static List<Assignment> scheduler(String type, Siblings beside) {
    String kind =
        switch (type) {
          case "WarmupLR" -> "constant_with_warmup";
          case "WarmupDecayLR" -> "linear";
          case "WarmupCosineLR" -> "cosine";
          default ->
              throw new IllegalArgumentException(
                  "expected 'WarmupLR', 'WarmupDecayLR' or 'WarmupCosineLR', got '" + type + "'");
        };
    List<Assignment> said = new ArrayList<>();
    said.add(Assignment.of("lr_scheduler_type", kind));
    // Its rates rise with the logarithm unless they are told not to.
    if (!param(beside, "warmup_type", "log").equals("linear")) {
      said.add(Assignment.of("lr_scheduler_kwargs", "warmup_type=log"));
    }
    if (kind.equals("cosine")) {
      said.add(Assignment.of("min_lr_rate", param(beside, "cos_min_ratio", "0.0001")));
    }
    return said;
  }

  private static String param(Siblings beside, String name, String otherwise) {
    String text = beside.here().getOrDefault("scheduler.params." + name, "");
    return text.isEmpty() || text.equals("auto") ? otherwise : text;
  }
}
