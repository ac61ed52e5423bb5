package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads message trees of OASST1, in either of their two forms: one tree to a record, each message
 * holding its {@code replies}; or one message to a record, each naming its parent, where the rows
 * of one tree are gathered into one record with {@code rows} first.
 *
 * <p>A tree becomes one conversation, the path of the best-ranked replies (as {@code
 * openassistant-guanaco} takes it): at each message the reply of the lowest {@code rank}, the first
 * where none is ranked, and no further than the last answer of the assistant. Deleted messages are
 * passed over.
 */
final class OasstRecords {
  /** The column that the rows of one tree share. */
  static final String TREE = "message_tree_id";

  /** Where the rows of a tree are gathered. */
  static final String ROWS = "rows";

  private static final Map<String, String> ROLES =
      Map.of("prompter", "user", "user", "user", "assistant", "assistant", "system", "system");

  private OasstRecords() {}

  static boolean fits(Fields fields) {
    return fields.has(TREE) && (fields.has(ROWS) || isTree(fields) || isRow(fields));
  }

  private static boolean isTree(Fields fields) {
    JsonNode prompt = fields.get("prompt");
    return prompt != null && prompt.isObject();
  }

  /** Whether a record is one message of a tree, to be gathered with the others. */
  static boolean isRow(Fields fields) {
    return fields.has("message_id") && fields.has("parent_id") && fields.has("text");
  }

  static SourceRecord read(Fields fields) {
    List<Message> path;
    if (isTree(fields)) {
      JsonNode prompt = fields.get("prompt");
      path = prompt == null ? List.of() : path(prompt, OasstRecords::replies, fields);
    } else if (fields.has(ROWS)) {
      path = gathered(fields);
    } else {
      throw fields.problem(TREE, "expected the rows of a tree together, got one row alone");
    }
    while (!path.isEmpty() && !path.getLast().isAssistant()) {
      path.removeLast();
    }
    if (path.isEmpty()) {
      throw fields.problem(TREE, "expected an answer of the assistant in the tree, got none");
    }
    return new SourceRecord.Conversation(path, fields.origin());
  }

  private static List<Message> gathered(Fields fields) {
    Map<String, List<JsonNode>> byParent = new HashMap<>();
    List<JsonNode> roots = new ArrayList<>();
    for (JsonNode row : fields.node().path(ROWS)) {
      if (row.hasNonNull("parent_id")) {
        byParent.computeIfAbsent(row.path("parent_id").asText(), _ -> new ArrayList<>()).add(row);
      } else {
        roots.add(row);
      }
    }
    if (roots.size() != 1) {
      throw fields.problem(
          "parent_id",
          "expected one message without a parent in tree \""
              + fields.node().path(TREE).asText()
              + "\", got "
              + roots.size()
              + "; the rows of a tree must follow each other");
    }
    return path(
        roots.getFirst(),
        row -> byParent.getOrDefault(row.path("message_id").asText(), List.of()),
        fields);
  }

  private static List<JsonNode> replies(JsonNode message) {
    return StreamSupport.stream(message.path("replies").spliterator(), false).toList();
  }

  private interface Replies {
    List<JsonNode> of(JsonNode message);
  }

  private static List<Message> path(JsonNode root, Replies replies, Fields fields) {
    List<Message> path = new ArrayList<>();
    for (@Nullable JsonNode at = root; at != null; ) {
      path.add(message(at, fields));
      Optional<JsonNode> best =
          replies.of(at).stream()
              .filter(reply -> !reply.path("deleted").asBoolean())
              .min(Comparator.comparingDouble(OasstRecords::rank));
      at = best.orElse(null);
    }
    return path;
  }

  private static double rank(JsonNode message) {
    return message.path("rank").isNumber()
        ? message.path("rank").doubleValue()
        : Double.POSITIVE_INFINITY;
  }

  private static Message message(JsonNode node, Fields fields) {
    String role = node.path("role").asText();
    String ours = ROLES.get(role);
    if (ours == null) {
      throw new DataException(
          fields.origin(), "role", "expected \"prompter\" or \"assistant\", got \"" + role + '"');
    }
    return Message.of(ours, Fields.text(node.get("text"), "text", fields.origin()));
  }
}
