package dev.hlotune.configs;

import java.util.Map;
import java.util.Optional;

/**
 * Keys of TRL and transformers that a recipe may bring along and that do nothing here yet. They are
 * refused, never ignored, and by what they are rather than by the nearest known spelling.
 */
final class UnsupportedKeys {
  private UnsupportedKeys() {}

  private static final String TRACKERS = "trackers other than metrics.jsonl";
  private static final String MANY_DEVICES = "several devices";
  private static final String UPLOADS = "uploads to the Hugging Face hub";

  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("report_to", TRACKERS),
          Map.entry("run_name", TRACKERS),
          Map.entry("use_wandb", TRACKERS),
          Map.entry("deepspeed", MANY_DEVICES),
          Map.entry("fsdp", MANY_DEVICES),
          Map.entry("fsdp_config", MANY_DEVICES),
          Map.entry("push_to_hub", UPLOADS),
          Map.entry("hub_model_id", UPLOADS),
          Map.entry("attn_implementation", "a choice of attention kernels"),
          Map.entry("total_batch_size", "a batch size over all micro-batches"));

  /** What a key would need, if it is one of these. */
  static Optional<String> reason(String name) {
    return Optional.ofNullable(REASONS.get(name.replace('-', '_')));
  }
}
