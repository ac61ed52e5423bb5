package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads records that are tokenized already. What is learned is told by {@code labels} (an id where
 * it is, -100 where it is not), by {@code weights} (a number for each token as a target), by a
 * {@code completion_mask}, {@code assistant_masks} or {@code loss_mask} of 0 and 1, or, without any
 * of these, it is every token.
 */
final class TokenRecords {
  private static final int IGNORED = -100;

  private TokenRecords() {}

  static SourceRecord read(Fields fields) {
    JsonNode list = list(fields, "input_ids");
    int[] ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = list.get(i);
      if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
        throw fields.problem("input_ids", "expected token ids from 0, got " + id + " at " + i);
      }
      ids[i] = id.intValue();
    }
    if (ids.length == 0) {
      throw fields.problem("input_ids", "expected at least one token id, got none");
    }
    return new SourceRecord.Tokens(new Example(ids, weights(fields, ids)), fields.origin());
  }

  private static float[] weights(Fields fields, int[] ids) {
    @Nullable JsonNode attention = fields.get("attention_mask");
    if (attention != null && !attention.isNull()) {
      checkAttention(fields, ids.length);
    }
    if (fields.holds("labels")) {
      JsonNode labels = numbers(fields, "labels", ids.length);
      return weights(
          ids.length,
          i -> {
            int label = labels.get(i).intValue();
            if (label != IGNORED && label != ids[i]) {
              throw fields.problem(
                  "labels",
                  "expected the id at the same place or -100, got "
                      + label
                      + " for "
                      + ids[i]
                      + " at "
                      + i);
            }
            return label == IGNORED ? 0 : 1;
          });
    }
    for (String column :
        new String[] {"weights", "completion_mask", "assistant_masks", "loss_mask"}) {
      if (fields.holds(column)) {
        JsonNode values = numbers(fields, column, ids.length);
        return weights(ids.length, i -> values.get(i).doubleValue());
      }
    }
    return weights(ids.length, _ -> 1);
  }

  /** Padding in the data would be learned as text. */
  private static void checkAttention(Fields fields, int length) {
    JsonNode attention = numbers(fields, "attention_mask", length);
    for (int i = 0; i < length; i++) {
      if (attention.get(i).intValue() != 1) {
        throw fields.problem(
            "attention_mask",
            "expected tokens without padding, got 0 at "
                + i
                + "; leave padding out, it is added to each batch");
      }
    }
  }

  /** The first token is predicted by nothing. */
  private static float[] weights(int length, IntToDoubleFunction weight) {
    float[] weights = new float[length];
    for (int i = 0; i < length; i++) {
      float value = (float) weight.applyAsDouble(i);
      weights[i] = i == 0 ? 0 : value;
    }
    return weights;
  }

  private static JsonNode numbers(Fields fields, String column, int length) {
    JsonNode list = list(fields, column);
    if (list.size() != length) {
      throw fields.problem(
          column, "expected " + length + " values, one for each token, got " + list.size());
    }
    for (int i = 0; i < length; i++) {
      if (!list.get(i).isNumber() || !Float.isFinite(list.get(i).floatValue())) {
        throw fields.problem(column, "expected finite numbers, got " + list.get(i) + " at " + i);
      }
    }
    return list;
  }

  private static JsonNode list(Fields fields, String column) {
    JsonNode list = fields.get(column);
    if (list == null || !list.isArray()) {
      throw fields.problem(column, "expected a list of numbers, got " + Fields.kind(list));
    }
    return list;
  }
}
