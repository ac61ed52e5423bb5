package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads questions with answers to choose from, in the forms of ARC ({@code choices} with {@code
 * text} and {@code label}, {@code answerKey} one of the labels) and of MMLU ({@code choices} a
 * list, {@code answer} the place of the right one from 0, or its letter).
 *
 * <p>The question is asked as nanochat asks it: each choice stands before its letter and nothing
 * between {@code =} and the letter, so that the letter is the token that the assistant answers
 * with. ARC's labels are taken as they are, {@code 1} to {@code 4} where a question has those.
 */
final class MultipleChoiceRecords {
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /** MMLU's auxiliary training set wraps each of its rows in this column. */
  private static final String WRAPPER = "train";

  private MultipleChoiceRecords() {}

  static boolean fits(Fields fields) {
    return isQuestion(fields) || isQuestion(unwrapped(fields));
  }

  private static boolean isQuestion(Fields fields) {
    return fields.has("question") && fields.has("choices");
  }

  private static Fields unwrapped(Fields fields) {
    return !isQuestion(fields) && fields.get(WRAPPER) instanceof ObjectNode inner
        ? new Fields(inner, fields.renamed(), fields.origin())
        : fields;
  }

  static SourceRecord read(Fields record) {
    Fields fields = unwrapped(record);
    List<String> choices = choices(fields);
    List<String> labels = labels(fields, choices.size());
    String question = question(fields.text("question"), choices, labels);
    return ConversationRecords.of(
        List.of(Message.of("user", question), Message.of("assistant", answer(fields, labels))),
        fields);
  }

  /** The question as the user puts it. */
  private static String question(String question, List<String> choices, List<String> labels) {
    StringBuilder text = new StringBuilder("Multiple Choice question: ").append(question);
    text.append('\n');
    for (int i = 0; i < choices.size(); i++) {
      text.append("- ").append(choices.get(i)).append('=').append(labels.get(i)).append('\n');
    }
    return text.append("\nRespond only with the letter of the correct answer.").toString();
  }

  private static List<String> choices(Fields fields) {
    JsonNode choices = fields.get("choices");
    return choices instanceof ObjectNode
        ? texts(choices.get("text"), ".text", fields)
        : texts(choices, "", fields);
  }

  private static List<String> labels(Fields fields, int count) {
    if (fields.get("choices") instanceof ObjectNode choices) {
      List<String> labels = texts(choices.get("label"), ".label", fields);
      if (labels.size() != count) {
        throw fields.problem(
            "choices", "expected a label for each of " + count + " texts, got " + labels.size());
      }
      return labels;
    }
    if (count > LETTERS.length()) {
      throw fields.problem("choices", "expected at most 26 choices, got " + count);
    }
    return LETTERS.substring(0, count).chars().mapToObj(Character::toString).toList();
  }

  private static List<String> texts(@Nullable JsonNode list, String below, Fields fields) {
    String column = fields.named("choices") + below;
    if (list == null || !list.isArray() || list.isEmpty()) {
      throw new DataException(
          fields.origin(),
          column,
          "expected a list of texts, got "
              + (list != null && list.isArray() ? "an empty one" : Fields.kind(list)));
    }
    List<String> texts = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      texts.add(Fields.text(list.get(i), column + "[" + i + "]", fields.origin()));
    }
    return texts;
  }

  /** The label of the right choice. */
  private static String answer(Fields fields, List<String> labels) {
    String column = fields.firstOf("answerKey", "answer");
    JsonNode answer = fields.get(column);
    if (answer != null && answer.isTextual() && labels.contains(answer.textValue())) {
      return answer.textValue();
    }
    boolean places = !(fields.get("choices") instanceof ObjectNode);
    if (places && answer != null && answer.isIntegralNumber() && answer.canConvertToInt()) {
      int place = answer.intValue();
      if (place >= 0 && place < labels.size()) {
        return labels.get(place);
      }
    }
    throw fields.problem(
        column,
        "expected one of "
            + labels.stream().map(label -> '"' + label + '"').toList()
            + (places ? " or a place from 0 to " + (labels.size() - 1) : "")
            + ", got "
            + (answer == null ? "nothing" : answer));
  }
}
