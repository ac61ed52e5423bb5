package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Options of nanochat's chat_sft that are no other spelling of one key here. */
final class NanochatOthers {
  private NanochatOthers() {}

  /** Names that no other system has. */
  static final Set<String> MARKS =
      Set.of(
          "model_tag",
          "model_step",
          "device_batch_size",
          "target_examples_per_step",
          "eval_every",
          "eval_metrics_every",
          "chatcore_every",
          "max_data_tokens",
          "eval_tokens");

  private static final String TASKS = "'hlotune eval' measures tasks, of the model that is left";
  private static final String MIXTURE = "'datasets' holds the mixture, with a 'repeat' for each";

  /** Under which a micro-batch's rows may have been set. */
  private static final List<String> ROWS =
      List.of(
          "per_device_eval_batch_size",
          "eval_batch_size",
          "device_batch_size",
          "per_device_train_batch_size",
          "total_batch_size",
          "batch_size");

  static final List<Alias> ALL =
      List.of(
          Alias.reading(
              "model_tag",
              List.of("model_name_or_path", "tokenizer_name_or_path"),
              NanochatModel::read,
              "the model of 'source' and 'model_step' under $NANOCHAT_BASE_DIR"),
          Alias.nothing("source", "beside 'model_tag', which is looked for there")
              .where(beside -> beside.here().containsKey("model_tag")),
          Alias.only("source", "name the model with 'model_tag' or 'model_name_or_path'"),
          Alias.nothing("model_step", "beside 'model_tag', whose step it is")
              .where(beside -> beside.here().containsKey("model_tag")),
          Alias.only("model_step", "name the model with 'model_tag' or 'model_name_or_path'"),
          Alias.reading(
              "device_type",
              List.of("platform"),
              (text, _) -> text.isEmpty() ? List.of() : List.of(Assignment.of("platform", text)),
              "'cpu' and 'cuda'; nothing leaves it"),
          // Beside the interval under nanochat's name, this is how many batches are measured.
          Alias.reading(
                  "eval_steps",
                  List.of("max_eval_samples"),
                  NanochatOthers::evalSamples,
                  "beside 'eval_every': batches, so many times the rows of one")
              .where(beside -> beside.here().containsKey("eval_every")),
          Alias.reading(
              "max_data_tokens",
              List.of("max_length", "truncation_mode"),
              (text, _) ->
                  List.of(
                      Assignment.of("max_length", text), Assignment.of("truncation_mode", "drop")),
              "longer conversations are left out"),
          Alias.nothing("eval_metrics_every", TASKS),
          Alias.nothing("eval_metrics_max_problems", TASKS),
          Alias.nothing("chatcore_every", TASKS),
          Alias.nothing("chatcore_max_cat", TASKS),
          Alias.nothing("chatcore_max_sample", TASKS),
          // Of the months since.
          Alias.only(
                  "total_batch_size",
                  "beside nanochat's options it counts tokens; give 'target_examples_per_step'")
              .where(beside -> beside.hasAny(MARKS)),
          Alias.only("eval_tokens", "give 'max_eval_samples'"),
          Alias.only("load_optimizer", "the optimizer's state begins at zero", "0"),
          Alias.reading(
              "warmdown_ratio",
              List.of("lr_scheduler_type", "lr_scheduler_kwargs"),
              NanochatOthers::warmdown,
              "the last share of the run, over which the rate falls to 'final_lr_frac'"),
          Alias.nothing("final_lr_frac", "beside 'warmdown_ratio', which ends there")
              .where(beside -> beside.here().containsKey("warmdown_ratio")),
          Alias.of("final_lr_frac", "min_lr_rate"),
          Alias.only("mmlu_epochs", MIXTURE),
          Alias.only("gsm8k_epochs", MIXTURE));

  /** So many batches as examples. */
  static List<Assignment> evalSamples(String text, Siblings beside) {
    int batches = WholeNumber.atLeast(1).parse(text);
    Optional<String> rows = beside.first(ROWS);
    int each = rows.map(WholeNumber.atLeast(1)::parse).orElse(8);
    return List.of(Assignment.of("max_eval_samples", Long.toString((long) batches * each)));
  }

  private static List<Assignment> warmdown(String text, Siblings beside) {
    double share = RealNumber.share().parse(text);
    if (share == 0) {
      return List.of(Assignment.of("lr_scheduler_type", "constant_with_warmup"));
    }
    List<Assignment> said = new ArrayList<>();
    said.add(Assignment.of("lr_scheduler_type", "warmup_stable_decay"));
    said.add(
        Assignment.of(
            "lr_scheduler_kwargs",
            "num_decay_steps=%s,decay_type=linear,min_lr_ratio=%s"
                .formatted(text, beside.first(List.of("final_lr_frac")).orElse("0.0"))));
    return said;
  }
}
