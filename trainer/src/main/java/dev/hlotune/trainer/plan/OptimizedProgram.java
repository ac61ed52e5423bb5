package dev.hlotune.trainer.plan;

import dev.hlotune.pjrt.Executable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a compiler made of a program, as far as it tells what devices exchange: an XLA {@code
 * HloModuleProto} (xla/service/hlo.proto), read by the numbers of its fields.
 */
final class OptimizedProgram {
  private static final Pattern KNOWN_TRIPS =
      Pattern.compile("\"known_trip_count\":\\{\"n\":\"(\\d+)\"");

  /** Bytes of an element, by XLA's numbers of types (xla/xla_data.proto, PrimitiveType). */
  private static final Map<Long, Integer> ELEMENT_BYTES =
      Map.ofEntries(
          Map.entry(1L, 1),
          Map.entry(2L, 1),
          Map.entry(3L, 2),
          Map.entry(4L, 4),
          Map.entry(5L, 8),
          Map.entry(6L, 1),
          Map.entry(7L, 2),
          Map.entry(8L, 4),
          Map.entry(9L, 8),
          Map.entry(10L, 2),
          Map.entry(11L, 4),
          Map.entry(12L, 8),
          Map.entry(16L, 2));

  private final Map<Long, WireMessage> computations = new HashMap<>();
  private final int devices;
  private final long trips;
  private final Map<String, Collective> found = new TreeMap<>();

  private OptimizedProgram(int devices, long trips) {
    this.devices = devices;
    this.trips = trips;
  }

  /**
   * The exchanges of a program.
   *
   * @param program as {@link Executable#optimizedProgram} gives it
   * @param devices that it runs on
   * @param trips how often the body of a loop runs whose number of rounds only the device knows
   * @throws IllegalArgumentException for bytes that are no such program
   */
  static List<Collective> collectives(Executable.Optimized program, int devices, long trips) {
    WireMessage whole = WireMessage.of(program.code());
    WireMessage module =
        program.format().equals("hlo_with_config") ? whole.messages(1).getFirst() : whole;
    OptimizedProgram reading = new OptimizedProgram(devices, trips);
    for (WireMessage computation : module.messages(3)) {
      reading.computations.put(computation.number(5, 0), computation);
    }
    reading.visit(module.number(6, 0), 1);
    return List.copyOf(reading.found.values());
  }

  private void visit(long computation, long times) {
    WireMessage body = computations.get(computation);
    if (body == null) {
      return;
    }
    Map<Long, List<Long>> sizes = new HashMap<>();
    for (WireMessage instruction : body.messages(2)) {
      String opcode = instruction.text(2);
      List<Long> arrays = arrays(instruction.messages(3));
      sizes.put(instruction.number(35, 0), arrays);
      List<Long> called = instruction.numbers(38);
      switch (opcode) {
        case "while" -> {
          long rounds = rounds(instruction, called);
          called.forEach(part -> visit(part, Math.multiplyExact(times, rounds)));
        }
        case "all-gather",
            "all-gather-start",
            "all-reduce",
            "all-reduce-start",
            "reduce-scatter",
            "all-to-all",
            "ragged-all-to-all",
            "collective-permute",
            "collective-permute-start" ->
            add(opcode.replace("-start", ""), instruction, arrays, sizes, times);
        case "fusion", "call", "async-start", "conditional", "custom-call" ->
            called.forEach(part -> visit(part, times));
        default -> {}
      }
    }
  }

  private void add(
      String kind,
      WireMessage instruction,
      List<Long> results,
      Map<Long, List<Long>> sizes,
      long times) {
    long operands =
        instruction.numbers(36).stream()
            .flatMap(operand -> sizes.getOrDefault(operand, List.of()).stream())
            .mapToLong(size -> size)
            .sum();
    long group = group(instruction);
    long payload =
        switch (kind) {
          case "all-gather" -> Math.multiplyExact(operands, group);
          case "reduce-scatter", "all-reduce", "collective-permute" -> operands;
          default -> results.stream().mapToLong(size -> size).sum();
        };
    long passed = payload / group * (group - 1);
    long sent =
        switch (kind) {
          case "all-reduce" -> 2 * passed;
          case "collective-permute" -> payload;
          default -> passed;
        };
    found.merge(kind, new Collective(kind, times, payload * times, sent * times), Collective::plus);
  }

  /** How many devices exchange with one another. */
  private long group(WireMessage instruction) {
    List<WireMessage> groups = new ArrayList<>(instruction.messages(49));
    for (WireMessage list : instruction.messages(87)) {
      groups.addAll(list.messages(1));
      for (WireMessage iota : list.messages(2)) {
        return Math.max(1, iota.number(2, devices));
      }
    }
    for (WireMessage axes : instruction.messages(93)) {
      return Math.max(1, alongAxes(axes));
    }
    return groups.isEmpty() ? devices : Math.max(1, groups.getFirst().numbers(1).size());
  }

  /** Groups along axes of a mesh: the product of their sizes, or of the parts of them. */
  private long alongAxes(WireMessage axes) {
    List<Long> sizes =
        axes.messages(1).stream()
            .flatMap(mesh -> mesh.messages(1).stream())
            .map(axis -> axis.number(2, 1))
            .toList();
    long product = 1;
    for (WireMessage reference : axes.messages(2)) {
      int index = (int) reference.number(1, 0);
      long whole = index < sizes.size() ? sizes.get(index) : devices;
      product *=
          reference.messages(2).isEmpty()
              ? whole
              : reference.messages(2).getFirst().number(2, whole);
    }
    return product;
  }

  private long rounds(WireMessage loop, List<Long> called) {
    Matcher known = KNOWN_TRIPS.matcher(loop.text(43));
    if (known.find()) {
      return Long.parseLong(known.group(1));
    }
    for (long part : called) {
      OptionalLong bound = bound(part);
      if (bound.isPresent()) {
        return bound.getAsLong();
      }
    }
    return trips;
  }

  /** The constant that a loop's condition compares its counter with, where it is that simple. */
  private OptionalLong bound(long condition) {
    WireMessage body = computations.get(condition);
    if (body == null) {
      return OptionalLong.empty();
    }
    Map<Long, Long> constants = new HashMap<>();
    OptionalLong bound = OptionalLong.empty();
    for (WireMessage instruction : body.messages(2)) {
      switch (instruction.text(2)) {
        case "constant" -> {
          for (WireMessage literal : instruction.messages(8)) {
            List<Long> values = new ArrayList<>(literal.numbers(4));
            values.addAll(literal.numbers(5));
            if (values.size() == 1) {
              constants.put(instruction.number(35, 0), values.getFirst());
            }
          }
        }
        case "compare" -> {
          if (instruction.text(63).equals("LT")) {
            for (long operand : instruction.numbers(36)) {
              if (constants.containsKey(operand)) {
                bound = OptionalLong.of(constants.get(operand));
              }
            }
          }
        }
        default -> {}
      }
    }
    return bound;
  }

  /** Bytes of each array of a shape, those of tuples one after another. */
  private static List<Long> arrays(List<WireMessage> shapes) {
    List<Long> sizes = new ArrayList<>();
    for (WireMessage shape : shapes) {
      List<WireMessage> parts = shape.messages(4);
      if (!parts.isEmpty()) {
        sizes.addAll(arrays(parts));
      } else {
        long bytes = ELEMENT_BYTES.getOrDefault(shape.number(2, 0), 1);
        for (long dimension : shape.numbers(3)) {
          bytes = Math.multiplyExact(bytes, dimension);
        }
        sizes.add(bytes);
      }
    }
    return sizes;
  }
}
