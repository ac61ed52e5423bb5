package dev.hlotune.configs;

/** The keys that say what is trained. */
final class ModelKeys {
  private ModelKeys() {}

  static final Key<Location> MODEL =
      Key.required(
              "model_name_or_path",
              new PathOrHub(false),
              "The model: a directory with config.json, model.safetensors and tokenizer.json, or"
                  + " the hub's 'owner/name'. A config.json alone starts from random weights drawn"
                  + " by 'seed'.")
          .alias("model", "model_name", "model_path", "base_model", "repo_id");

  static final Key<String> REVISION =
      Key.optional(
          "model_revision",
          new Text(),
          "A branch, tag or commit of a model on the hub. Without it, 'main'.");

  static final Key<Location> TOKENIZER =
      Key.optional(
              "tokenizer_name_or_path",
              new PathOrHub(false),
              "The tokenizer: a directory with tokenizer.json, that file, or the hub's"
                  + " 'owner/name'. Without it, the model's.")
          .alias("tokenizer", "tokenizer_name", "tokenizer_path", "processor_repo_id");

  static final Key<ComputeType> DTYPE =
      Key.preset(
              "dtype",
              Choice.of(ComputeType.values()),
              ComputeType.FLOAT32,
              "The number format of the computation. With float16 the loss is scaled, by a scale that"
                  + " follows the gradient.")
          .alias("torch_dtype", "model_dtype")
          .alias(Alias.yesNo("fp16", "dtype", "float16", "float32"))
          .alias(Alias.yesNo("bf16", "dtype", "bfloat16", "float32"));

  static final Key<GradientCheckpointing> GRADIENT_CHECKPOINTING =
      Key.preset(
              "gradient_checkpointing",
              Choice.of(GradientCheckpointing.values()),
              GradientCheckpointing.NONE,
              "What the backward pass computes again to save memory: nothing, all but the matrix"
                  + " products ('dots'), or everything but each layer's input ('full', also"
                  + " 'true').")
          .alias("activation_checkpointing", "remat", "remat_policy");

  static final Key<Boolean> SCAN_LAYERS =
      Key.optional(
          "scan_layers",
          new Flag(),
          "Whether the layers are one loop in the compiled program: compile time no longer grows"
              + " with depth, at some cost per step. Without it, as 'gradient_checkpointing' is on,"
              + " which on a CPU saves memory in a loop alone.");
}
