package dev.hlotune.trainer.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A protobuf message whose fields are known by number alone (protobuf.dev, "Encoding"). What is
 * nested is read when it is asked for.
 */
final class WireMessage {
  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int LENGTH = 2;
  private static final int FOUR_BYTES = 5;
  private static final int MOST_BITS = 64;

  private final byte[] bytes;
  private int position;
  private final int end;
  private final Map<Integer, List<Long>> numbers = new HashMap<>();
  private final Map<Integer, List<int[]>> ranges = new HashMap<>();

  private WireMessage(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    while (position < end) {
      field();
    }
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException for bytes that are none
   */
  static WireMessage of(byte[] bytes) {
    return new WireMessage(bytes, 0, bytes.length);
  }

  private void field() {
    long key = varint();
    int field = (int) (key >>> 3);
    switch ((int) (key & 7)) {
      case VARINT -> numbers.computeIfAbsent(field, _ -> new ArrayList<>()).add(varint());
      case EIGHT_BYTES -> skip(Long.BYTES);
      case FOUR_BYTES -> skip(Integer.BYTES);
      case LENGTH -> {
        int length = Math.toIntExact(varint());
        int start = position;
        skip(length);
        ranges.computeIfAbsent(field, _ -> new ArrayList<>()).add(new int[] {start, position});
      }
      default -> throw new IllegalArgumentException("protobuf: expected a field, got type " + key);
    }
  }

  private void skip(int count) {
    if (count < 0 || count > end - position) {
      throw new IllegalArgumentException("protobuf: expected %d more bytes".formatted(count));
    }
    position += count;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < MOST_BITS; shift += 7) {
      skip(1);
      byte next = bytes[position - 1];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("protobuf: expected a number of at most 64 bits");
  }

  /** The messages in a field. */
  List<WireMessage> messages(int field) {
    return ranges.getOrDefault(field, List.of()).stream()
        .map(range -> new WireMessage(bytes, range[0], range[1]))
        .toList();
  }

  /** The numbers in a field, packed or not. */
  List<Long> numbers(int field) {
    List<Long> all = new ArrayList<>(numbers.getOrDefault(field, List.of()));
    for (int[] range : ranges.getOrDefault(field, List.of())) {
      int before = position;
      position = range[0];
      while (position < range[1]) {
        all.add(varint());
      }
      position = before;
    }
    return all;
  }

  /** The last number in a field, or another where it has none. */
  long number(int field, long otherwise) {
    List<Long> all = numbers.getOrDefault(field, List.of());
    return all.isEmpty() ? otherwise : all.getLast();
  }

  /** The last text in a field, empty where it has none. */
  String text(int field) {
    List<int[]> all = ranges.getOrDefault(field, List.of());
    return all.isEmpty()
        ? ""
        : new String(
            bytes, all.getLast()[0], all.getLast()[1] - all.getLast()[0], StandardCharsets.UTF_8);
  }
}
