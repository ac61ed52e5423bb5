package dev.hlotune.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file: parsed with every check the format asks for, or printed.
 *
 * @param metadata the strings under {@code __metadata__}
 * @param items the tensors by their place in the file, without gaps from 0 to the end of the data
 */
record SafetensorsHeader(Map<String, String> metadata, List<Item> items) {
  /** The reference implementation's bound on the header, against absurd allocations. */
  static final long MAXIMUM_LENGTH = 100_000_000;

  private static final String METADATA = "__metadata__";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** One tensor's place: {@code begin} (inclusive) to {@code end} in the bytes after the header. */
  record Item(String name, StorageType type, List<Long> shape, long begin, long end) {}

  static SafetensorsHeader parse(Path path, byte[] text, long dataLength) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw Malformed.file(
          path, "safetensors header: expected JSON, got " + e.getOriginalMessage());
    } catch (IOException e) {
      throw Malformed.file(path, "safetensors header: expected JSON, got " + e.getMessage());
    }
    if (!root.isObject()) {
      throw Malformed.file(
          path, "safetensors header: expected a JSON object, got " + root.getNodeType());
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Item> items = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        field.getValue().properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
      } else {
        items.add(item(path, field.getKey(), field.getValue(), dataLength));
      }
    }
    items.sort(Comparator.comparingLong(Item::begin).thenComparingLong(Item::end));
    checkContiguous(path, items, dataLength);
    return new SafetensorsHeader(Map.copyOf(metadata), List.copyOf(items));
  }

  /**
   * The first bytes of a file with these tensors: the length and the JSON, padded with spaces to a
   * multiple of 8, in the reference implementation's own spelling.
   */
  byte[] toBytes() {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = root.putObject(METADATA);
      metadata.forEach(node::put);
    }
    for (Item item : items) {
      ObjectNode node = root.putObject(item.name());
      node.put("dtype", item.type().name());
      ArrayNode shape = node.putArray("shape");
      item.shape().forEach(shape::add);
      node.putArray("data_offsets").add(item.begin()).add(item.end());
    }
    byte[] text = root.toString().getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[8 + (text.length + 7) / 8 * 8];
    Arrays.fill(bytes, (byte) ' ');
    long length = bytes.length - 8L;
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (length >>> (8 * i));
    }
    System.arraycopy(text, 0, bytes, 8, text.length);
    return bytes;
  }

  private static Item item(Path path, String name, JsonNode node, long dataLength) {
    String dtype = node.path("dtype").asText();
    StorageType type =
        StorageType.named(dtype)
            .orElseThrow(() ->
                Malformed.tensor(
                    path,
                    name,
                    "dtype: expected one of %s, got '%s'"
                        .formatted(Arrays.toString(StorageType.values()), dtype)));
    List<Long> shape = longs(path, name, node.path("shape"), "shape");
    List<Long> offsets = longs(path, name, node.path("data_offsets"), "data_offsets");
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw Malformed.tensor(
          path, name, "data_offsets: expected [begin, end] in order, got " + offsets);
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    long expected;
    try {
      expected = Math.multiplyExact(TensorEntry.elementCount(shape), type.byteSize());
    } catch (ArithmeticException e) {
      throw Malformed.tensor(path, name, "shape: expected fewer than 2^63 bytes, got " + shape);
    }
    if (end - begin != expected) {
      throw Malformed.tensor(
          path,
          name,
          "data_offsets: expected %d bytes for %s %s, got %d"
              .formatted(expected, type, shape, end - begin));
    }
    if (end > dataLength) {
      throw Malformed.tensor(
          path,
          name,
          "data: expected bytes %d to %d after the header, got %d bytes in all; the file is cut short"
              .formatted(begin, end, dataLength));
    }
    return new Item(name, type, shape, begin, end);
  }

  private static List<Long> longs(Path path, String name, JsonNode node, String field) {
    List<Long> values = new ArrayList<>();
    for (JsonNode value : node) {
      if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
        throw Malformed.tensor(
            path, name, "%s: expected integers of at least 0, got %s".formatted(field, node));
      }
      values.add(value.asLong());
    }
    if (!node.isArray()) {
      throw Malformed.tensor(path, name, "%s: expected a list, got %s".formatted(field, node));
    }
    return values;
  }

  private static void checkContiguous(Path path, List<Item> items, long dataLength) {
    long position = 0;
    String previous = "the header";
    for (Item item : items) {
      if (item.begin() != position) {
        throw Malformed.tensor(
            path,
            item.name(),
            "data_offsets: expected to begin at %d, where %s ends, got %d; tensors %s"
                .formatted(
                    position,
                    previous,
                    item.begin(),
                    item.begin() < position ? "overlap" : "leave a gap"));
      }
      position = item.end();
      previous = "'" + item.name() + "'";
    }
    if (position != dataLength) {
      throw Malformed.file(
          path,
          "safetensors data: expected %d bytes after the header, where %s ends, got %d"
              .formatted(position, previous, dataLength));
    }
  }
}
