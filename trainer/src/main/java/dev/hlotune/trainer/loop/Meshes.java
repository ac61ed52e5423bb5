package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.MeshConfig;
import dev.hlotune.configs.OffloadOptimizer;
import dev.hlotune.configs.ShardingConfig;
import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.Device;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.Mesh;
import dev.hlotune.sharding.ShardingPreset;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.sharding.Storage;
import dev.hlotune.sharding.hosts.PluginProcesses;
import dev.hlotune.trainer.step.ModelMesh;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a recipe says of devices, in the terms of the sharding rules. */
public final class Meshes {
  /** Axes that arrays have while they are computed, beside those of weights. */
  private static final List<String> COMPUTED = List.of("batch", "seq", "kv_head");

  private Meshes() {}

  /**
   * The rules of a recipe on so many devices.
   *
   * @param available the devices that there are, of which the recipe may take fewer
   * @throws ConfigException if the mesh does not fit them
   */
  public static ShardingRules rules(ShardingConfig config, int available) {
    ShardingConfig resolved = config.on(available);
    if (resolved.mesh().isEmpty()) {
      return ShardingRules.none();
    }
    MeshConfig sizes = resolved.mesh().get();
    List<Axis> axes = new ArrayList<>();
    sizes.sizes().forEach((name, size) -> axes.add(new Axis(name, size)));
    ShardingPreset preset =
        ShardingPreset.valueOf(
            resolved.strategy().map(Enum::name).orElse(ShardingPreset.FSDP_TP.name()));
    try {
      return preset
          .on(new Mesh(axes))
          .with(resolved.parameterAxisRules(), resolved.computeAxisRules());
    } catch (ShapeException e) {
      throw ConfigException.of("'mesh': " + e.getMessage());
    }
  }

  /**
   * The devices of a client that a recipe takes, with its rules.
   *
   * @param weights of the model
   * @throws ConfigException if the mesh does not fit the devices, or the rules the weights
   */
  static ModelMesh of(ShardingConfig config, Client client, ParamMap<ParameterSpec> weights) {
    List<Device> devices = PluginProcesses.devices(client);
    ShardingRules rules = rules(config, devices.size());
    check(config, rules, weights);
    boolean stateOnHost = config.offloadOptimizer() == OffloadOptimizer.HOST;
    if (client.platformName().equals("cpu")) {
      checkProcessor(config);
    }
    if (stateOnHost) {
      requireHostMemory(client);
    }
    int count = rules.mesh().deviceCount();
    Set<String> names = Set.copyOf(weights.names());
    if (count == 1) {
      return new ModelMesh(DeviceMesh.single(client), ShardingRules.none(), names, stateOnHost);
    }
    return new ModelMesh(
        new DeviceMesh(rules.mesh(), client, devices.subList(0, count)), rules, names, stateOnHost);
  }

  /**
   * Looks whether the rules fit the weights of a model.
   *
   * @throws ConfigException that names the first weight that they do not fit, or a rule for an axis
   *     that nothing has
   */
  public static void check(
      ShardingConfig config, ShardingRules rules, ParamMap<ParameterSpec> weights) {
    Set<String> known = new TreeSet<>();
    weights.values().forEach(spec -> spec.shape().axes().forEach(axis -> known.add(axis.name())));
    requireKnown("parameter_axis_rules", config.parameterAxisRules().keySet(), known);
    known.addAll(COMPUTED);
    requireKnown("compute_axis_rules", config.computeAxisRules().keySet(), known);
    weights.stream()
        .forEach(entry -> {
          try {
            rules.weight(entry.getValue().shape());
            rules.gradients().place(entry.getValue().shape());
          } catch (ShapeException e) {
            throw ConfigException.of("'mesh': weight '" + entry.getKey() + "': " + e.getMessage());
          }
        });
  }

  /**
   * Looks whether a recipe is one for the processor. Programs for it cannot name memories: all that
   * it has is one.
   *
   * @throws ConfigException if optimizer state shall lie in another memory than that of the devices
   */
  public static void checkProcessor(ShardingConfig config) {
    if (config.offloadOptimizer() == OffloadOptimizer.HOST) {
      throw ConfigException.of(
          "'offload_optimizer': expected devices with a memory beside that of the host, got the"
              + " processor, whose memory that is; leave it out");
    }
  }

  private static void requireHostMemory(Client client) {
    List<String> kinds = client.device().memoryKinds();
    if (!kinds.contains(Storage.HOST)) {
      throw ConfigException.of(
          "'offload_optimizer': expected a device that reaches memory of kind '%s', got %s with %s"
              .formatted(Storage.HOST, client.device(), kinds));
    }
  }

  private static void requireKnown(String key, Set<String> axes, Set<String> known) {
    for (String axis : axes) {
      if (!known.contains(axis)) {
        throw ConfigException.of(
            "'%s': expected axes that arrays have, which are %s, got '%s'"
                .formatted(key, String.join(", ", known), axis));
      }
    }
  }
}
