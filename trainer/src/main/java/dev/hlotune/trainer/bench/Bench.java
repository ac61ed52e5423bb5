package dev.hlotune.trainer.bench;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.CompiledMemory;
import dev.hlotune.pjrt.Event;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.DataOptions;
import dev.hlotune.trainer.data.PreparationRate;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.ModelMesh;
import dev.hlotune.trainer.step.ProgramCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Measures the train step against the machine's own matrix product, in one run. */
public final class Bench {
  /** Data is prepared this often: the first rounds run before the JVM has compiled the code. */
  private static final int DATA_ROUNDS = 8;

  private static final int MATRIX = 2048;
  private static final int MAX_LENGTH = 1024;

  private final Client client;

  /** Measures on the device of this client. */
  public Bench(Client client) {
    this.client = client;
  }

  /**
   * Everything, in a few minutes.
   *
   * @param steps how many steps are timed
   * @param data a JSONL file to measure data preparation on
   * @param tokenizer the directory of its tokenizer
   */
  public BenchResult run(BenchShape shape, int steps, Path data, Path tokenizer)
      throws IOException {
    Path scratch = Files.createTempDirectory("hlotune-bench");
    try {
      double[] compile = compile(shape, scratch);
      double matmul;
      double[] times;
      long peak;
      long state;
      long gradients;
      long temporary;
      try (StepBench bench = StepBench.prepare(compiler(Optional.empty()), shape)) {
        bench.run(3);
        // The product before and after: the machine may be slower at one time than at another.
        double before = matmulGflops();
        times = bench.run(steps);
        matmul = Math.max(before, matmulGflops());
        CompiledMemory memory = bench.program().memory();
        peak = memory.total();
        temporary = memory.temporary();
        state = bench.stateBytes();
        gradients = bench.gradientBytes();
      }
      double median = StepBench.median(times);
      PreparationRate rate = data(data, tokenizer, scratch);
      return new BenchResult(
          median,
          Arrays.stream(times).min().orElseThrow(),
          matmul,
          shape.flops() / median / 1e6,
          compile[0],
          compile[1],
          peak,
          state,
          gradients,
          temporary,
          hostOverheadUs(shape),
          rate.tokensPerSecond(),
          rate.overhead(),
          rate.openMilliseconds(),
          rate.readTokensPerSecond());
    } finally {
      delete(scratch);
    }
  }

  /** Milliseconds to compile the step, and to load it again. */
  private double[] compile(BenchShape shape, Path scratch) {
    String text = Emitter.emit(StepBench.program(shape));
    CompileOptions options = CompileOptions.singleDevice();
    ExecutableCache cache = new ExecutableCache(scratch.resolve("executables"), 1L << 32);
    double[] milliseconds = new double[2];
    for (int i = 0; i < 2; i++) {
      long start = System.nanoTime();
      cache.compile(client, text, options).executable().close();
      milliseconds[i] = (System.nanoTime() - start) / 1e6;
    }
    return milliseconds;
  }

  private double matmulGflops() {
    Axis rows = new Axis("m", MATRIX);
    Axis inner = new Axis("k", MATRIX);
    Tensor a = Tensors.parameter("a", Shape.of(DType.F32, rows, inner));
    Tensor b = Tensors.parameter("b", Shape.of(DType.F32, inner, new Axis("n", MATRIX)));
    Program program =
        new Program(
            "matmul",
            List.of(Program.Input.kept(a), Program.Input.kept(b)),
            List.of(Program.Output.of("c", a.dot(b, "k"))));
    float[] ones = new float[MATRIX * MATRIX];
    Arrays.fill(ones, 1);
    double best = Double.POSITIVE_INFINITY;
    DeviceMesh devices = DeviceMesh.single(client);
    try (DeviceProgram compiled = compiler(Optional.empty()).compile(program);
        ShardedBuffer left = devices.whole(ones, MATRIX, MATRIX);
        ShardedBuffer right = devices.whole(ones, MATRIX, MATRIX)) {
      for (int i = 0; i < 6; i++) {
        long start = System.nanoTime();
        try (ShardedBuffer product = compiled.run(List.of(left, right)).getFirst()) {
          try (Event ready = product.first().ready()) {
            ready.await();
          }
        }
        best = Math.min(best, (double) (System.nanoTime() - start));
      }
    }
    return 2.0 * Math.pow(MATRIX, 3) / best;
  }

  private double hostOverheadUs(BenchShape shape) {
    try (StepBench bench = StepBench.empty(compiler(Optional.empty()), shape)) {
      bench.run(500);
      return StepBench.median(bench.run(500)) * 1e3;
    }
  }

  private static PreparationRate data(Path file, Path tokenizerDirectory, Path scratch) {
    try (Tokenizer tokenizer = Tokenizer.load(tokenizerDirectory, scratch)) {
      return PreparationRate.measure(
          DataOptions.of(List.of(file), ChatTemplate.named("chatml"), MAX_LENGTH),
          tokenizer,
          Runtime.getRuntime().availableProcessors(),
          DATA_ROUNDS,
          scratch);
    }
  }

  private ProgramCompiler compiler(Optional<ExecutableCache> cache) {
    return new ProgramCompiler(ModelMesh.single(client), CompileOptions.singleDevice(), cache);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
