package dev.hlotune.pjrt;

import dev.hlotune.pjrt.internal.ProtobufWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a program is compiled. The bytes are XLA's {@code CompileOptionsProto}
 * (xla/pjrt/proto/compile_options.proto), written by hand: it is a dozen fields.
 *
 * @param numReplicas copies of the program that run side by side, 1 or more
 * @param numPartitions devices that one copy is partitioned over, 1 or more
 * @param useSpmdPartitioning whether one program is partitioned by its sharding annotations
 * @param useShardyPartitioner whether Shardy ({@code sdy} annotations) does it
 * @param deviceAssignment device ids, one list of {@code numPartitions} per replica; empty for the
 *     plugin's own choice
 * @param overrides values of XLA's flags for this program alone, by flag name: {@code Boolean},
 *     {@code Integer}, {@code Long}, {@code Double} or {@code String}
 */
public record CompileOptions(
    int numReplicas,
    int numPartitions,
    boolean useSpmdPartitioning,
    boolean useShardyPartitioner,
    List<List<Integer>> deviceAssignment,
    Map<String, Object> overrides) {
  private static final String XNNPACK = "xla_cpu_use_xnnpack";

  /**
   * Options.
   *
   * @throws IllegalArgumentException for counts under 1, an assignment of another shape than
   *     replicas × partitions, or an override of another type
   */
  public CompileOptions {
    // No replicas at all ends the process inside the plugin.
    if (numReplicas < 1 || numPartitions < 1) {
      throw new IllegalArgumentException(
          "compile options: expected 1 or more replicas and partitions, got "
              + numReplicas
              + " and "
              + numPartitions);
    }
    deviceAssignment = deviceAssignment.stream().map(List::copyOf).toList();
    if (!deviceAssignment.isEmpty()) {
      int partitions = numPartitions;
      if (deviceAssignment.size() != numReplicas
          || deviceAssignment.stream().anyMatch(row -> row.size() != partitions)
          || deviceAssignment.stream().flatMap(List::stream).distinct().count()
              != (long) numReplicas * numPartitions) {
        throw new IllegalArgumentException(
            "device assignment: expected "
                + numReplicas
                + " lists of "
                + numPartitions
                + " different device ids, got "
                + deviceAssignment);
      }
    }
    overrides = Map.copyOf(overrides);
    overrides.forEach((name, value) -> {
      if (name.isEmpty()
          || !(value instanceof Boolean
              || value instanceof Integer
              || value instanceof Long
              || value instanceof Double
              || value instanceof String)) {
        throw new IllegalArgumentException(
            "compile option '"
                + name
                + "': expected a boolean, an integer, a double or a string, got "
                + value);
      }
    });
  }

  /** One device, nothing overridden. */
  public static CompileOptions singleDevice() {
    return new CompileOptions(1, 1, false, false, List.of(), Map.of());
  }

  /** One program partitioned by Shardy over the client's first devices. */
  public static CompileOptions sharded(int numPartitions) {
    return new CompileOptions(1, numPartitions, true, true, List.of(), Map.of());
  }

  /** These options with one more flag set. */
  public CompileOptions withOverride(String name, Object value) {
    Map<String, Object> more = new TreeMap<>(overrides);
    more.put(name, Objects.requireNonNull(value, "value"));
    return new CompileOptions(
        numReplicas,
        numPartitions,
        useSpmdPartitioning,
        useShardyPartitioner,
        deviceAssignment,
        more);
  }

  /**
   * These options, and the compiler writes the program before and after it was optimized as HLO
   * text to a directory: to see what became of it, with its fusions, layouts and copies.
   */
  public CompileOptions withDump(Path directory) {
    return withOverride("xla_dump_to", directory.toString())
        .withOverride("xla_dump_hlo_as_text", true);
  }

  /**
   * These options with what a platform needs to compute rightly, unless it is overridden already.
   *
   * <p>On a CPU that is XLA's flag {@code xla_cpu_use_xnnpack}, off. Its products with XNNPACK pack
   * an argument of the program once and find it again by its address; a donated argument changes at
   * the same address, and products with it would go on with its first values.
   *
   * @param platform as the client or the topology names it
   */
  CompileOptions on(String platform) {
    return platform.equals("cpu") && !overrides.containsKey(XNNPACK)
        ? withOverride(XNNPACK, false)
        : this;
  }

  /** How many devices the program runs on. */
  public int deviceCount() {
    return numReplicas * numPartitions;
  }

  /** The message's bytes, the same for equal options; never none. */
  public byte[] toBytes() {
    ProtobufWriter build = new ProtobufWriter();
    build.integer(4, numReplicas);
    build.integer(5, numPartitions);
    build.bool(6, useSpmdPartitioning);
    if (!deviceAssignment.isEmpty()) {
      ProtobufWriter assignment = new ProtobufWriter();
      assignment.integer(1, numReplicas);
      assignment.integer(2, numPartitions);
      for (int partition = 0; partition < numPartitions; partition++) {
        // The message is partition-major: one entry per partition with the ids of its replicas.
        int column = partition;
        assignment.message(
            3,
            new ProtobufWriter()
                .packedIntegers(
                    1, deviceAssignment.stream().mapToLong(row -> row.get(column)).toArray()));
      }
      build.message(9, assignment);
    }
    build.bool(19, useShardyPartitioner);
    ProtobufWriter options = new ProtobufWriter();
    options.message(3, build);
    new TreeMap<>(overrides)
        .forEach((name, value) ->
            options.message(7, new ProtobufWriter().string(1, name).message(2, override(value))));
    return options.toBytes();
  }

  private static ProtobufWriter override(Object value) {
    ProtobufWriter writer = new ProtobufWriter();
    return switch (value) {
      case String text -> writer.string(1, text);
      case Boolean flag -> writer.oneofBool(2, flag);
      case Integer number -> writer.oneofInteger(3, number);
      case Long number -> writer.oneofInteger(3, number);
      case Double number -> writer.real(4, number);
      default -> throw new AssertionError(value);
    };
  }
}
