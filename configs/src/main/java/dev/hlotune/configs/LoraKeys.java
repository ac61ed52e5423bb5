package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.List;

/** The keys of adapters, named as TRL's ModelConfig and PEFT's LoraConfig name them. */
final class LoraKeys {
  private LoraKeys() {}

  static final Key<Boolean> USE_PEFT =
      Key.preset(
              "use_peft",
              new Flag(),
              false,
              "Whether low-rank adapters (LoRA) are trained and the model's own weights stay as they"
                  + " are. The other keys of this section are for adapters.")
          .alias("use_lora");

  static final Key<Integer> R =
      Key.optional(
              "lora_r", new WholeNumber(1, 1 << 16), "The rank of the adapters. Without it, 16.")
          .alias("r", "lora_rank");

  static final Key<Double> ALPHA =
      Key.optional(
          "lora_alpha",
          RealNumber.above(0),
          "What adapters add is multiplied with alpha / r, with 'use_rslora' with alpha / sqrt(r)."
              + " Without it, 32.");

  static final Key<Double> DROPOUT =
      Key.optional(
          "lora_dropout",
          RealNumber.share(),
          "The part of an adapter's input that is dropped in training. Without it, 0.05.");

  static final Key<List<String>> TARGETS =
      Key.optional(
              "lora_target_modules",
              new TextList(),
              "The linear layers that get an adapter: names such as 'q_proj,v_proj' or 'mlp.c_proj',"
                  + " 'all-linear' for all but the head, or a regular expression of whole paths."
                  + " Without it, what PEFT trains in the model's family.")
          .alias("target_modules");

  static final Key<Boolean> TRAIN_ATTN =
      Key.optional(
          "train_attn",
          new Flag(),
          "Whether attention's layers get an adapter, in place of 'lora_target_modules'. Without it,"
              + " yes where 'train_mlp' or 'train_unembed' is given.");

  static final Key<Boolean> TRAIN_MLP =
      Key.optional(
          "train_mlp",
          new Flag(),
          "Whether the MLP's layers get an adapter. Without it, as for 'train_attn'.");

  static final Key<Boolean> TRAIN_UNEMBED =
      Key.optional(
          "train_unembed",
          new Flag(),
          "Whether the head gets an adapter. Without it, as for 'train_attn'.");

  static final Key<List<String>> MODULES_TO_SAVE =
      Key.optional(
              "lora_modules_to_save",
              new TextList(),
              "Modules that are trained whole and saved with the adapter, such as 'embed_tokens'."
                  + " Without it, none.")
          .alias("modules_to_save");

  static final Key<Boolean> RSLORA =
      Key.optional(
          "use_rslora",
          new Flag(),
          "Whether the scale is alpha / sqrt(r) (Kalajdzievski 2023). Without it, no.");

  static final Key<Boolean> DORA =
      Key.optional(
          "use_dora",
          new Flag(),
          "Whether magnitudes are trained apart from directions (Liu et al. 2024). Without it, no.");

  static final Key<LoraBias> BIAS =
      Key.optional(
          "bias",
          Choice.of(LoraBias.values()),
          "Which biases are trained beside adapters: 'none', 'all', or 'lora_only', those of the"
              + " layers with an adapter. Without it, none.");

  static final Key<Integer> MAX_RANK =
      Key.optional(
          "lora_max_rank",
          new WholeNumber(1, 1 << 16),
          "The rank that compiled programs have room for; runs of any smaller 'lora_r' use the same"
              + " ones. Without it, 'lora_r'.");

  static final Key<Boolean> MERGE =
      Key.optional(
          "merge_lora_before_save",
          new Flag(),
          "Whether the adapters are added to the model's weights and a whole model is saved in"
              + " place of an adapter. Without it, no.");

  static final Key<Boolean> LOAD_IN_4BIT =
      Key.optional(
          "load_in_4bit",
          new Flag(),
          "Whether the model's linear layers, but the head, are held in four bits (NF4) beside the"
              + " adapters (Dettmers et al. 2023, QLoRA). Without it, no.");

  static final Key<Boolean> LOAD_IN_8BIT =
      Key.optional(
          "load_in_8bit",
          new Flag(),
          "Likewise in eight bits, one scale for each output. Without it, no.");

  static final Key<Path> ADAPTER =
      Key.optional(
          "adapter_name_or_path",
          new FilePath(true),
          "An adapter to train further, as PEFT saves it: a directory with adapter_config.json,"
              + " whose own settings then hold. Without it, a new one.");

  static final List<Key<?>> LOADING = List.of(LOAD_IN_4BIT, LOAD_IN_8BIT);

  static final List<Key<?>> OF_NEW =
      List.of(
          R,
          ALPHA,
          DROPOUT,
          TARGETS,
          TRAIN_ATTN,
          TRAIN_MLP,
          TRAIN_UNEMBED,
          MODULES_TO_SAVE,
          RSLORA,
          DORA,
          BIAS);
}
