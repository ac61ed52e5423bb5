package dev.hlotune.configs;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How a run is spread over devices. It changes where and how fast a run is, not what it learns.
 *
 * @param mesh devices along each axis; empty for a run on one device
 * @param strategy what is split; empty where the axes of the mesh say it, as {@link
 *     ShardingStrategy#FSDP_TP} takes them
 * @param parameterAxisRules by the name of an axis of weights, the axes of the mesh that split it,
 *     in place of the strategy's; none for whole
 * @param computeAxisRules the same for batches, activations, and weights while they are used
 * @param deviceCount how many devices the run takes, where it is not all
 * @param cpuDeviceCount how many the CPU is divided into, where it is not as many as the mesh takes
 * @param offloadOptimizer where the optimizer's state lies between updates
 * @param processes the processes that the run is of
 */
public record ShardingConfig(
    Optional<MeshConfig> mesh,
    Optional<ShardingStrategy> strategy,
    Map<String, List<String>> parameterAxisRules,
    Map<String, List<String>> computeAxisRules,
    Optional<Integer> deviceCount,
    Optional<Integer> cpuDeviceCount,
    OffloadOptimizer offloadOptimizer,
    ProcessesConfig processes) {
  private static final String BATCH = "batch";
  private static final List<String> BATCH_AXES =
      List.of(MeshAxis.DATA.spelled(), MeshAxis.FSDP.spelled());

  public ShardingConfig {
    parameterAxisRules = ordered(parameterAxisRules);
    computeAxisRules = ordered(computeAxisRules);
    Checks checks =
        new Checks()
            .within(MeshKeys.PARAMETER_RULES, parameterAxisRules)
            .within(MeshKeys.COMPUTE_RULES, computeAxisRules)
            .within(MeshKeys.NUM_DEVICES, deviceCount)
            .within(MeshKeys.CPU_DEVICES, cpuDeviceCount)
            .require(
                mesh.isPresent() || strategy.isEmpty(),
                "'sharding_strategy': expected a mesh, got none",
                MeshKeys.STRATEGY);
    if (mesh.isPresent() && mesh.get().devices().orElse(1) > 1 && strategy.isPresent()) {
      for (MeshAxis axis : strategy.get().axes()) {
        checks.require(
            mesh.get().size(axis) != 1,
            "'sharding_strategy': expected more than one device along '"
                + MeshKeys.of(axis).name()
                + "', which '"
                + strategy.get().spelled()
                + "' splits over, got 1; change the mesh, the strategy, or how many devices there are",
            MeshKeys.STRATEGY,
            MeshKeys.of(axis));
      }
    }
    checks.done();
  }

  private static Map<String, List<String>> ordered(Map<String, List<String>> rules) {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    rules.forEach((axis, mesh) -> copy.put(axis, List.copyOf(mesh)));
    return Collections.unmodifiableMap(copy);
  }

  static ShardingConfig of(Settings settings) {
    Optional<ShardingStrategy> strategy = settings.find(MeshKeys.STRATEGY);
    Optional<Integer> devices = settings.find(MeshKeys.NUM_DEVICES);
    ProcessesConfig processes = ProcessesConfig.of(settings);
    return new ShardingConfig(
        mesh(settings, strategy, devices.orElse(1) > 1 || processes.count() > 1),
        strategy,
        settings.find(MeshKeys.PARAMETER_RULES).orElse(Map.of()),
        settings.find(MeshKeys.COMPUTE_RULES).orElse(Map.of()),
        devices,
        settings.find(MeshKeys.CPU_DEVICES),
        settings.get(MeshKeys.OFFLOAD_OPTIMIZER),
        processes);
  }

  /** The sizes said; the first axis of the strategy takes the rest, where nothing else does. */
  private static Optional<MeshConfig> mesh(
      Settings settings, Optional<ShardingStrategy> strategy, boolean counted) {
    Map<MeshAxis, Integer> sizes = new EnumMap<>(MeshAxis.class);
    for (MeshAxis axis : MeshAxis.values()) {
      settings.find(MeshKeys.of(axis)).ifPresent(size -> sizes.put(axis, size));
    }
    if (sizes.isEmpty() && strategy.isEmpty() && !counted) {
      return Optional.empty();
    }
    Optional<MeshAxis> main =
        strategy
            .map(it -> it.axes().getFirst())
            .or(() -> sizes.isEmpty() ? Optional.of(MeshAxis.DATA) : Optional.empty());
    if (main.isPresent() && !sizes.containsValue(MeshConfig.REST)) {
      sizes.putIfAbsent(main.get(), MeshConfig.REST);
    }
    return Optional.of(MeshConfig.of(sizes));
  }

  /**
   * How many devices the client of each process is given on the CPU.
   *
   * @param count of the processes
   * @throws ConfigException where the devices of the mesh are not shared equally by the processes
   */
  public int cpuDevices(int count) {
    if (cpuDeviceCount.isPresent()) {
      return cpuDeviceCount.get();
    }
    int all = deviceCount.orElseGet(() -> mesh.map(MeshConfig::known).orElse(1));
    // What is left is one device each where nothing says how many.
    boolean rest = deviceCount.isEmpty() && mesh.map(it -> it.devices().isEmpty()).orElse(true);
    if (rest && all < count) {
      return 1;
    }
    new Checks()
        .require(
            all % count == 0,
            "'mesh': expected as many devices in each of the "
                + count
                + " processes, got "
                + all
                + " in all",
            MeshKeys.NUM_DEVICES,
            MeshKeys.DATA,
            MeshKeys.FSDP,
            MeshKeys.SEQUENCE,
            MeshKeys.TENSOR)
        .done();
    return all / count;
  }

  /**
   * Whether it says how many devices there are, on the CPU, so that nothing is left to find out.
   */
  boolean saysDevices() {
    return deviceCount.isPresent()
        || cpuDeviceCount.isPresent()
        || mesh.map(MeshConfig::devices).orElse(OptionalInt.of(1)).isPresent();
  }

  /**
   * The same for a run that a launcher has started in several processes: where nothing says what is
   * split over their devices, batches are.
   *
   * @param count of the processes
   */
  public ShardingConfig among(int count) {
    return count == 1 || mesh.isPresent()
        ? this
        : withMesh(Optional.of(new MeshConfig(MeshConfig.REST, 1, 1, 1)));
  }

  /** The same without a mesh, and without what needs one. */
  ShardingConfig onOneDevice() {
    return new ShardingConfig(
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        offloadOptimizer,
        new ProcessesConfig(Optional.empty(), processes.timeoutSeconds()));
  }

  private ShardingConfig withMesh(Optional<MeshConfig> other) {
    return new ShardingConfig(
        other,
        strategy,
        parameterAxisRules,
        computeAxisRules,
        deviceCount,
        cpuDeviceCount,
        offloadOptimizer,
        processes);
  }

  /**
   * How many devices the run takes of those that there are; the first ones.
   *
   * @param available the devices of all processes
   * @throws ConfigException where there are fewer than the recipe wants
   */
  public int devicesOf(int available) {
    int taken =
        deviceCount.orElse(
            mesh.equals(Optional.of(MeshConfig.ONE)) || mesh.isEmpty() ? 1 : available);
    new Checks()
        .require(
            taken <= available,
            "'num_devices': expected at most the " + available + " that there are, got " + taken,
            MeshKeys.NUM_DEVICES)
        .done();
    return taken;
  }

  /**
   * The same with the sizes that the mesh has on so many devices.
   *
   * @param available the devices of all processes
   * @throws ConfigException where they do not fit
   */
  public ShardingConfig on(int available) {
    int devices = devicesOf(available);
    return withMesh(mesh.map(it -> it.on(devices)));
  }

  /**
   * Over how many devices the rows of a batch are split; empty while a size that it depends on is
   * the rest. A micro-batch has so many times the rows of {@code per_device_train_batch_size}.
   */
  public OptionalInt dataParallel() {
    return dataParallel(mesh.orElse(MeshConfig.ONE).sizes(), computeAxisRules);
  }

  static OptionalInt dataParallel(Map<String, Integer> mesh, Map<String, List<String>> rules) {
    List<Integer> sizes =
        rules.getOrDefault(BATCH, BATCH_AXES).stream()
            .map(axis -> mesh.getOrDefault(axis, 1))
            .toList();
    return sizes.contains(MeshConfig.REST)
        ? OptionalInt.empty()
        : OptionalInt.of(sizes.stream().reduce(1, Math::multiplyExact));
  }

  /**
   * A recipe in which the rows of a device are those of all devices, where it says how many there
   * are.
   *
   * @param recipe as {@link SftConfig#resolved} gives it
   */
  static Map<String, Object> withRowsOfAll(Map<String, Object> recipe) {
    Map<String, Integer> mesh = new LinkedHashMap<>();
    if (recipe.get(MeshKeys.MESH) instanceof Map<?, ?> sizes) {
      sizes.forEach((axis, size) -> {
        if (size instanceof Number number) {
          mesh.put(String.valueOf(axis), number.intValue());
        }
      });
    }
    Map<String, List<String>> rules =
        recipe.get(MeshKeys.COMPUTE_RULES.name()) instanceof List<?> texts
            ? MeshKeys.COMPUTE_RULES.type().parse(JsonText.shown(texts))
            : Map.of();
    OptionalInt shares = dataParallel(mesh, rules);
    Map<String, Object> all = new LinkedHashMap<>(recipe);
    if (shares.isPresent()) {
      all.computeIfPresent(
          DataKeys.TRAIN_BATCH_SIZE.name(),
          (_, rows) ->
              rows instanceof Number number ? number.longValue() * shares.getAsInt() : rows);
    }
    return all;
  }

  void addTo(Values values) {
    mesh.ifPresent(it -> it.addTo(values));
    Stream.of(
            Map.entry(MeshKeys.PARAMETER_RULES, parameterAxisRules),
            Map.entry(MeshKeys.COMPUTE_RULES, computeAxisRules))
        .filter(rules -> !rules.getValue().isEmpty())
        .forEach(rules -> values.put(rules.getKey(), rules.getValue()));
    values
        .put(MeshKeys.STRATEGY, strategy)
        .put(MeshKeys.NUM_DEVICES, deviceCount)
        .put(MeshKeys.CPU_DEVICES, cpuDeviceCount)
        .put(MeshKeys.OFFLOAD_OPTIMIZER, offloadOptimizer);
    processes.addTo(values);
  }
}
