package dev.hlotune.trainer.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The token ids that a model directory names for generation.
 *
 * @param begin the token that starts a text ({@code bos_token_id})
 * @param end the tokens that end one, the first being the one trained on ({@code eos_token_id})
 * @param padding the token that fills a row ({@code pad_token_id})
 */
public record SpecialTokens(Optional<Integer> begin, List<Integer> end, Optional<Integer> padding) {
  /** Keeps its own copy of the list. */
  public SpecialTokens {
    end = List.copyOf(end);
  }

  /** Sets the ids that are known, under the keys of {@code config.json}; leaves the others. */
  void putInto(Map<String, Object> values) {
    begin.ifPresent(id -> values.put("bos_token_id", id));
    if (!end.isEmpty()) {
      values.put("eos_token_id", end.size() == 1 ? end.getFirst() : end);
    }
    padding.ifPresent(id -> values.put("pad_token_id", id));
  }
}
