package dev.hlotune.sharding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.Device;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.pjrt.Execution;
import dev.hlotune.pjrt.Handles;
import dev.hlotune.pjrt.LoadedExecutable;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several devices give what one gives. */
class ShardedProgramTest {
  /** Of a whole array: sums of some hundred f32 terms in another order, through two layers. */
  private static final double TOLERANCE = 2e-6;

  private static final Map<String, List<String>> DATA_PARALLEL = Map.of("batch", List.of("data"));
  private static final Map<String, List<String>> FULLY_SHARDED =
      Map.of("batch", List.of("data", "fsdp"), "embed", List.of("fsdp"));

  private static Map<String, float[]> expectedGradient = Map.of();
  private static Map<String, float[]> expectedDescent = Map.of();

  @BeforeAll
  static void runOnOneDevice() {
    try (Client client = CpuPlugin.get().cpuClient(1)) {
      expectedGradient = plain(client, TinyGpt2.gradient());
      try (ShardedProgram program =
          compile(new Mesh(List.of()), Map.of(), client, TinyGpt2.descent())) {
        expectedDescent = twoSteps(program);
      }
    }
  }

  @AfterAll
  static void nothingLeft() {
    assertEquals(0, Handles.live());
  }

  static List<AxisRules> rules() {
    Mesh grid = Mesh.of(new Axis("data", 2), new Axis("fsdp", 2));
    return List.of(
        new AxisRules(new Mesh(List.of()), Map.of()),
        new AxisRules(Mesh.of(new Axis("data", 2)), DATA_PARALLEL),
        new AxisRules(Mesh.of(new Axis("data", 4)), DATA_PARALLEL),
        new AxisRules(Mesh.of(new Axis("data", 1), new Axis("fsdp", 2)), FULLY_SHARDED),
        new AxisRules(Mesh.of(new Axis("data", 1), new Axis("fsdp", 4)), FULLY_SHARDED),
        new AxisRules(grid, FULLY_SHARDED),
        new AxisRules(grid, Map.of()));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void gradientsEqualThoseOfOneDevice(AxisRules rules) {
    try (Client client = CpuPlugin.get().cpuClient(rules.mesh().deviceCount());
        ShardedProgram program =
            compile(rules.mesh(), rules.rules(), client, TinyGpt2.gradient())) {
      List<ShardedBuffer> arguments = arguments(program);
      List<ShardedBuffer> results = program.run(arguments);
      assertClose(expectedGradient, gather(program, results));
      // A device holds its shards and nothing else.
      assertEquals(bytes(program.placement().inputs()), program.executable().memory().argument());
      arguments.forEach(ShardedBuffer::close);
      results.forEach(ShardedBuffer::close);
    }
  }

  private static long bytes(ParamMap<Placement> placements) {
    return placements.stream().mapToLong(entry -> entry.getValue().shard().bytes()).sum();
  }

  @Test
  void donatedShardsStayWhereTheyAre() {
    Mesh mesh = Mesh.of(new Axis("data", 2), new Axis("fsdp", 2));
    try (Client client = CpuPlugin.get().cpuClient(4);
        ShardedProgram program = compile(mesh, FULLY_SHARDED, client, TinyGpt2.descent())) {
      assertClose(expectedDescent, twoSteps(program));
      // Every shard of a weight is taken over; the loss alone, 4 bytes, is new.
      assertEquals(bytes(program.placement().outputs()) - 4, program.executable().memory().alias());
    }
  }

  /** {@code state + state}, {@code [row, column]}. */
  private static Program doubling() {
    Tensor state =
        Tensors.parameter("state", Shape.of(DType.F32, new Axis("row", 2), new Axis("column", 2)));
    return new Program(
        "doubling",
        List.of(Program.Input.kept(state)),
        List.of(Program.Output.of("state", state.plus(state))));
  }

  @Test
  void refusesArgumentsThatLieElsewhere() {
    Mesh mesh = Mesh.of(new Axis("data", 2), new Axis("fsdp", 2));
    try (Client client = CpuPlugin.get().cpuClient(4);
        ShardedProgram program =
            compile(mesh, Map.of("row", List.of("data")), client, doubling())) {
      assertEquals(
          "program 'doubling': expected 1 arguments, got 0",
          assertThrows(ShapeException.class, () -> program.run(List.of())).getMessage());
      // Shards of the right size, of the wrong blocks.
      Placement other =
          new AxisRules(mesh, Map.of("row", List.of("fsdp")))
              .place(doubling().outputs().getFirst().shape());
      try (ShardedBuffer elsewhere =
          ShardedBuffer.scatter(
              program.devices(), other, MemorySegment.ofArray(new float[] {1, 2, 3, 4}))) {
        assertEquals(
            "program 'doubling': expected argument \"state\" to be f32[row=2@data, column=2],"
                + " got f32[row=2@fsdp, column=2]",
            assertThrows(ShapeException.class, () -> program.run(List.of(elsewhere))).getMessage());
      }
    }
  }

  @Test
  void refusesAnExecutableOfOtherDevices() {
    Mesh mesh = Mesh.of(new Axis("data", 2));
    ProgramPlacement placement =
        ProgramPlacement.of(doubling(), new AxisRules(mesh, Map.of("row", List.of("data"))));
    String text = Emitter.emit(doubling(), placement.partitioning());
    try (Client client = CpuPlugin.get().cpuClient(2)) {
      DeviceMesh forwards = DeviceMesh.of(mesh, client);
      try (LoadedExecutable executable = client.compile(text, forwards.compileOptions())) {
        DeviceMesh backwards = new DeviceMesh(mesh, client, client.devices().reversed());
        assertThrows(
            ShapeException.class, () -> new ShardedProgram(backwards, placement, executable));
        DeviceMesh other = DeviceMesh.of(Mesh.of(new Axis("fsdp", 2)), client);
        assertThrows(ShapeException.class, () -> new ShardedProgram(other, placement, executable));
      }
    }
  }

  @Test
  void devicesCanStandInAnyOrder() {
    Mesh mesh = Mesh.of(new Axis("data", 2));
    ProgramPlacement placement =
        ProgramPlacement.of(doubling(), new AxisRules(mesh, Map.of("row", List.of("data"))));
    try (Client client = CpuPlugin.get().cpuClient(3)) {
      List<Device> chosen = List.of(client.devices().get(2), client.devices().get(0));
      DeviceMesh devices = new DeviceMesh(mesh, client, chosen);
      String text = Emitter.emit(doubling(), placement.partitioning());
      try (ShardedProgram program =
              new ShardedProgram(
                  devices, placement, client.compile(text, devices.compileOptions()));
          ShardedBuffer state =
              ShardedBuffer.scatter(
                  devices,
                  placement.inputs().get("state"),
                  MemorySegment.ofArray(new float[] {1, 2, 3, 4}))) {
        List<ShardedBuffer> results = program.run(List.of(state));
        assertArrayEquals(new float[] {2, 4, 6, 8}, gather(program, results).get("state"));
        assertEquals(
            chosen, results.getFirst().shards().stream().map(DeviceBuffer::device).toList());
        results.forEach(ShardedBuffer::close);
      }
    }
  }

  private static ShardedProgram compile(
      Mesh mesh, Map<String, List<String>> rules, Client client, Program program) {
    DeviceMesh devices = DeviceMesh.of(mesh, client);
    ProgramPlacement placement = ProgramPlacement.of(program, new AxisRules(mesh, rules));
    return new ShardedProgram(
        devices,
        placement,
        client.compile(Emitter.emit(program, placement.partitioning()), devices.compileOptions()));
  }

  private static List<ShardedBuffer> arguments(ShardedProgram program) {
    List<MemorySegment> arrays = TinyGpt2.arrays();
    List<Placement> inputs = program.placement().inputs().values();
    assertEquals(inputs.size(), arrays.size());
    List<ShardedBuffer> arguments = new ArrayList<>();
    for (int index = 0; index < arrays.size(); index++) {
      arguments.add(ShardedBuffer.scatter(program.devices(), inputs.get(index), arrays.get(index)));
    }
    return Collections.unmodifiableList(arguments);
  }

  /** Two steps of descent, the second on what the first gave. */
  private static Map<String, float[]> twoSteps(ShardedProgram program) {
    List<ShardedBuffer> first = arguments(program);
    int weights = program.placement().outputs().size() - 1;
    List<ShardedBuffer> results = program.run(first);
    List<ShardedBuffer> batch = first.subList(weights, first.size());
    assertFalse(first.getFirst().shards().getFirst().isOpen());
    List<ShardedBuffer> second = new ArrayList<>(results.subList(0, weights));
    results.getLast().close();
    second.addAll(batch);
    List<ShardedBuffer> end = program.run(second);
    Map<String, float[]> values = gather(program, end);
    end.forEach(ShardedBuffer::close);
    batch.forEach(ShardedBuffer::close);
    return values;
  }

  private static Map<String, float[]> gather(ShardedProgram program, List<ShardedBuffer> results) {
    Map<String, float[]> values = new LinkedHashMap<>();
    List<String> names = program.placement().outputs().names();
    for (int index = 0; index < results.size(); index++) {
      ShardedBuffer result = results.get(index);
      float[] array = new float[Math.toIntExact(result.placement().shape().elements())];
      result.gather(MemorySegment.ofArray(array));
      values.put(names.get(index), array);
    }
    return values;
  }

  /** The program without anything of this module. */
  private static Map<String, float[]> plain(Client client, Program program) {
    List<MemorySegment> arrays = TinyGpt2.arrays();
    List<DeviceBuffer> arguments = new ArrayList<>();
    try (LoadedExecutable executable =
        client.compile(Emitter.emit(program), CompileOptions.singleDevice())) {
      for (int index = 0; index < arrays.size(); index++) {
        arguments.add(
            client.transfer(
                arrays.get(index),
                executable.signature().parameters().get(index),
                client.device()));
      }
      Map<String, float[]> values = new LinkedHashMap<>();
      try (Execution run = executable.execute(arguments)) {
        for (int index = 0; index < program.outputs().size(); index++) {
          values.put(program.outputs().get(index).name(), run.output(index).readFloats());
        }
      }
      arguments.forEach(DeviceBuffer::close);
      return values;
    }
  }

  private static void assertClose(Map<String, float[]> expected, Map<String, float[]> got) {
    assertEquals(expected.keySet(), got.keySet());
    expected.forEach((name, values) -> {
      float[] actual = Objects.requireNonNull(got.get(name));
      double difference = 0;
      double norm = 0;
      for (int index = 0; index < values.length; index++) {
        difference += Math.pow(values[index] - (double) actual[index], 2);
        norm += Math.pow(values[index], 2);
      }
      assertTrue(norm > 0, name + ": expected values other than zero");
      double error = Math.sqrt(difference / norm);
      assertTrue(error < TOLERANCE, name + ": relative error " + error);
    });
  }
}
