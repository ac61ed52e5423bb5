package dev.hlotune.trainer.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.source.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code tokenizer.json} whose added tokens can be exchanged. All its other bytes, most of them
 * the vocabulary, then stay as they are.
 */
final class TokenizerJson {
  static final String NAME = "tokenizer.json";
  private static final String ADDED = "added_tokens";

  private final Path path;
  private final byte[] text;
  private final Map<String, Integer> vocabulary;
  private final List<ObjectNode> addedTokens;

  private TokenizerJson(
      Path path, byte[] text, Map<String, Integer> vocabulary, List<ObjectNode> addedTokens) {
    this.path = path;
    this.text = text;
    this.vocabulary = Map.copyOf(vocabulary);
    this.addedTokens = List.copyOf(addedTokens);
  }

  static TokenizerJson read(Path directory) {
    Path file = directory.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          file, "expected a Hugging Face tokenizer, got no such file; name a folder that has it");
    }
    byte[] text = JsonObjects.bytes(file);
    ObjectNode json = JsonObjects.parse(file, text);
    List<ObjectNode> added = new ArrayList<>();
    for (JsonNode token : json.path(ADDED)) {
      if (!(token instanceof ObjectNode object)
          || !token.path("content").isTextual()
          || !token.path("id").isInt()) {
        throw new DataException(
            file, "expected \"" + ADDED + "\" with \"id\" and \"content\", got " + token);
      }
      added.add(object);
    }
    return new TokenizerJson(file, text, vocabulary(file, json), added);
  }

  private static Map<String, Integer> vocabulary(Path file, JsonNode json) {
    Map<String, Integer> vocabulary = new HashMap<>();
    JsonNode vocab = json.path("model").path("vocab");
    if (vocab.isObject()) {
      vocab.properties().forEach(entry -> vocabulary.put(entry.getKey(), entry.getValue().asInt()));
    } else if (vocab.isArray()) {
      for (int id = 0; id < vocab.size(); id++) {
        vocabulary.put(vocab.get(id).path(0).asText(), id);
      }
    } else {
      throw new DataException(
          file, "expected \"model.vocab\" to be an object or a list, got something else");
    }
    return vocabulary;
  }

  /** The file's bytes; not to be changed. */
  byte[] text() {
    return text;
  }

  /** Id by token, without the added tokens that are not of the model's vocabulary. */
  Map<String, Integer> vocabulary() {
    return vocabulary;
  }

  /** The added tokens as the file has them. */
  List<ObjectNode> addedTokens() {
    return addedTokens;
  }

  /** The file's bytes with other added tokens in it, laid out as the tokenizers library does. */
  byte[] withAddedTokens(List<ObjectNode> tokens) {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      long begin = parser.currentLocation().getByteOffset();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals(ADDED);
        parser.nextToken();
        long start = parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        if (found) {
          return spliced(start, print(tokens), parser.currentLocation().getByteOffset());
        }
      }
      return spliced(begin, "\n  \"" + ADDED + "\": " + print(tokens) + ",", begin);
    } catch (IOException e) {
      throw new DataException(path, "broken JSON: " + e.getMessage(), e);
    }
  }

  private byte[] spliced(long end, String between, long start) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 1024);
    out.write(text, 0, Math.toIntExact(end));
    out.writeBytes(between.getBytes(StandardCharsets.UTF_8));
    out.write(text, Math.toIntExact(start), Math.toIntExact(text.length - start));
    return out.toByteArray();
  }

  /** The list as the value of a key of the outermost object. */
  private static String print(List<ObjectNode> tokens) {
    return JsonObjects.text(JsonObjects.MAPPER.valueToTree(tokens)).replace("\n", "\n  ");
  }
}
