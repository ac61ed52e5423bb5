package dev.hlotune.pjrt.internal;

import dev.hlotune.pjrt.gen.PJRT_NamedValue;
import dev.hlotune.pjrt.gen.PjrtHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Arrays of {@code PJRT_NamedValue}: options that go in, attributes that come out. */
public final class NamedValues {
  private static final int STRING = PjrtHeader.PJRT_NamedValue_kString();
  private static final int INT64 = PjrtHeader.PJRT_NamedValue_kInt64();
  private static final int INT64_LIST = PjrtHeader.PJRT_NamedValue_kInt64List();
  private static final int FLOAT = PjrtHeader.PJRT_NamedValue_kFloat();
  private static final int BOOL = PjrtHeader.PJRT_NamedValue_kBool();
  private static final long STRIDE = PJRT_NamedValue.sizeof();

  private NamedValues() {}

  /**
   * Writes options.
   *
   * @param values {@code String}, {@code Long}, {@code Integer}, {@code Float}, {@code Boolean} or
   *     {@code long[]}, by name
   * @param allocator owns the array and all it points to
   */
  public static MemorySegment write(Map<String, ?> values, SegmentAllocator allocator) {
    MemorySegment array = allocator.allocate(Math.max(1, values.size()) * STRIDE, 8).fill((byte) 0);
    int index = 0;
    for (Map.Entry<String, ?> entry : values.entrySet()) {
      MemorySegment target = array.asSlice(index++ * STRIDE, STRIDE);
      PJRT_NamedValue.struct_size(target, PjrtHeader.PJRT_NamedValue_STRUCT_SIZE());
      byte[] name = entry.getKey().getBytes(StandardCharsets.UTF_8);
      PJRT_NamedValue.name(target, bytes(name, allocator));
      PJRT_NamedValue.name_size(target, name.length);
      write(entry.getKey(), entry.getValue(), target, allocator);
    }
    return array;
  }

  private static void write(
      String name, Object value, MemorySegment target, SegmentAllocator allocator) {
    long size = 1;
    switch (value) {
      case String text -> {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        size = encoded.length;
        PJRT_NamedValue.type(target, STRING);
        PJRT_NamedValue.string_value(target, bytes(encoded, allocator));
      }
      case Long number -> {
        PJRT_NamedValue.type(target, INT64);
        PJRT_NamedValue.int64_value(target, number);
      }
      case Integer number -> {
        PJRT_NamedValue.type(target, INT64);
        PJRT_NamedValue.int64_value(target, number);
      }
      case Float number -> {
        PJRT_NamedValue.type(target, FLOAT);
        PJRT_NamedValue.float_value(target, number);
      }
      case Boolean flag -> {
        PJRT_NamedValue.type(target, BOOL);
        PJRT_NamedValue.bool_value(target, flag);
      }
      case long[] list -> {
        size = list.length;
        PJRT_NamedValue.type(target, INT64_LIST);
        PJRT_NamedValue.int64_array_value(
            target, allocator.allocateFrom(ValueLayout.JAVA_LONG, list));
      }
      default ->
          throw new IllegalArgumentException(
              "option '"
                  + name
                  + "': expected a string, an integer, a float, a boolean or a long[], got "
                  + value.getClass().getSimpleName());
    }
    PJRT_NamedValue.value_size(target, size);
  }

  /** Reads attributes; lists come as {@code List<Long>}. */
  public static Map<String, Object> read(MemorySegment array, long count) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (count == 0) {
      return values;
    }
    // The plugin's own structure may be longer than the header's; each says how long it is.
    MemorySegment whole = array.reinterpret(STRIDE);
    long stride = Math.max(STRIDE, (PJRT_NamedValue.struct_size(whole) + 7) & -8);
    whole = array.reinterpret(stride * count);
    for (long index = 0; index < count; index++) {
      MemorySegment value = whole.asSlice(index * stride, STRIDE);
      values.put(
          Api.text(PJRT_NamedValue.name(value), PJRT_NamedValue.name_size(value)), read(value));
    }
    return Collections.unmodifiableMap(values);
  }

  private static Object read(MemorySegment value) {
    int type = PJRT_NamedValue.type(value);
    long size = PJRT_NamedValue.value_size(value);
    if (type == STRING) {
      return Api.text(PJRT_NamedValue.string_value(value), size);
    } else if (type == INT64) {
      return PJRT_NamedValue.int64_value(value);
    } else if (type == INT64_LIST) {
      List<Long> list =
          LongStream.of(
                  PJRT_NamedValue.int64_array_value(value)
                      .reinterpret(size * Long.BYTES)
                      .toArray(ValueLayout.JAVA_LONG))
              .boxed()
              .toList();
      return list;
    } else if (type == FLOAT) {
      return PJRT_NamedValue.float_value(value);
    } else if (type == BOOL) {
      return PJRT_NamedValue.bool_value(value);
    }
    return "unknown type " + type;
  }

  private static MemorySegment bytes(byte[] content, SegmentAllocator allocator) {
    return content.length == 0
        ? allocator.allocate(1)
        : allocator.allocateFrom(ValueLayout.JAVA_BYTE, content);
  }
}
