package dev.hlotune.trainer.watch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A protobuf message read without a description: its fields by number. */
final class ProtoReader {
  private final Map<Integer, List<Object>> fields = new LinkedHashMap<>();

  ProtoReader(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long tag = varint(in);
      Object value =
          switch ((int) (tag & 7)) {
            case 0 -> varint(in);
            case 1 -> in.getLong();
            case 2 -> {
              byte[] some = new byte[(int) varint(in)];
              in.get(some);
              yield some;
            }
            case 5 -> (long) in.getInt();
            default -> throw new AssertionError("wire type " + (tag & 7));
          };
      fields.computeIfAbsent((int) (tag >>> 3), _ -> new ArrayList<>()).add(value);
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  boolean has(int field) {
    return fields.containsKey(field);
  }

  private Object one(int field) {
    List<Object> all = fields.get(field);
    if (all == null) {
      throw new AssertionError("no field " + field + " in " + fields.keySet());
    }
    return all.getLast();
  }

  long number(int field) {
    return (Long) one(field);
  }

  double real(int field) {
    return Double.longBitsToDouble(number(field));
  }

  float single(int field) {
    return Float.intBitsToFloat((int) number(field));
  }

  String text(int field) {
    return new String((byte[]) one(field), StandardCharsets.UTF_8);
  }

  ProtoReader message(int field) {
    return new ProtoReader((byte[]) one(field));
  }

  List<ProtoReader> messages(int field) {
    return fields.getOrDefault(field, List.of()).stream()
        .map(bytes -> new ProtoReader((byte[]) bytes))
        .toList();
  }
}
