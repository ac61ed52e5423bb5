package dev.hlotune.trainer.hardware;

import dev.hlotune.hlo.DType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * One device by its vendor's figures.
 *
 * @param name as its plugin names it
 * @param memory bytes of its memory
 * @param budget bytes of that which programs may use
 * @param bandwidth bytes a second between it and its memory
 * @param interconnect bytes a second that it can send to others beside it
 * @param sixteenBits floating-point operations a second of dense products in bfloat16 and float16
 */
public record Card(
    String name,
    long memory,
    long budget,
    double bandwidth,
    double interconnect,
    double sixteenBits) {
  /**
   * The card of a device that is there.
   *
   * @param device its name, as its plugin gives it
   * @return of those whose names it contains, the one with the longest; empty for none
   */
  public static Optional<Card> named(String device) {
    String name = device.toLowerCase(Locale.ROOT);
    return Stream.concat(
            Arrays.stream(GpuModel.values()).flatMap(model -> marked(model.marks(), model.card())),
            Arrays.stream(TpuVersion.values())
                .flatMap(version -> marked(version.marks(), version.card())))
        .filter(entry -> contains(name, entry.getKey()))
        .max(Map.Entry.comparingByKey(Comparator.comparingInt(String::length)))
        .map(Map.Entry::getValue);
  }

  private static Stream<Map.Entry<String, Card>> marked(List<String> marks, Card card) {
    return marks.stream().map(mark -> Map.entry(mark, card));
  }

  /** Whether a name has a part that another number does not go on: an L40 is no L4. */
  private static boolean contains(String name, String part) {
    int end = name.indexOf(part) + part.length();
    return end >= part.length() && (end == name.length() || !Character.isDigit(name.charAt(end)));
  }

  /**
   * Operations a second of dense products. In float32 there is no figure: how much of a product
   * runs in a shorter format is the compiler's choice.
   */
  public OptionalDouble peak(DType dtype) {
    return switch (dtype) {
      case BF16, F16 -> OptionalDouble.of(sixteenBits);
      case F64, F32, I64, I32, I8, U32, U8, BOOL -> OptionalDouble.empty();
    };
  }
}
