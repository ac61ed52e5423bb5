package dev.hlotune.configs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Devices along each axis of the mesh: at least 1, or {@link #REST}, which at most one of them is.
 *
 * @param data batches are split over these
 * @param fsdp batches too, and weights where the strategy does so
 * @param tensor heads, hidden units of MLPs and words are split over these
 * @param sequence rows are split over these, along their length
 */
public record MeshConfig(int data, int fsdp, int tensor, int sequence) {
  /** What the other axes leave. */
  public static final int REST = -1;

  /** One device. */
  public static final MeshConfig ONE = new MeshConfig(1, 1, 1, 1);

  public MeshConfig {
    Checks checks =
        new Checks()
            .within(MeshKeys.DATA, data)
            .within(MeshKeys.FSDP, fsdp)
            .within(MeshKeys.TENSOR, tensor)
            .within(MeshKeys.SEQUENCE, sequence);
    long rests = Stream.of(data, fsdp, tensor, sequence).filter(size -> size == REST).count();
    checks
        .require(
            rests <= 1,
            "'mesh': expected -1, the rest, for one axis at most, got it for " + rests,
            MeshKeys.DATA,
            MeshKeys.FSDP,
            MeshKeys.SEQUENCE,
            MeshKeys.TENSOR)
        .done();
  }

  /** A mesh by its axes; those left out are of size 1. */
  static MeshConfig of(Map<MeshAxis, Integer> sizes) {
    return new MeshConfig(
        sizes.getOrDefault(MeshAxis.DATA, 1),
        sizes.getOrDefault(MeshAxis.FSDP, 1),
        sizes.getOrDefault(MeshAxis.TENSOR, 1),
        sizes.getOrDefault(MeshAxis.SEQUENCE, 1));
  }

  /** The size along an axis, possibly {@link #REST}. */
  public int size(MeshAxis axis) {
    return switch (axis) {
      case DATA -> data;
      case FSDP -> fsdp;
      case SEQUENCE -> sequence;
      case TENSOR -> tensor;
    };
  }

  /** The sizes by the names of the axes, the outermost first. */
  public Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    for (MeshAxis axis : MeshAxis.values()) {
      sizes.put(axis.spelled(), size(axis));
    }
    return Collections.unmodifiableMap(sizes);
  }

  /** How many devices it is of; empty where one of the sizes is the rest. */
  public OptionalInt devices() {
    return sizes().containsValue(REST) ? OptionalInt.empty() : OptionalInt.of(known());
  }

  /** The product of the sizes that are said. */
  int known() {
    return sizes().values().stream().filter(size -> size != REST).reduce(1, Math::multiplyExact);
  }

  /**
   * The mesh on so many devices: the rest is replaced by what it is there.
   *
   * @throws ConfigException that names both numbers, where the sizes do not multiply to the number
   *     of devices
   */
  public MeshConfig on(int devices) {
    int known = known();
    boolean rest = devices().isEmpty();
    new Checks()
        .require(
            rest ? devices % known == 0 : devices == known,
            "'mesh': expected sizes whose product "
                + (rest ? "divides" : "is")
                + " the number of devices "
                + devices
                + ", got "
                + known
                + " ("
                + sizes().entrySet().stream()
                    .filter(size -> size.getValue() != 1)
                    .map(size -> size.getKey() + " " + size.getValue())
                    .collect(Collectors.joining(", "))
                + "); change a size, or how many devices are taken by 'num_devices' or"
                + " 'cpu_device_count'",
            MeshKeys.DATA,
            MeshKeys.FSDP,
            MeshKeys.SEQUENCE,
            MeshKeys.TENSOR)
        .done();
    int left = devices / known;
    return new MeshConfig(
        data == REST ? left : data,
        fsdp == REST ? left : fsdp,
        tensor == REST ? left : tensor,
        sequence == REST ? left : sequence);
  }

  /**
   * The sizes on so many devices, by the names of the axes, the outermost first.
   *
   * @throws ConfigException as {@link #on}
   */
  public Map<String, Integer> resolve(int devices) {
    return on(devices).sizes();
  }

  void addTo(Values values) {
    values
        .put(MeshKeys.DATA, data)
        .put(MeshKeys.FSDP, fsdp)
        .put(MeshKeys.SEQUENCE, sequence)
        .put(MeshKeys.TENSOR, tensor);
  }
}
