package dev.hlotune.trainer.step;

import dev.hlotune.pjrt.Executable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The collective operations of an optimized program, read from the compiler's own form of it (XLA's
 * {@code hlo.proto} and {@code xla_data.proto}), each as often as it stands there: one in a loop
 * counts once.
 *
 * @param kind such as {@code all-reduce}
 * @param looped whether it stands in a loop
 * @param shapes of its results; the compiler makes one operation of several
 */
record Collectives(String kind, boolean looped, List<Array> shapes) {
  private static final Set<String> KINDS =
      Set.of(
          "all-reduce",
          "all-gather",
          "reduce-scatter",
          "all-to-all",
          "collective-permute",
          "all-reduce-start",
          "all-gather-start",
          "collective-permute-start");

  /** One result. */
  record Array(boolean floating, List<Long> sizes) {
    long elements() {
      return sizes.stream().reduce(1L, (a, b) -> a * b);
    }
  }

  /** All of a program. */
  static List<Collectives> of(Executable executable) {
    Executable.Optimized program = executable.optimizedProgram();
    ByteBuffer message = ByteBuffer.wrap(program.code());
    if (program.format().equals("hlo_with_config")) {
      message = only(message, 1);
    }
    List<ByteBuffer> computations = new ArrayList<>();
    List<String> entry = new ArrayList<>();
    each(
        message,
        (field, value) -> {
          if (field == 2) {
            entry.add(text(value));
          } else if (field == 3) {
            computations.add(value);
          }
        });
    List<Collectives> found = new ArrayList<>();
    for (ByteBuffer computation : computations) {
      boolean looped = !text(only(computation, 1)).equals(entry.getFirst());
      each(
          computation,
          (field, value) -> {
            if (field == 2) {
              String opcode = text(only(value, 2));
              if (KINDS.contains(opcode)) {
                List<Array> shapes = new ArrayList<>();
                shapes(only(value, 3), shapes);
                found.add(new Collectives(opcode.replace("-start", ""), looped, shapes));
              }
            }
          });
    }
    return found;
  }

  long elements() {
    return shapes.stream().mapToLong(Array::elements).sum();
  }

  private static void shapes(ByteBuffer shape, List<Array> into) {
    long[] type = {0};
    List<Long> sizes = new ArrayList<>();
    List<ByteBuffer> parts = new ArrayList<>();
    each(
        shape,
        (field, value) -> {
          if (field == 2) {
            type[0] = varint(value);
          } else if (field == 3) {
            while (value.hasRemaining()) {
              sizes.add(varint(value));
            }
          } else if (field == 4) {
            parts.add(value);
          }
        });
    // F16, F32, F64 and BF16.
    boolean floating = type[0] >= 10 && type[0] <= 12 || type[0] == 16;
    if (parts.isEmpty()) {
      into.add(new Array(floating, sizes));
    }
    parts.forEach(part -> shapes(part, into));
  }

  private static ByteBuffer only(ByteBuffer message, int wanted) {
    List<ByteBuffer> values = new ArrayList<>();
    each(
        message,
        (field, value) -> {
          if (field == wanted) {
            values.add(value);
          }
        });
    return values.isEmpty() ? ByteBuffer.allocate(0) : values.getFirst();
  }

  private static String text(ByteBuffer value) {
    return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
  }

  /** The fields of a message in the wire format of protocol buffers. */
  private static void each(ByteBuffer message, BiConsumer<Integer, ByteBuffer> take) {
    ByteBuffer rest = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (rest.hasRemaining()) {
      long key = varint(rest);
      int start = rest.position();
      int size =
          switch ((int) key & 7) {
            case 0 -> {
              varint(rest);
              int length = rest.position() - start;
              rest.position(start);
              yield length;
            }
            case 1 -> Long.BYTES;
            case 2 -> (int) varint(rest);
            case 5 -> Integer.BYTES;
            default -> throw new IllegalArgumentException("wire type of " + key);
          };
      take.accept((int) (key >> 3), rest.slice(rest.position(), size));
      rest.position(rest.position() + size);
    }
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s%s %s", kind, looped ? " in a loop" : "", shapes);
  }
}
