package dev.hlotune.configs;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Keys of EasyDeL that are no other spelling of one key here. */
final class EasydelOthers {
  private EasydelOthers() {}

  /** Names that no other system has. */
  static final Set<String> MARKS =
      Set.of("repo_id", "processor_repo_id", "attn_mechanism", "use_grain");

  private static final String PREVIEWS = "answers along the way are not given by this key";
  private static final String ENGINE = "there is no engine of its own for answers in a run";
  private static final String LOADER = "data is prepared once and read from mapped files";
  private static final String LOGGED = "metrics.jsonl has every figure, by 'logging_steps'";
  private static final String STATE = "weights and state are float32";
  private static final String FORMATS =
      "'load_in_4bit' and 'load_in_8bit' are the formats there are";

  static final List<Alias> ALL =
      Stream.of(
              Stream.of(
                  Alias.nothing(
                          "model_name",
                          "beside 'repo_id', which is the model: what the run is called")
                      .where(beside -> beside.hasAny(MARKS)),
                  Alias.reading(
                      "max_evaluation_steps",
                      List.of("max_eval_samples"),
                      NanochatOthers::evalSamples,
                      "batches; so many times the rows of one"),
                  Alias.only("per_epoch_training_steps", "'max_steps' bounds the whole run"),
                  Alias.only("per_epoch_evaluation_steps", "'max_eval_samples' bounds it"),
                  Alias.nothing(
                      "attn_mechanism", "attention is compiled with the rest of the step"),
                  Alias.nothing("attn_dtype", "attention computes in 'dtype'"),
                  Alias.nothing("attn_softmax_dtype", "attention's softmax is float32"),
                  Alias.nothing("param_dtype", STATE),
                  Alias.nothing("lmhead_chunksize", "the head is used where a token carries loss"),
                  Alias.nothing("low_mem_usage", STATE),
                  Alias.only("aux_loss_enabled", "mixtures of experts are not trained", "false"),
                  Alias.of("backend", "platform"),
                  Alias.only("custom_scheduler", "'lr_scheduler_type' has the schedules"),
                  Alias.only("extra_optimizer_kwargs", "'optim_args' has them"),
                  Alias.only("loss_config", "'label_smoothing_factor', 'z_loss' have them"),
                  Alias.only("model_parameters", "config.json says what the model is"),
                  Alias.only("quantization_mode", FORMATS),
                  Alias.nothing("quantization_group_size", FORMATS),
                  Alias.nothing("quantization_bits", FORMATS),
                  Alias.nothing("quantization_block", FORMATS),
                  Alias.only("tensor_straight_through", FORMATS),
                  Alias.only("straight_through_emulator", FORMATS),
                  Alias.only("pruning_module", "nothing is pruned"),
                  Alias.only("sparsify_module", "weights are dense", "false"),
                  Alias.nothing("sparse_module_type", "weights are dense"),
                  Alias.nothing(
                      "ids_to_pop_from_dataset", "columns that mean nothing are not read"),
                  Alias.only(
                      "add_special_tokens", "a chat template writes its own tokens", "false"),
                  Alias.only("is_fine_tuning", "'hlotune sft' fine-tunes", "true"),
                  Alias.only("init_tx", "the optimizer's state begins at zero", "true"),
                  Alias.only("state_apply_fn_kwarguments_to_model", "there are none"),
                  Alias.only("step_start_point", "'resume_from_checkpoint' goes on"),
                  Alias.only("force_step_start_point", "'resume_from_checkpoint' goes on", "false"),
                  Alias.only("training_time_limit", "'max_steps' bounds a run"),
                  Alias.nothing("merge_lora_before_save", "without adapters nothing is merged")
                      .where(beside ->
                          beside
                              .first(List.of("use_peft", "use_lora", "adapter_name_or_path"))
                              .filter(text -> !text.isEmpty() && !text.equalsIgnoreCase("false"))
                              .isEmpty()),
                  Alias.nothing(
                      "merge_lora_before_tpu_preemption_save", "checkpoints hold adapters"),
                  Alias.nothing(
                      "save_tpu_preemption_checkpoints", "a run told to stop saves first"),
                  Alias.nothing(
                      "remove_ckpt_after_load", "checkpoints stay; see 'save_total_limit'"),
                  Alias.yesNo("save_optimizer_state", "save_only_model", "false", "true"),
                  Alias.yesNo("resume_if_possible", "resume_from_checkpoint", "auto", ""),
                  Alias.nothing("performance_mode", LOGGED),
                  Alias.nothing("trainer_prefix", "'output_dir' is where all goes"),
                  Alias.nothing("verbose", "'--verbose' shows the trace of an error")),
              idle(
                  LOADER,
                  "offload_dataset",
                  "offload_device_type",
                  "offload_device_index",
                  "use_data_collator",
                  "use_data_collactor",
                  "use_grain"),
              idle(
                  LOGGED,
                  "log_all_workers",
                  "log_grad_norms",
                  "report_metrics",
                  "report_steps",
                  "metrics_to_show_in_rich_pbar",
                  "progress_bar_type",
                  "process_zero_is_admin",
                  "track_memory",
                  "watchers",
                  "weight_distribution_pattern",
                  "weight_distribution_log_steps",
                  "log_training_generations_to_wandb"),
              idle(
                  PREVIEWS,
                  "generation_top_p",
                  "generation_top_k",
                  "generation_presence_penalty",
                  "generation_frequency_penalty",
                  "generation_repetition_penalty",
                  "generation_temperature",
                  "generation_do_sample",
                  "generation_num_return_sequences",
                  "generation_max_new_tokens",
                  "generation_shard_inputs",
                  "generation_interval",
                  "generation_prompts",
                  "generation_use_train_prompts",
                  "generation_num_prompts",
                  "generation_dataset_prompt_field",
                  "generation_extra_kwargs",
                  "generation_config_overrides",
                  "generation_seed",
                  "generation_preview_print",
                  "generation_log_to_wandb"),
              idle("'hlotune eval' measures tasks", "benchmark_interval", "benchmarks"),
              idle(
                  ENGINE,
                  "use_esurge_generation",
                  "esurge_use_tqdm",
                  "esurge_hbm_utilization",
                  "esurge_max_num_seqs",
                  "esurge_max_num_seq_buckets",
                  "esurge_min_input_pad",
                  "esurge_page_size",
                  "esurge_silent_mode",
                  "esurge_runner_verbose",
                  "esurge_max_num_batched_tokens",
                  "esurge_enable_prefix_caching",
                  "esurge_data_parallelism_axis"))
          .flatMap(aliases -> aliases)
          .toList();

  private static Stream<Alias> idle(String reason, String... names) {
    return Stream.of(names).map(name -> Alias.nothing(name, reason));
  }
}
