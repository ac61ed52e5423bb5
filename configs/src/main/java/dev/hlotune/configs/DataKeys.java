package dev.hlotune.configs;

import java.nio.file.Path;

/** The keys that say what is trained on. */
final class DataKeys {
  private DataKeys() {}

  static final Key<Path> DATASET =
      Key.required(
              "dataset_name",
              new FilePath(true),
              "The training data: a JSON Lines file with messages, prompt and completion,"
                  + " instruction and response or output, question and answer, or text.")
          .alias("dataset", "dataset_path", "train_file", "data");

  static final Key<Path> EVAL_DATASET =
      Key.optional(
              "eval_dataset_name",
              new FilePath(true),
              "Held-out data in the same forms. Without it, nothing is evaluated.")
          .alias("eval_dataset", "eval_dataset_path", "eval_file", "validation_file");

  static final Key<String> TEXT_FIELD =
      Key.optional(
          "dataset_text_field",
          new Text(),
          "The column of plain text. Without it, the columns of a record say what it is.");

  static final Key<ChatTemplateName> CHAT_TEMPLATE =
      Key.preset(
              "chat_template",
              Choice.of(ChatTemplateName.values()),
              ChatTemplateName.CHATML,
              "How a conversation becomes text: <|im_start|>role ... <|im_end|> ('chatml'), or"
                  + " <|user|> and <|assistant|> lines that end with <|endoftext|> ('guide').")
          .alias("chat_template_path");

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
              "What becomes of a record longer than 'max_length': its start stays, or it is left"
                  + " out. Both are counted.")
          .alias("excess_length_strategy");

  static final Key<OnBadRecord> ON_BAD_RECORD =
      Key.preset(
          "on_bad_record",
          Choice.of(OnBadRecord.values()),
          OnBadRecord.ERROR,
          "What becomes of a record that cannot be used (broken JSON, unknown role): the run ends"
              + " with its file and line, or it is left out and counted.");

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
          .alias("shuffle_dataset");

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
              "Rows of 'max_length' in one micro-batch; when packing, a bucket of shorter rows"
                  + " holds more of them, up to the same number of tokens.")
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
}
