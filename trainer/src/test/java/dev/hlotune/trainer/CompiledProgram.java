package dev.hlotune.trainer;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.ShardedProgram;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.ModelMesh;
import dev.hlotune.trainer.step.ProgramCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A program on the device of {@link TestClient}, run with arrays by name.
 *
 * @param program what was compiled
 * @param device the result
 */
public record CompiledProgram(Program program, DeviceProgram device) implements AutoCloseable {
  private static final CompileOptions QUICK = quick(CompileOptions.singleDevice());

  /**
   * Compiles in less time what runs once. The arithmetic is the same; what the compiler spares is
   * optimization, an emitter that is set up anew for each fusion, and cutting small programs into
   * many parts.
   */
  public static CompileOptions quick(CompileOptions options) {
    return options
        .withOverride("xla_backend_optimization_level", 0)
        .withOverride("xla_llvm_disable_expensive_passes", true)
        .withOverride("xla_cpu_use_fusion_emitters", false)
        .withOverride("xla_cpu_parallel_codegen_split_count", 1);
  }

  /** Compiles a program as a run of training does. */
  public static CompiledProgram of(Program program) {
    return of(program, CompileOptions.singleDevice());
  }

  /** Compiles programs with little optimization. */
  public static ProgramCompiler quickCompiler() {
    return new ProgramCompiler(TestClient.mesh(), QUICK, Optional.empty());
  }

  /** Compiles a program with little optimization. */
  public static CompiledProgram quick(Program program) {
    return of(program, QUICK);
  }

  /** Compiles a text of the program with little optimization. */
  public static CompiledProgram quick(Program program, String text) {
    ModelMesh mesh = TestClient.mesh();
    return new CompiledProgram(
        program,
        new DeviceProgram(
            text,
            new ShardedProgram(
                mesh.devices(),
                mesh.rules().placeWhole(program, Set.of()),
                TestClient.get().compile(text, QUICK))));
  }

  private static CompiledProgram of(Program program, CompileOptions options) {
    ProgramCompiler compiler = new ProgramCompiler(TestClient.mesh(), options, Optional.empty());
    return new CompiledProgram(program, compiler.compile(program));
  }

  /** Compiles a program with little optimization and runs it once. */
  public static ParamMap<NdArray> run(Program program, ParamMap<NdArray> inputs) {
    try (CompiledProgram compiled = quick(program)) {
      return compiled.run(inputs);
    }
  }

  /** The outputs by name, given a value for every input; axes may stand in any order. */
  public ParamMap<NdArray> run(ParamMap<NdArray> inputs) {
    List<ShardedBuffer> buffers = new ArrayList<>();
    try {
      for (Program.Input input : program.inputs()) {
        NdArray value = inputs.get(input.name()).ordered(input.parameter().shape().axes());
        buffers.add(HostArrays.toDevice(value));
      }
      List<ShardedBuffer> outputs = device.run(buffers);
      buffers.addAll(outputs);
      ParamMap<NdArray> results = ParamMap.empty();
      for (int i = 0; i < outputs.size(); i++) {
        Program.Output output = program.outputs().get(i);
        results = results.plus(output.name(), HostArrays.toHost(outputs.get(i), output.shape()));
      }
      return results;
    } finally {
      buffers.forEach(ShardedBuffer::close);
    }
  }

  @Override
  public void close() {
    device.close();
  }
}
