package dev.hlotune.configs;

import java.util.List;
import java.util.Map;

/** The keys that say what is trained on. */
final class DataKeys {
  private DataKeys() {}

  static final Key<Location> DATASET =
      Key.optional(
              "dataset_name",
              new PathOrHub(true),
              "The training data: a file, a folder or a pattern of them (JSON Lines, JSON, CSV,"
                  + " Parquet, Arrow), a data set of the hub ('owner/name'), or a task"
                  + " ('task:spelling_bee'). Without it, 'datasets' is needed.")
          .alias("dataset", "dataset_path", "train_file", "data");

  static final Key<List<DatasetSpec>> DATASETS =
      Key.optional(
              "datasets",
              DatasetKeys.LIST,
              "Several data sets instead of one, each a mapping with 'path' and, as for one, 'name',"
                  + " 'split', 'data_dir', 'data_files', 'revision', 'dataset_format',"
                  + " 'dataset_columns', 'dataset_text_field'; and with 'repeat' (how often an epoch"
                  + " holds it) or 'weight' (its part of an epoch), and a 'seed' for what is drawn. Without it, 'dataset_name' is needed.")
          .alias("dataset_mixture");

  static final Key<String> CONFIG =
      Key.optional(
              "dataset_config",
              new Text(),
              "The configuration of a data set of the hub that has several. Without it, the default"
                  + " one.")
          .alias("dataset_config_name", "subset");

  static final Key<String> SPLIT =
      Key.optional(
              "dataset_split",
              new Text(),
              "The split to train on, with a slice where one is wanted ('train[:10%]',"
                  + " 'train[100:200]'). Without it, 'train' of a data set with splits, and all of"
                  + " files.")
          .alias("dataset_train_split", "train_split");

  static final Key<String> DATA_DIR =
      Key.optional("data_dir", new Text(), "A folder of the data set. Without it, all of it.");

  static final Key<List<String>> DATA_FILES =
      Key.optional(
          "data_files",
          new TextList(),
          "Patterns of the data set's files. Without it, all of them.");

  static final Key<String> REVISION =
      Key.optional(
          "dataset_revision",
          new Text(),
          "A branch, tag or commit of a data set of the hub. Without it, 'main'.");

  static final Key<Location> EVAL_DATASET =
      Key.optional(
              "eval_dataset_name",
              new PathOrHub(true),
              "Held-out data, named like 'dataset_name'. Without it, 'eval_datasets', 'eval_split'"
                  + " and 'test_size', nothing is evaluated.")
          .alias("eval_dataset", "eval_dataset_path", "eval_file", "validation_file");

  static final Key<List<DatasetSpec>> EVAL_DATASETS =
      Key.optional(
          "eval_datasets",
          DatasetKeys.LIST,
          "Held-out data, written like 'datasets'. Without it, see 'eval_dataset_name'.");

  static final Key<String> EVAL_SPLIT =
      Key.optional(
              "eval_split",
              new Text(),
              "The split that is held out, of 'eval_dataset_name' where there is one, else of"
                  + " 'dataset_name'. Without it, no split is held out of 'dataset_name'.")
          .alias("dataset_test_split", "eval_dataset_split", "validation_split");

  static final Key<Double> TEST_SIZE =
      Key.optional(
              "test_size",
              RealNumber.above(0),
              "How much of each training set is held out, drawn by 'data_seed': below 1 a part of"
                  + " its records, else their number. Without it, nothing of them is.")
          .alias("test_split_size", "val_size", "val_set_size");

  static final Key<MixtureStop> MIXTURE_STOP =
      Key.preset(
              "mixture_stopping_strategy",
              Choice.of(MixtureStop.values()),
              MixtureStop.FIRST_EXHAUSTED,
              "With weights: whether an epoch ends when the first data set has been seen whole, or"
                  + " when all have.")
          .alias("stopping_strategy");

  static final Key<DatasetFormat> FORMAT =
      Key.optional(
          "dataset_format",
          Choice.of(DatasetFormat.values()),
          "What a record is. Without it, its columns tell.");

  static final Key<Map<String, String>> COLUMNS =
      Key.optional(
              "dataset_columns",
              new TextMap(),
              "The data set's own names of columns, by the names that the format knows"
                  + " ('question=Problem,answer=Solution'). Without it, they are the same.")
          .alias("column_mapping");

  static final Key<String> TEXT_FIELD =
      Key.optional(
          "dataset_text_field",
          new Text(),
          "The column of plain text. Without it, the columns of a record say what it is.");

  static final Key<ChatTemplateRef> CHAT_TEMPLATE =
      Key.optional(
              "chat_template",
              new TemplateType(),
              "How a conversation becomes text: a template that comes along (chatml, guide, nanochat,"
                  + " llama-3, zephyr, mistral, gemma, qwen), the tokenizer's own ('tokenizer', or"
                  + " 'tokenizer:NAME' of several), or a Jinja file. Without it, the tokenizer's own,"
                  + " or chatml where it has none.")
          .alias("chat_template_path");

  static final Key<Map<String, Object>> TEMPLATE_VARIABLES =
      Key.optional(
          "chat_template_kwargs",
          new JsonMap(),
          "Further variables for the chat template, such as 'enable_thinking'. Without it, none.");

  static final Key<TrainOnWhat> TRAIN_ON_WHAT =
      Key.preset(
              "train_on_what",
              Choice.of(TrainOnWhat.values()),
              TrainOnWhat.ALL_ASSISTANT_MESSAGES,
              "What carries loss: every message of the assistant (of a prompt, its completion), only"
                  + " the last one, every token, or every token but those of a prompt that has a"
                  + " completion. A message that says so itself ('train', 'weight') goes over the first"
                  + " two.")
          .alias(
              Alias.reading(
                      "assistant_only_loss",
                      List.of("train_on_what"),
                      DataKeys::assistantOnly,
                      "true is 'all_assistant_messages', false is 'all_but_prompts'")
                  .standingAlone())
          .alias(
              Alias.yesNo(
                  "completion_only_loss", "train_on_what", "all_assistant_messages", "all_tokens"))
          .alias(
              Alias.yesNo(
                  "train_on_prompt", "train_on_what", "all_tokens", "all_assistant_messages"))
          .alias(
              Alias.yesNo(
                  "train_on_inputs", "train_on_what", "all_tokens", "all_assistant_messages"))
          .alias(
              Alias.yesNo(
                  "mask_history",
                  "train_on_what",
                  "last_assistant_message",
                  "all_assistant_messages"));

  /** Without it TRL learns all of a conversation, but of a prompt and its completion the latter. */
  private static List<Assignment> assistantOnly(String text, Siblings beside) {
    String completions = beside.here().getOrDefault("completion_only_loss", "");
    return List.of(
        new Flag().parse(text)
            ? Assignment.of("train_on_what", "all_assistant_messages")
            : Assignment.mild(
                "train_on_what",
                completions.equalsIgnoreCase("false") ? "all_tokens" : "all_but_prompts"));
  }

  static final Key<TrainOnEos> TRAIN_ON_EOS =
      Key.preset(
          "train_on_eos",
          Choice.of(TrainOnEos.values()),
          TrainOnEos.TURN,
          "Whether the token that ends a message is learned: of each that is trained on ('turn'), of"
              + " the last, or of none.");

  static final Key<OnRewrittenHistory> ON_REWRITTEN_HISTORY =
      Key.preset(
          "on_rewritten_history",
          Choice.of(OnRewrittenHistory.values()),
          OnRewrittenHistory.ERROR,
          "What becomes of a conversation whose earlier turns the template shows otherwise once"
              + " later ones follow, such as reasoning that it drops: it cannot be used, or each"
              + " answer becomes an example of its own.");

  static final Key<Integer> MAX_LENGTH =
      Key.preset(
              "max_length",
              WholeNumber.atLeast(2),
              1024,
              "The longest sequence, in tokens; also the length of a packed row.")
          .alias("max_seq_length", "max_sequence_length", "max_seq_len", "sequence_len")
          .alias("cutoff_len", "model_max_length");

  static final Key<TruncationMode> TRUNCATION_MODE =
      Key.preset(
              "truncation_mode",
              Choice.of(TruncationMode.values()),
              TruncationMode.KEEP_START,
              "What becomes of a record longer than 'max_length': its start or its end stays, it is"
                  + " left out, or it is split into several. All are counted.")
          .alias("excess_length_strategy");

  static final Key<OnBadRecord> ON_BAD_RECORD =
      Key.preset(
          "on_bad_record",
          Choice.of(OnBadRecord.values()),
          OnBadRecord.ERROR,
          "What becomes of a record that cannot be used (broken JSON, unknown role): the run ends"
              + " with its file and line, or it is left out and counted.");

  static final Key<OnFinding> DATA_AUDIT =
      Key.preset(
          "data_audit",
          Choice.of(OnFinding.values()),
          OnFinding.ERROR,
          "What becomes of the run where the audit of its data finds an error, such as an end token"
              + " that is never learned: it ends before anything is compiled, or it names what was"
              + " found and goes on. See docs/data-audit.md.");

  static final Key<Integer> NUM_PROC =
      Key.optional(
              "dataset_num_proc",
              new WholeNumber(1, 1024),
              "Threads that prepare data. Without it, one per core.")
          .alias("preprocessing_num_workers", "dataset_num_workers");

  static final Key<Boolean> PACKING =
      Key.preset(
              "packing",
              new Flag(),
              false,
              "Whether several records share a row, best fit first, without seeing each other.")
          .alias("sample_packing");

  static final Key<Integer> MAX_BUCKETS =
      Key.preset(
          "max_buckets",
          new WholeNumber(1, 64),
          4,
          "The most row lengths of a run, training and evaluation together; chosen from the"
              + " lengths of all its data so that padding, attention and compilation cost least."
              + " Packed rows of each length make about equal batches in tokens.");

  static final Key<Boolean> SHUFFLE =
      Key.preset(
              "shuffle",
              new Flag(),
              true,
              "Whether each epoch sees the records in a new order, given by 'data_seed'.")
          .alias("shuffle_train_dataset")
          .alias(Alias.yesNo("shuffle_dataset", "shuffle", "true", ""));

  static final Key<Boolean> GROUP_BY_LENGTH =
      Key.preset(
          "group_by_length",
          new Flag(),
          true,
          "Without packing, and with 'shuffle': whether a batch is drawn from records of about one"
              + " length, or from all and padded to the longest. Each epoch takes every record once"
              + " either way. Held-out data is always taken by length.");

  static final Key<Integer> TRAIN_BATCH_SIZE =
      Key.preset(
              "per_device_train_batch_size",
              WholeNumber.atLeast(1),
              8,
              "Rows of 'max_length' in one micro-batch, for each device that batches are split over"
                  + " ('mesh.data' x 'mesh.fsdp'); when packing, a bucket of shorter rows holds more"
                  + " of them, up to the same number of tokens.")
          .alias("batch_size", "train_batch_size", "micro_batch_size", "device_batch_size")
          .alias("per_gpu_train_batch_size");

  static final Key<Integer> EVAL_BATCH_SIZE =
      Key.optional(
              "per_device_eval_batch_size",
              WholeNumber.atLeast(1),
              "As 'per_device_train_batch_size', for held-out data, in rows of the same lengths."
                  + " Without it, that of training, and no shape is added.")
          .alias("eval_batch_size", "per_gpu_eval_batch_size");

  static final Key<Integer> ACCUMULATION =
      Key.preset(
              "gradient_accumulation_steps",
              WholeNumber.atLeast(1),
              1,
              "Micro-batches in one update. The update is that of one large batch, whatever the"
                  + " split.")
          .alias("gradient_accumulation", "grad_accum", "grad_accum_steps");

  static final Key<Integer> TOTAL_BATCH_SIZE =
      Key.optional(
          "total_batch_size",
          WholeNumber.atLeast(1),
          "Rows of one micro-batch on all devices together, in place of"
              + " 'per_device_train_batch_size'. Without it, so many times that one as devices split"
              + " a batch.");

  static final Key<Integer> UPDATE_BATCH_SIZE =
      Key.optional(
              "update_batch_size",
              WholeNumber.atLeast(1),
              "Rows of one update, over all of its micro-batches and devices: the rows of a"
                  + " micro-batch on all devices, times 'gradient_accumulation_steps', one of which"
                  + " may be left out beside it. Without it, both are as they are.")
          .alias("target_examples_per_step", "global_batch_size");
}
