package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokens by which the model learns to stop: the special token that the template ends an
 * assistant's turn with, and the one that ends a text.
 *
 * @param ids the template's first; empty where neither is a token of its own
 */
public record EndTokens(Set<Integer> ids) {
  private static final SourceRecord.Conversation PROBE =
      new SourceRecord.Conversation(
          List.of(Message.of("user", "a"), Message.of("assistant", "b")),
          new Origin(Path.of("probe"), 1));

  /** Keeps the order. */
  public EndTokens {
    ids = Collections.unmodifiableSet(new LinkedHashSet<>(ids));
  }

  /** What a short conversation ends with, as this template renders it, then the end of a text. */
  public static EndTokens of(ChatTemplate template, Tokenizer tokenizer) {
    Set<Integer> ids = new LinkedHashSet<>();
    lastOfTurn(template, tokenizer).ifPresent(ids::add);
    tokenizer.eosToken().flatMap(token -> boxed(tokenizer.idOf(token))).ifPresent(ids::add);
    return new EndTokens(ids);
  }

  private static Optional<Integer> boxed(OptionalInt id) {
    return id.isPresent() ? Optional.of(id.getAsInt()) : Optional.empty();
  }

  private static Optional<Integer> lastOfTurn(ChatTemplate template, Tokenizer tokenizer) {
    Rendered rendered;
    try {
      rendered =
          new SupervisedText(
                  new ConversationText(
                      template,
                      tokenizer.specialTokens(),
                      ZonedDateTime.now(ZoneId.systemDefault())),
                  Supervision.DEFAULT)
              .render(PROBE)
              .getLast();
    } catch (DataException e) {
      // A template for something else than a question and its answer: its own end is unknown.
      return Optional.empty();
    }
    Encoded encoded = tokenizer.encode(rendered.text());
    float[] weights = LossWeights.of(rendered, encoded);
    for (int i = weights.length - 1; i >= 0; i--) {
      if (weights[i] != 0) {
        int id = encoded.ids()[i];
        return tokenizer.isSpecial(id) ? Optional.of(id) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Whether this token is one of them. */
  boolean contains(int id) {
    return ids.contains(id);
  }

  /**
   * Takes the loss from the tokens that end a supervised stretch.
   *
   * @param weights changed in place
   * @param keepLast whether the last of them is learned nevertheless
   */
  void unlearn(int[] ids, float[] weights, boolean keepLast) {
    boolean kept = !keepLast;
    for (int i = weights.length - 1; i > 0; i--) {
      boolean last = i == weights.length - 1 || weights[i + 1] == 0;
      if (weights[i] != 0 && last && contains(ids[i])) {
        if (kept) {
          weights[i] = 0;
        }
        kept = true;
      }
    }
  }
}
