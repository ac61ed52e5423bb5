package dev.hlotune.trainer.data;

import java.util.Arrays;
import java.util.List;

/**
 * What is learned of a conversation.
 *
 * @param trainOn which messages
 * @param end whether the tokens that end them as well
 * @param onRewrittenHistory what happens where the template cannot show all of them at once
 */
public record Supervision(TrainOn trainOn, TrainOnEnd end, OnRewrittenHistory onRewrittenHistory) {
  /** The assistant's messages with their ends, in templates that keep what was said. */
  public static final Supervision DEFAULT =
      new Supervision(TrainOn.ALL_ASSISTANT_MESSAGES, TrainOnEnd.TURN, OnRewrittenHistory.ERROR);

  /**
   * The loss weight of each message.
   *
   * @param messages the turns of a conversation
   */
  float[] weights(List<Message> messages) {
    float[] weights = new float[messages.size()];
    int last = -1;
    for (int i = 0; i < weights.length; i++) {
      Message message = messages.get(i);
      Float given = message.weight();
      weights[i] = given != null ? given : message.isAssistant() ? 1 : 0;
      if (message.isAssistant()) {
        last = i;
      }
    }
    switch (trainOn) {
      case ALL_ASSISTANT_MESSAGES -> {}
      case LAST_ASSISTANT_MESSAGE -> {
        for (int i = 0; i < weights.length; i++) {
          weights[i] = i == last ? weights[i] : 0;
        }
      }
      case ALL_TOKENS -> Arrays.fill(weights, 1);
      case ALL_BUT_PROMPTS -> {
        for (int i = 0; i < weights.length; i++) {
          weights[i] = messages.get(i).weight() == null ? 1 : weights[i];
        }
      }
    }
    return weights;
  }

  /** Whether all of a conversation is learned, with whatever its template puts between messages. */
  boolean whole(List<Message> messages) {
    return trainOn == TrainOn.ALL_TOKENS
        || (trainOn == TrainOn.ALL_BUT_PROMPTS
            && messages.stream().allMatch(message -> message.weight() == null));
  }

  /** What identifies it. */
  String fingerprint() {
    return trainOn + " " + end + " " + onRewrittenHistory;
  }
}
