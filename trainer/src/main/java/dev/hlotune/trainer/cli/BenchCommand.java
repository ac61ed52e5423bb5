package dev.hlotune.trainer.cli;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.sharding.Storage;
import dev.hlotune.trainer.bench.Bench;
import dev.hlotune.trainer.bench.BenchShape;
import dev.hlotune.trainer.bench.StepBench;
import dev.hlotune.trainer.bench.WeightsBench;
import dev.hlotune.trainer.step.ModelMesh;
import dev.hlotune.trainer.step.ProgramCompiler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures this machine. */
@Command(
    name = "bench",
    description = "Measure the train step, compilation, memory and data preparation.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class BenchCommand implements Callable<Integer> {
  private static final int WARM_UP = 3;

  private final Console console;

  @Option(names = "--layers", description = "Blocks of the GPT-2.")
  private int layers = 6;

  @Option(names = "--heads", description = "Attention heads.")
  private int heads = 8;

  @Option(names = "--width", description = "Width of the residual.")
  private int width = 256;

  @Option(names = "--vocabulary", description = "Words.")
  private int vocabulary = 8192;

  @Option(names = "--batch", description = "Sequences in the batch.")
  private int batch = 4;

  @Option(names = "--length", description = "Tokens of a sequence.")
  private int length = 256;

  @Option(names = "--scan", description = "Loop over the layers instead of unrolling them.")
  private boolean scan;

  @Option(names = "--steps", description = "Steps to time.")
  private int steps = 20;

  @Option(
      names = "--weights",
      paramLabel = "MODEL",
      description = "Instead of all else, time loading the weights of this model directory.")
  private Optional<Path> weights = Optional.empty();

  @Option(
      names = "--dtype",
      description = "With --weights: their type on the device, F32, BF16 or F16.")
  private DType dtype = DType.F32;

  @Option(names = "--rounds", description = "With --weights: how often they are loaded.")
  private int rounds = 5;

  @Option(
      names = "--save",
      paramLabel = "FOLDER",
      description = "With --weights: save the model there as well, and time it.")
  private Optional<Path> save = Optional.empty();

  @Option(names = "--data", description = "JSONL file for data preparation.")
  private Path data = Path.of("configs/quickstart/train.jsonl");

  @Option(names = "--tokenizer", description = "Directory of its tokenizer.")
  private Path tokenizer = Path.of("configs/quickstart/tokenizer");

  @Mixin private BenchOutput output = new BenchOutput();

  @Option(
      names = "--server",
      description = "Time the step alone: for every line 'run N' print a JSON object.")
  private boolean server;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    BenchShape shape = new BenchShape(layers, heads, width, vocabulary, batch, length, scan);
    try (Client client = output.client()) {
      if (weights.isPresent()) {
        Layering layering = scan ? Layering.SCAN : Layering.UNROLL;
        output.print(
            console,
            WeightsBench.measure(
                    Storage.single(client),
                    weights.get(),
                    dtype,
                    layering,
                    Math.max(1, rounds),
                    save)
                .fields());
      } else if (server) {
        serve(client, shape);
      } else {
        output.print(console, new Bench(client).run(shape, steps, data, tokenizer).fields());
      }
    }
    return ExitCode.OK.number();
  }

  private void serve(Client client, BenchShape shape) throws IOException {
    ProgramCompiler compiler =
        new ProgramCompiler(
            ModelMesh.single(client), CompileOptions.singleDevice(), Optional.empty());
    try (StepBench bench = StepBench.prepare(compiler, shape)) {
      bench.run(WARM_UP);
      BenchOutput.serve(
          console,
          times -> {
            double[] sorted = bench.run(times);
            Arrays.sort(sorted);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("step_ms", sorted[sorted.length / 2]);
            answer.put("step_ms_best", sorted[0]);
            answer.put("steps", sorted.length);
            return answer;
          });
    }
  }
}
