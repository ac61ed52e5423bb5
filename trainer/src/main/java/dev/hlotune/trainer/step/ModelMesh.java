package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.pjrt.Client;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.Placement;
import dev.hlotune.sharding.ProgramPlacement;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.sharding.Storage;
import java.util.Optional;
import java.util.Set;

/**
 * The devices that a model is computed on, and where what its programs take and give lies there.
 *
 * @param devices the devices
 * @param rules of the same mesh
 * @param weights names of the model's weights
 * @param stateOnHost whether optimizer state lies in the memory of the host
 */
public record ModelMesh(
    DeviceMesh devices, ShardingRules rules, Set<String> weights, boolean stateOnHost) {
  /** Keeps its own copy. */
  public ModelMesh {
    weights = Set.copyOf(weights);
  }

  /** One device. */
  public static ModelMesh single(Client client) {
    return new ModelMesh(DeviceMesh.single(client), ShardingRules.none(), Set.of(), false);
  }

  /** Where weights are kept. */
  public Storage storage() {
    return new Storage(devices, rules::weight);
  }

  /** Where optimizer state is kept. */
  public Storage stateStorage() {
    return new Storage(
        devices, rules::state, stateOnHost ? Optional.of(Storage.HOST) : Optional.empty());
  }

  /** Bytes that a weight takes on each device. */
  public long weightBytes(Shape shape) {
    return rules.weight(shape).shard().bytes();
  }

  /** Bytes that a piece of optimizer state takes in the memory of each device. */
  public long stateBytes(Shape shape) {
    return stateOnHost ? 0 : rules.state(shape).shard().bytes();
  }

  /**
   * A program whose batches are split as the rules say.
   *
   * @throws dev.hlotune.hlo.ShapeException if they do not fit it
   */
  ProgramPlacement place(Program program) {
    ProgramPlacement placement = rules.place(program, weights);
    return devices.spansProcesses() ? withWholeResults(placement) : placement;
  }

  /** What is no state goes to every device, so that each process can read it. */
  private ProgramPlacement withWholeResults(ProgramPlacement placement) {
    ParamMap<Placement> outputs =
        placement
            .outputs()
            .map((name, own) ->
                weights.contains(name) || name.startsWith(ShardingRules.STATE)
                    ? own
                    : Placement.replicated(own.mesh(), own.shape()));
    return new ProgramPlacement(placement.mesh(), placement.inputs(), outputs, placement.rules());
  }

  /** Names of inputs and outputs in the memory of the host. */
  Set<String> onHost(Program program) {
    return stateOnHost ? ShardingRules.stateNames(program) : Set.of();
  }

  /** A program that takes and gives the same on all devices, but for the weights. */
  ProgramPlacement placeWhole(Program program) {
    return rules.placeWhole(program, weights);
  }
}
