package dev.hlotune.configs;

import java.util.List;
import java.util.Set;

/** Names of TuFT's guide to supervised fine-tuning that are no other spelling of one key here. */
final class TuftOthers {
  private TuftOthers() {}

  /** Names that no other system has. */
  static final Set<String> MARKS =
      Set.of("num_steps", "base_url", "tinker_base_url", "sampler_name", "checkpoint_name");

  private static final String SERVER = "no server is asked: training runs here";
  private static final String PLOTS = "'hlotune report' draws what metrics.jsonl holds";
  private static final String NAMES = "'output_dir' is where all goes";

  private static final List<String> ADAPTERS =
      List.of(
          "lora_r",
          "use_peft",
          "lora_alpha",
          "lora_dropout",
          "train_attn",
          "train_mlp",
          "train_unembed",
          "lr_scheduler_type");

  static final List<Alias> ALL =
      List.of(
          // The guide trains adapters and nothing else, twice as strong as their rank, undropped.
          Alias.reading(
                  "lora_rank",
                  ADAPTERS,
                  (text, _) -> adapters(text),
                  "beside TuFT's options; alpha is twice the rank")
              .where(beside -> beside.hasAny(MARKS)),
          Alias.reading("rank", ADAPTERS, (text, _) -> adapters(text), "alpha is twice the rank"),
          Alias.reading(
                  "dataset",
                  List.of("dataset_name"),
                  (text, _) ->
                      List.of(
                          Assignment.of(
                              "dataset_name",
                              text.equals("no_robots") ? "HuggingFaceH4/no_robots" : text)),
                  "beside TuFT's options 'no_robots' is HuggingFaceH4/no_robots")
              .where(beside -> beside.hasAny(MARKS)),
          Alias.of("eval_batch", "max_eval_samples"),
          Alias.nothing("base_url", SERVER),
          Alias.nothing("tinker_base_url", SERVER),
          Alias.nothing("api_key", SERVER),
          Alias.nothing("tinker_api_key", SERVER),
          Alias.nothing("plot_path", PLOTS),
          Alias.nothing("sampler_name", NAMES),
          Alias.nothing("checkpoint_name", NAMES));

  private static List<Assignment> adapters(String rank) {
    int r = WholeNumber.atLeast(1).parse(rank);
    return List.of(
        Assignment.of("lora_r", rank),
        Assignment.mild("use_peft", "true"),
        Assignment.mild("lora_alpha", Integer.toString(2 * r)),
        Assignment.mild("lora_dropout", "0"),
        Assignment.mild("train_attn", "true"),
        Assignment.mild("train_mlp", "true"),
        Assignment.mild("train_unembed", "true"),
        Assignment.mild("lr_scheduler_type", "constant"));
  }
}
