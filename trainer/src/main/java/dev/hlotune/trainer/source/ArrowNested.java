package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The layouts of Arrow's types whose values differ in length or hold other values. */
final class ArrowNested {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ArrowNested() {}

  /** Makes a node of bytes, which it may keep. */
  @FunctionalInterface
  interface Decoder {
    JsonNode decode(byte[] value);
  }

  private static long offset(MemorySegment offsets, boolean isLarge, long index) {
    return isLarge
        ? offsets.get(ArrowVector.INT64, 8 * index)
        : offsets.get(ArrowVector.INT32, 4 * index);
  }

  /** Strings of bytes, end to end, with offsets of 32 bits or, if large, of 64. */
  static ArrowLayout bytes(Decoder decoder, boolean isLarge) {
    return buffers -> {
      buffers.length();
      MemorySegment bits = buffers.next();
      MemorySegment offsets = buffers.next();
      MemorySegment data = buffers.next();
      ArrowVector vector =
          index -> {
            long from = offset(offsets, isLarge, index);
            long to = offset(offsets, isLarge, index + 1);
            return decoder.decode(ArrowVector.bytes(data, from, to - from));
          };
      return vector.nullable(bits);
    };
  }

  /** Strings of bytes in any order, short ones within their view. */
  static ArrowLayout views(Decoder decoder) {
    return buffers -> {
      buffers.length();
      MemorySegment bits = buffers.next();
      MemorySegment views = buffers.next();
      List<MemorySegment> data = new ArrayList<>();
      for (int i = buffers.variadic(); i > 0; i--) {
        data.add(buffers.next());
      }
      ArrowVector vector =
          index -> {
            MemorySegment view = views.asSlice(16 * index, 16);
            int length = view.get(ArrowVector.INT32, 0);
            return decoder.decode(
                length <= 12
                    ? ArrowVector.bytes(view, 4, length)
                    : ArrowVector.bytes(
                        data.get(view.get(ArrowVector.INT32, 8)),
                        view.get(ArrowVector.INT32, 12),
                        length));
          };
      return vector.nullable(bits);
    };
  }

  private static JsonNode list(ArrowVector elements, long from, long to) {
    if (from < 0 || to < from) {
      throw new IndexOutOfBoundsException(
          "expected a list from 0 up, got one from " + from + " to " + to);
    }
    ArrayNode list = NODES.arrayNode();
    for (long i = from; i < to; i++) {
      list.add(elements.get(i));
    }
    return list;
  }

  static ArrowLayout list(ArrowLayout element, boolean isLarge) {
    return buffers -> {
      buffers.length();
      MemorySegment bits = buffers.next();
      MemorySegment offsets = buffers.next();
      ArrowVector elements = element.load(buffers);
      ArrowVector vector =
          index ->
              list(elements, offset(offsets, isLarge, index), offset(offsets, isLarge, index + 1));
      return vector.nullable(bits);
    };
  }

  static ArrowLayout listView(ArrowLayout element, boolean isLarge) {
    return buffers -> {
      buffers.length();
      MemorySegment bits = buffers.next();
      MemorySegment offsets = buffers.next();
      MemorySegment sizes = buffers.next();
      ArrowVector elements = element.load(buffers);
      ArrowVector vector =
          index -> {
            long from = offset(offsets, isLarge, index);
            return list(elements, from, from + offset(sizes, isLarge, index));
          };
      return vector.nullable(bits);
    };
  }

  static ArrowLayout fixedList(ArrowLayout element, int size) {
    return buffers -> {
      buffers.length();
      MemorySegment bits = buffers.next();
      ArrowVector elements = element.load(buffers);
      ArrowVector vector = index -> list(elements, index * size, (index + 1) * size);
      return vector.nullable(bits);
    };
  }

  /** Structs; a field that is null is left out. */
  static ArrowLayout struct(List<String> names, List<ArrowLayout> layouts) {
    return buffers -> {
      buffers.length();
      MemorySegment bits = buffers.next();
      List<ArrowVector> fields = layouts.stream().map(layout -> layout.load(buffers)).toList();
      ArrowVector vector =
          index -> {
            ObjectNode struct = NODES.objectNode();
            for (int i = 0; i < fields.size(); i++) {
              JsonNode value = fields.get(i).get(index);
              if (!value.isNull()) {
                struct.set(names.get(i), value);
              }
            }
            return struct;
          };
      return vector.nullable(bits);
    };
  }

  /** Maps, as objects whose names are the keys. */
  static ArrowLayout map(ArrowLayout key, ArrowLayout value) {
    return buffers -> {
      buffers.length();
      MemorySegment bits = buffers.next();
      MemorySegment offsets = buffers.next();
      buffers.length(); // Of the structs that hold the pairs; none of them is null.
      buffers.next();
      ArrowVector keys = key.load(buffers);
      ArrowVector values = value.load(buffers);
      ArrowVector vector =
          index -> {
            ObjectNode map = NODES.objectNode();
            long to = offset(offsets, false, index + 1);
            for (long i = offset(offsets, false, index); i < to; i++) {
              JsonNode node = keys.get(i);
              String name = node.isValueNode() ? node.asText() : node.toString();
              if (map.replace(name, values.get(i)) != null) {
                throw new IllegalArgumentException(
                    "expected distinct keys, got \"" + name + "\" twice");
              }
            }
            return map;
          };
      return vector.nullable(bits);
    };
  }
}
