package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the columns of a record mean. In the order in which a record's columns are tried: the first
 * format that fits is taken.
 */
@SuppressWarnings("ImmutableEnumChecker") // The functions have no state.
public enum RecordFormat {
  /** {@code input_ids} with {@code labels} or {@code weights}: nothing is rendered or encoded. */
  TOKENS("tokens", fields -> fields.has("input_ids"), TokenRecords::read),
  /** {@code messages}: a list of role and content, with {@code tools} where there are some. */
  MESSAGES("messages", fields -> fields.has("messages"), ConversationRecords::messages),
  /** {@code conversations}: ShareGPT's list of from and value. */
  CONVERSATIONS(
      "conversations", fields -> fields.has("conversations"), ConversationRecords::shareGpt),
  /** {@code prompt} and {@code completion}: both texts, or both lists of messages. */
  PROMPT_COMPLETION(
      "prompt_completion",
      fields -> fields.has("prompt") && fields.has("completion"),
      PromptRecords::completion),
  /** {@code chosen}, as in HH-RLHF: what was preferred is learned, the rest is passed over. */
  PREFERENCE("preference", fields -> fields.has("chosen"), PromptRecords::chosen),
  /**
   * {@code instruction} (with {@code input} or {@code context}) and {@code response} or {@code
   * output}, as in Alpaca and Dolly.
   */
  INSTRUCTION(
      "instruction",
      fields -> fields.has("instruction") && (fields.has("response") || fields.has("output")),
      InstructionRecords::instruction),
  /** {@code question} and {@code choices}, as in ARC and MMLU: the answer is a letter. */
  MULTIPLE_CHOICE("multiple_choice", MultipleChoiceRecords::fits, MultipleChoiceRecords::read),
  /**
   * {@code question} and {@code answer} with a calculator's calls, as in GSM8K. Only by name: two
   * turns of text are the same columns.
   */
  GSM8K("gsm8k", _ -> false, Gsm8kRecords::read),
  /** {@code question} and {@code answer}: two turns. */
  QUESTION_ANSWER(
      "question_answer",
      fields -> fields.has("question") && fields.has("answer"),
      InstructionRecords::questionAnswer),
  /** A tree of messages, as in OASST1: the best-ranked path of each is one conversation. */
  OASST("oasst", OasstRecords::fits, OasstRecords::read),
  /** {@code text}, or the column of {@code dataset_text_field}: every token is learned. */
  TEXT("text", fields -> fields.has("text"), InstructionRecords::text);

  private final String spelled;
  private final Predicate<Fields> fits;
  private final Function<Fields, SourceRecord> reader;

  RecordFormat(String spelled, Predicate<Fields> fits, Function<Fields, SourceRecord> reader) {
    this.spelled = spelled;
    this.fits = fits;
    this.reader = reader;
  }

  /** The name, as recipes give it. */
  public String spelled() {
    return spelled;
  }

  /** Reads a record. */
  SourceRecord read(Fields fields) {
    return reader.apply(fields);
  }

  /**
   * The format that a record's columns tell.
   *
   * @throws DataException if they tell none
   */
  static RecordFormat of(Fields fields) {
    return told(fields)
        .orElseThrow(() ->
            new DataException(
                fields.origin(),
                null,
                "expected the columns \"messages\", \"conversations\", \"prompt\" and"
                    + " \"completion\", \"chosen\", \"instruction\" and \"response\" or"
                    + " \"output\", \"question\" and \"answer\" or \"choices\", \"input_ids\", or"
                    + " \"text\", got "
                    + fields.columns()
                    + "; name a column of plain text with dataset_text_field, or the columns with"
                    + " dataset_columns"));
  }

  /** The format that a record's columns tell, if they tell one. */
  static Optional<RecordFormat> told(Fields fields) {
    return Arrays.stream(values()).filter(format -> format.fits.test(fields)).findFirst();
  }

  /** A format by name. */
  static RecordFormat named(String name) {
    return Arrays.stream(values())
        .filter(format -> format.spelled.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new DataException(
                "dataset_format: expected one of "
                    + Arrays.stream(values())
                        .map(RecordFormat::spelled)
                        .collect(Collectors.joining(", "))
                    + ", got \""
                    + name
                    + '"'));
  }
}
