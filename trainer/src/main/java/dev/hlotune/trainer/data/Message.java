package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.Set;

/**
 * One turn of a conversation.
 *
 * @param role who speaks: "system", "user" or "assistant"
 * @param content what is said, kept exactly as it was read
 * @param weight the loss weight of the content and of its end token; 0 leaves the turn unsupervised
 */
public record Message(String role, String content, float weight) {
  /** The roles that a conversation may hold. */
  static final Set<String> ROLES = Set.of("system", "user", "assistant");

  /** Checks the weight. */
  public Message {
    if (!Float.isFinite(weight)) {
      throw new DataException("weight of a message: expected a finite number, got " + weight);
    }
  }

  /** A turn that is supervised (weight 1) exactly when the assistant speaks. */
  public static Message of(String role, String content) {
    return new Message(role, content, role.equals("assistant") ? 1 : 0);
  }
}
