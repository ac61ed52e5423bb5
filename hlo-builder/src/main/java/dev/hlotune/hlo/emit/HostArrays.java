package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Graph;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Prints a program that has inputs and outputs in the memory of the host, so that the device has
 * few of them at a time.
 *
 * <p>Compilers fetch what they can as early as they can: all of it before anything else, if nothing
 * holds it back, and then the device has no less than without the host. So what needs nothing from
 * there is printed first, in a train step the loss and the gradient's norm. Then come the outputs
 * one after another, each with the inputs that it needs, which are fetched behind a barrier: after
 * those results, and after what the output before left on the host has gone there.
 */
final class HostArrays {
  /** XLA's memory kind for memory of the host that the device reaches. */
  static final String HOST = "pinned_host";

  private static final String DEVICE = "device";

  private final Writer writer;
  private final Scope scope;
  private final Program program;
  private final Set<String> onHost;

  /** Inputs that were not fetched yet, by name. */
  private final Map<String, Value> waiting = new LinkedHashMap<>();

  /** Outputs that are on the host again, by position. */
  private final Map<Integer, Value> moved = new LinkedHashMap<>();

  /** What has to be there before more is fetched. */
  private List<Value> gate = List.of();

  HostArrays(Writer writer, Scope scope, Program program, Set<String> onHost) {
    this.writer = writer;
    this.scope = scope;
    this.program = program;
    this.onHost = onHost;
  }

  /** An input that lies there. */
  void put(Program.Input input, Value value) {
    waiting.put(input.name(), value);
  }

  /** Prints everything; the results in the order of the outputs. */
  List<Value> emit() {
    NodeEmitter nodes = new NodeEmitter(writer, scope);
    List<Program.Output> outputs = program.outputs();
    // Numbers, such as the count of steps, take no room, and much may need them.
    fetch(
        program.inputs().stream()
            .filter(input -> waiting.containsKey(input.name()))
            .filter(input -> input.parameter().shape().rank() == 0)
            .toList());
    Set<Op> late = late();
    List<Tensor> early =
        outputs.stream()
            .map(Program.Output::tensor)
            .filter(tensor -> !late.contains(tensor.op()) && !(tensor.op() instanceof Op.Parameter))
            .toList();
    nodes.emitAll(early);
    gate = early.stream().map(scope::natural).toList();
    for (Program.Output output : outputs) {
      List<Program.Input> needed = needed(output.tensor());
      fetch(needed);
      nodes.emitAll(List.of(output.tensor()));
      if (!needed.isEmpty()) {
        List<Value> gone = putBack(nodes);
        gate = gone.isEmpty() ? gate : gone;
      }
    }
    putBack(nodes);
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Program.Output output = outputs.get(i);
      results.add(
          moved.containsKey(i)
              ? Objects.requireNonNull(moved.get(i))
              : scope.in(output.tensor(), output.shape().axes()));
    }
    return results;
  }

  /** What needs an array that is still on the host. */
  private Set<Op> late() {
    Set<Op> late = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Op op : Graph.sorted(program.outputs().stream().map(Program.Output::tensor).toList())) {
      if (op instanceof Op.Parameter parameter
          ? waiting.containsKey(parameter.name())
          : Graph.operands(op).stream().anyMatch(operand -> late.contains(operand.op()))) {
        late.add(op);
      }
    }
    return late;
  }

  /** Inputs on the host that a tensor needs and that were not fetched yet. */
  private List<Program.Input> needed(Tensor tensor) {
    Set<String> names = new HashSet<>();
    for (Op op : Graph.sorted(List.of(tensor), scope::has)) {
      if (op instanceof Op.Parameter parameter && waiting.containsKey(parameter.name())) {
        names.add(parameter.name());
      }
    }
    return program.inputs().stream().filter(input -> names.contains(input.name())).toList();
  }

  /**
   * Fetches inputs behind the gate. What went back before passes through the barrier on its way
   * out, not beside it: else compilers may want it in two layouts, and the host does not transpose.
   */
  private void fetch(List<Program.Input> inputs) {
    List<Value> all = new ArrayList<>();
    inputs.forEach(input -> all.add(Objects.requireNonNull(waiting.remove(input.name()))));
    List<Value> held = all;
    if (!gate.isEmpty() && !inputs.isEmpty()) {
      all.addAll(gate);
      held = writer.barrier(all);
      List<Value> passed = held.subList(inputs.size(), held.size());
      moved.replaceAll(
          (_, value) -> gate.contains(value) ? passed.get(gate.indexOf(value)) : value);
      gate = List.copyOf(passed);
    }
    for (int i = 0; i < inputs.size(); i++) {
      scope.put(inputs.get(i).parameter(), move(held.get(i), DEVICE));
    }
  }

  /** Prints and puts back what of the outputs can be made from what was fetched; where it is. */
  private List<Value> putBack(NodeEmitter nodes) {
    List<Value> gone = new ArrayList<>();
    for (int i = 0; i < program.outputs().size(); i++) {
      Program.Output output = program.outputs().get(i);
      if (onHost.contains(output.name())
          && !moved.containsKey(i)
          && needed(output.tensor()).isEmpty()) {
        nodes.emitAll(List.of(output.tensor()));
        Value there = move(scope.in(output.tensor(), output.shape().axes()), HOST);
        moved.put(i, there);
        gone.add(there);
      }
    }
    return gone;
  }

  /** The value in another memory. */
  private Value move(Value value, String memory) {
    return writer.define(
        value.dtype(),
        value.order(),
        "stablehlo.custom_call @annotate_device_placement("
            + value.name()
            + ") {has_side_effect = true, mhlo.frontend_attributes = {_xla_buffer_placement = \""
            + memory
            + "\"}} : ("
            + value.type()
            + ") -> "
            + value.type());
  }
}
