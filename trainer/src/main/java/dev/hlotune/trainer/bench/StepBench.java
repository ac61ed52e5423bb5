package dev.hlotune.trainer.bench;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.ModelMesh;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.Regularization;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.TrainState;
import dev.hlotune.trainer.step.Training;
import dev.hlotune.trainer.step.Tuning;
import dev.hlotune.trainer.step.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A train step held ready to be timed again and again. */
public final class StepBench implements AutoCloseable {
  private static final TrainState.Settings SETTINGS = TrainState.Settings.of(1e-4);

  private final DeviceProgram program;
  private final Batch batch;
  private final long stateBytes;
  private final long gradientBytes;
  private TrainState state;

  private StepBench(
      DeviceProgram program, Batch batch, TrainState state, long stateBytes, long gradientBytes) {
    this.program = program;
    this.batch = batch;
    this.state = state;
    this.stateBytes = stateBytes;
    this.gradientBytes = gradientBytes;
  }

  /** The step's program: AdamW with decay on every weight, clipping at 1. */
  public static Program program(BenchShape shape) {
    return TrainProgram.of(training(shape), shape.bucket());
  }

  private static Tuning tuning(BenchShape shape) {
    return Tuning.full(shape.model(), DType.F32);
  }

  private static Training training(BenchShape shape) {
    return new Training(tuning(shape), optimizer(), 1, Regularization.NONE);
  }

  private static Optimizer optimizer() {
    return Optimizer.adamw(new Optimizer.AdamW(0.9, 0.999, 1e-8, 0.01, 1.0), _ -> true);
  }

  /** Compiles the step and puts random weights on the device. */
  public static StepBench prepare(ProgramCompiler compiler, BenchShape shape) {
    return prepare(compiler, shape, program(shape));
  }

  private static StepBench prepare(ProgramCompiler compiler, BenchShape shape, Program program) {
    CausalModel model = shape.model();
    ParamMap<Shape> optimizer = TrainProgram.state(training(shape));
    long weightBytes =
        model.parameters().values().stream().mapToLong(spec -> spec.shape().bytes()).sum();
    long stateBytes = weightBytes + optimizer.values().stream().mapToLong(Shape::bytes).sum();
    ModelMesh mesh = compiler.mesh();
    return new StepBench(
        compiler.compile(program),
        shape.batch(),
        TrainState.of(
            tuning(shape),
            Weights.random(mesh.storage(), model.parameters(), 1),
            Weights.zeros(mesh.stateStorage(), optimizer)),
        stateBytes,
        weightBytes);
  }

  /**
   * A step of the same inputs and outputs that computes nothing: what is left of the time is the
   * host's, and the runtime's for passing buffers.
   */
  public static StepBench empty(ProgramCompiler compiler, BenchShape shape) {
    Program whole = program(shape);
    int last = whole.outputs().size() - 1;
    List<Program.Output> outputs = new ArrayList<>();
    for (int i = 0; i < last; i++) {
      outputs.add(
          Program.Output.of(whole.outputs().get(i).name(), whole.inputs().get(i).parameter()));
    }
    outputs.add(Program.Output.of("metrics", Tensors.fill(whole.outputs().get(last).shape(), 0)));
    return prepare(compiler, shape, new Program("empty_step", whole.inputs(), outputs));
  }

  /**
   * Runs steps one after the other, each to its end.
   *
   * @return milliseconds of each
   */
  public double[] run(int steps) {
    double[] times = new double[steps];
    for (int i = 0; i < steps; i++) {
      long start = System.nanoTime();
      TrainState.Stepped stepped = state.step(program, batch, SETTINGS);
      state = stepped.state();
      try (var metrics = stepped.metrics()) {
        if (!Float.isFinite(metrics.readFloats()[0])) {
          throw new ArithmeticException("benchmark: expected a finite loss, got none");
        }
      }
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    return times;
  }

  /** The program that is timed. */
  public DeviceProgram program() {
    return program;
  }

  /** Bytes of weights and optimizer state. */
  public long stateBytes() {
    return stateBytes;
  }

  /** Bytes of the gradients of all weights. */
  public long gradientBytes() {
    return gradientBytes;
  }

  static double median(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  @Override
  public void close() {
    state.close();
    program.close();
  }
}
