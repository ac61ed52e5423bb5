package dev.hlotune.trainer.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import dev.hlotune.trainer.bench.Bench;
import dev.hlotune.trainer.bench.BenchShape;
import dev.hlotune.trainer.bench.StepBench;
import dev.hlotune.trainer.bench.WeightsBench;
import dev.hlotune.trainer.step.ProgramCompiler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures this machine. */
@Command(
    name = "bench",
    description = "Measure the train step, compilation, memory and data preparation.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class BenchCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();
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

  @Option(
      names = "--plugin",
      description = "PJRT plugin to load.",
      showDefaultValue = CommandLine.Help.Visibility.NEVER)
  private Optional<Path> plugin = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

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
    try (Client client = load().cpuClient(1)) {
      if (weights.isPresent()) {
        Layering layering = scan ? Layering.SCAN : Layering.UNROLL;
        print(
            WeightsBench.measure(client, weights.get(), dtype, layering, Math.max(1, rounds), save)
                .fields());
      } else if (server) {
        serve(client, shape);
      } else {
        print(new Bench(client).run(shape, steps, data, tokenizer).fields());
      }
    }
    return ExitCode.OK.number();
  }

  private Plugin load() {
    return plugin
        .map(Plugin::load)
        .orElseGet(() ->
            PluginRegistry.ofEnvironment(false)
                .load(PluginTarget.CPU, PluginRegistry.Progress.silent()));
  }

  private void print(Map<String, Object> fields) throws IOException {
    if (json) {
      console.printText(JSON.writeValueAsString(fields) + "\n");
      return;
    }
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      Object value = field.getValue();
      console.printText(
          "%-24s %s%n"
              .formatted(field.getKey(), value instanceof Double d ? "%.3f".formatted(d) : value));
    }
  }

  /** The protocol of tools/bench/compare.py. */
  private void serve(Client client, BenchShape shape) throws IOException {
    ProgramCompiler compiler =
        new ProgramCompiler(client, CompileOptions.singleDevice(), Optional.empty());
    try (StepBench bench = StepBench.prepare(compiler, shape);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      bench.run(WARM_UP);
      console.printText(JSON.writeValueAsString(Map.of("ready", true)) + "\n");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        double[] times = bench.run(Integer.parseInt(line.replace("run", "").strip()));
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("step_ms", sorted[sorted.length / 2]);
        answer.put("step_ms_best", sorted[0]);
        answer.put("steps", sorted.length);
        console.printText(JSON.writeValueAsString(answer) + "\n");
      }
    }
  }
}
