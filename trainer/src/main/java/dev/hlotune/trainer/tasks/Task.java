package dev.hlotune.trainer.tasks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Makes up conversations, each from random numbers of its own. */
sealed interface Task permits SimpleSpelling, SpellingBee {
  /** A list of messages. */
  ArrayNode conversation(PythonRandom random);

  /** A message of text. */
  static ObjectNode message(String role, String content) {
    return JsonNodeFactory.instance.objectNode().put("role", role).put("content", content);
  }
}
