package dev.hlotune.configs;

import java.util.List;
import java.util.Optional;

/**
 * Keys of transformers and TRL, of this release and earlier ones, that are no other spelling of one
 * key here.
 */
final class TransformersOthers {
  private TransformersOthers() {}

  private static final String COMPILED = "every step is compiled ahead of time";
  private static final String KERNELS = "attention is compiled with the rest of the step";
  private static final String LOADER = "data is prepared once and read from mapped files";
  private static final String LOGGED = "metrics.jsonl has every figure, by 'logging_steps'";
  private static final String ONE_PROCESS = "a run is one process";
  private static final String EXACT = "the loss is summed on the device, whatever the batches";
  private static final String RECOMPUTED = "what is computed again is compiled into the step";
  private static final String NO_UPLOAD =
      "nothing is uploaded; a run leaves its files on this machine";
  private static final String NO_CODE = "no code of a model's repository is ever run";
  private static final String LOSS_SCALE = "float16 scales the loss by itself";
  private static final String PLANNED = "rows are planned from all of the data's lengths";

  static final List<Alias> ALL =
      List.of(
          // Two spellings that transformers gives together, one of which says nothing.
          Alias.nothing("dtype", "beside 'bf16' or 'fp16': weights are float32 in any case")
              .where(beside -> isText(beside, "dtype", "float32") && halves(beside)),
          Alias.nothing("torch_dtype", "beside 'bf16' or 'fp16': weights are float32 in any case")
              .where(beside -> isText(beside, "torch_dtype", "float32") && halves(beside)),
          Alias.nothing("warmup_steps", "0 beside 'warmup_ratio', which says it")
              .where(beside -> isZero(beside, "warmup_steps") && !isZero(beside, "warmup_ratio")),
          Alias.nothing("dataset_test_split", "without an 'eval_strategy' nothing is evaluated")
              .where(TransformersOthers::neverEvaluates),
          // Numbers.
          Alias.only("tf32", "matrix products are as exact as 'dtype'", "false"),
          Alias.nothing("bf16_full_eval", "evaluation computes in 'dtype', as training does"),
          Alias.nothing("fp16_full_eval", "evaluation computes in 'dtype', as training does"),
          Alias.nothing("fp16_opt_level", LOSS_SCALE),
          Alias.nothing("fp16_backend", LOSS_SCALE),
          Alias.nothing("half_precision_backend", LOSS_SCALE),
          Alias.only("optim_target_modules", "there is no GaLore or APOLLO here"),
          Alias.yesNo("adafactor", "optim", "adafactor", ""),
          Alias.nothing("average_tokens_across_devices", EXACT),
          Alias.only("router_aux_loss_coef", "mixtures of experts are not trained"),
          // The compiled step.
          Alias.nothing("activation_checkpointing_kwargs", RECOMPUTED),
          Alias.nothing("gradient_checkpointing_kwargs", RECOMPUTED),
          Alias.nothing("gradient_checkpointing_use_reentrant", RECOMPUTED),
          Alias.nothing("activation_offloading", "activations stay on the device"),
          Alias.nothing("torch_compile", COMPILED),
          Alias.nothing("torch_compile_backend", COMPILED),
          Alias.nothing("torch_compile_mode", COMPILED),
          Alias.nothing("torchdynamo", COMPILED),
          Alias.nothing("jit_mode_eval", COMPILED),
          Alias.nothing("use_ipex", COMPILED),
          Alias.nothing("use_liger_kernel", COMPILED),
          Alias.nothing("use_liger", COMPILED),
          Alias.nothing("liger_kernel_config", COMPILED),
          Alias.nothing("attn_implementation", KERNELS),
          Alias.nothing("use_flash_attention_2", KERNELS),
          Alias.nothing("use_cache", "training needs no cache of keys and values"),
          Alias.nothing("past_index", "training needs no cache of keys and values"),
          Alias.nothing("torch_empty_cache_steps", "memory is laid out before the first step"),
          Alias.nothing("auto_find_batch_size", "a batch that does not fit ends the run at once"),
          Alias.nothing("skip_memory_metrics", "memory is said before the first step"),
          // Models and adapters.
          Alias.reading(
              "model_init_kwargs",
              List.of("dtype", "model_revision"),
              ModelInit::read,
              "its 'dtype' and 'revision'; of the rest, what makes no difference"),
          Alias.nothing("trust_remote_code", NO_CODE),
          Alias.only("lora_target_parameters", "adapters are for linear layers alone"),
          Alias.only("lora_task_type", "causal language models are trained", "causal_lm"),
          Alias.only("bnb_4bit_quant_type", "four bits are NF4", "nf4"),
          Alias.only("use_bnb_nested_quant", "scales of NF4 are float32", "false"),
          Alias.nothing("bnb_4bit_quant_storage", "the compiled step says how weights lie"),
          // Data.
          Alias.only(
              "dataset_kwargs",
              "a data set's columns say what it is",
              "'skip_prepare_dataset' false",
              text -> text.matches("\\{\\s*\"skip_prepare_dataset\"\\s*:\\s*\"?false\"?\\s*}")),
          Alias.nothing("dataset_batch_size", LOADER),
          Alias.nothing("dataset_streaming", LOADER),
          Alias.nothing("streaming", LOADER),
          Alias.nothing("num_of_sequences", "packing looks at all of the data at once"),
          Alias.nothing("chars_per_token", "packing goes by tokens"),
          Alias.nothing("padding_free", PLANNED),
          Alias.nothing("pad_to_multiple_of", PLANNED),
          Alias.nothing("eval_packing", "held-out rows have the same losses packed or not"),
          Alias.reading(
                  "packing_strategy",
                  List.of("truncation_mode"),
                  (text, _) -> packing(text),
                  "'bfd' is how rows are packed; 'bfd_split' is 'truncation_mode' split")
              .standingAlone(),
          Alias.reading(
              "train_sampling_strategy",
              List.of("shuffle", "group_by_length"),
              (text, _) -> sampling(text),
              "'random', 'sequential' and 'group_by_length'"),
          Alias.nothing("length_column_name", PLANNED),
          Alias.only(
              "dataloader_drop_last", "every example is in an epoch, the last ones too", "false"),
          Alias.nothing("dataloader_num_workers", LOADER),
          Alias.nothing("dataloader_pin_memory", LOADER),
          Alias.nothing("dataloader_persistent_workers", LOADER),
          Alias.nothing("dataloader_prefetch_factor", LOADER),
          Alias.nothing("dataloader_multiprocessing_context", LOADER),
          Alias.nothing("dataloader_in_order", "batches come in the order of the plan"),
          Alias.nothing("remove_unused_columns", "columns that mean nothing are not read"),
          Alias.only(
              "label_names", "labels are the tokens that carry loss", "labels", "[\"labels\"]"),
          // Evaluation.
          Alias.nothing("do_train", "'hlotune sft' trains"),
          Alias.nothing("do_eval", "'eval_strategy' says when held-out data is measured"),
          Alias.only("do_predict", "no predictions are written; see 'hlotune score'", "false"),
          Alias.only("eval_delay", "evaluations begin at once", "0"),
          Alias.only("eval_on_start", "the first evaluation comes after updates", "false"),
          Alias.nothing("prediction_loss_only", EXACT),
          Alias.nothing("eval_do_concat_batches", EXACT),
          Alias.nothing("eval_use_gather_object", EXACT),
          Alias.nothing("eval_accumulation_steps", EXACT),
          Alias.nothing("batch_eval_metrics", EXACT),
          Alias.nothing("include_for_metrics", EXACT),
          Alias.nothing("include_inputs_for_metrics", EXACT),
          Alias.nothing("use_legacy_prediction_loop", EXACT),
          // Logs.
          Alias.nothing("logging_strategy", LOGGED),
          Alias.nothing(
              "logging_nan_inf_filter", "a loss that is no number is never averaged away"),
          Alias.nothing("log_on_each_node", ONE_PROCESS),
          Alias.nothing("log_level", LOGGED),
          Alias.nothing("log_level_replica", ONE_PROCESS),
          Alias.nothing("include_num_input_tokens_seen", LOGGED),
          Alias.nothing("include_tokens_per_second", LOGGED),
          Alias.nothing("disable_tqdm", "progress is drawn on a terminal alone"),
          Alias.nothing("debug", "the first number that is none is found in any case"),
          Alias.nothing("tpu_metrics_debug", LOGGED),
          // Saving and uploads.
          Alias.nothing("save_safetensors", "weights are saved as safetensors"),
          Alias.nothing("save_on_each_node", ONE_PROCESS),
          Alias.nothing("enable_jit_checkpoint", "a run that is told to stop saves first"),
          Alias.nothing("resume_from_checkpoint", "false: a run begins anew")
              .where(beside -> isText(beside, "resume_from_checkpoint", "false")),
          Alias.only("ignore_data_skip", "a run goes on with the next record", "false"),
          Alias.nothing(
              "restore_callback_states_from_checkpoint", "a run goes on with all of its state"),
          Alias.only("push_to_hub", NO_UPLOAD, "false"),
          Alias.nothing("push_to_hub_model_id", NO_UPLOAD),
          Alias.nothing("push_to_hub_organization", NO_UPLOAD),
          Alias.nothing("push_to_hub_token", NO_UPLOAD),
          Alias.nothing("hub_model_id", NO_UPLOAD),
          Alias.nothing("hub_token", "HF_TOKEN names who asks the hub"),
          Alias.nothing("hub_private_repo", NO_UPLOAD),
          Alias.nothing("hub_strategy", NO_UPLOAD),
          Alias.nothing("hub_always_push", NO_UPLOAD),
          Alias.nothing("hub_revision", NO_UPLOAD),
          // The machine.
          Alias.yesNo("use_cpu", "platform", "cpu", ""),
          Alias.yesNo("no_cuda", "platform", "cpu", ""),
          Alias.only("use_mps_device", "there is no plugin for Apple's devices", "false"),
          Alias.nothing("full_determinism", "a run repeats bit for bit on the same machine"),
          Alias.nothing("mp_parameters", ONE_PROCESS),
          Alias.nothing("ray_scope", ONE_PROCESS),
          Alias.nothing("env", "set environment variables where hlotune is started"),
          Alias.file("config", "a recipe"));

  private static boolean isText(Siblings beside, String name, String text) {
    return Optional.ofNullable(beside.here().get(name)).filter(text::equalsIgnoreCase).isPresent();
  }

  private static boolean isZero(Siblings beside, String name) {
    return beside.here().getOrDefault(name, "0").matches("(0(\\.0*)?)?");
  }

  private static boolean halves(Siblings beside) {
    return beside.says("bf16") || beside.says("fp16");
  }

  private static boolean neverEvaluates(Siblings beside) {
    String strategy = beside.first(List.of("eval_strategy", "evaluation_strategy")).orElse("");
    return strategy.isEmpty()
        ? beside.first(List.of("eval_steps")).orElse("").isEmpty()
        : strategy.equalsIgnoreCase("no");
  }

  private static List<Assignment> packing(String text) {
    return switch (text) {
      case "bfd", "true" -> List.of();
      case "bfd_split", "bfd-requeue" -> List.of(Assignment.of("truncation_mode", "split"));
      default ->
          throw new IllegalArgumentException(
              "expected 'bfd' or 'bfd_split', got '" + text + "'; no record is cut to fill a row");
    };
  }

  private static List<Assignment> sampling(String text) {
    return switch (text) {
      case "random" ->
          List.of(Assignment.mild("shuffle", "true"), Assignment.mild("group_by_length", "false"));
      case "sequential" -> List.of(Assignment.of("shuffle", "false"));
      case "group_by_length" -> List.of(Assignment.of("group_by_length", "true"));
      default ->
          throw new IllegalArgumentException(
              "expected 'random', 'sequential' or 'group_by_length', got '" + text + "'");
    };
  }
}
