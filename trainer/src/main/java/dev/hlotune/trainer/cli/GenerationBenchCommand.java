package dev.hlotune.trainer.cli;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.trainer.bench.BenchShape;
import dev.hlotune.trainer.bench.GenerationBench;
import dev.hlotune.trainer.generate.Sampling;
import dev.hlotune.trainer.step.ModelMesh;
import dev.hlotune.trainer.step.ProgramCompiler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures answers of a model with random weights. */
@Command(
    name = "generate",
    description =
        "Measure the first token of an answer and each further one, of a GPT-2 with random weights;"
            + " its sizes are those of GPT-2 124M.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class GenerationBenchCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--layers", description = "Blocks of the GPT-2.")
  private int layers = 12;

  @Option(names = "--heads", description = "Attention heads.")
  private int heads = 12;

  @Option(names = "--width", description = "Width of the residual.")
  private int width = 768;

  @Option(names = "--vocabulary", description = "Words.")
  private int vocabulary = 50257;

  @Option(names = "--batch", description = "Prompts at a time.")
  private int batch = 1;

  @Option(names = "--length", description = "Tokens of a prompt.")
  private int length = 64;

  @Option(names = "--steps", description = "Further tokens of an answer.")
  private int steps = 64;

  @Option(names = "--rounds", description = "How often it is measured.")
  private int rounds = 5;

  @Option(names = "--sample", description = "Draw tokens, with top_k 50 and top_p 0.9.")
  private boolean sample;

  @Mixin private BenchOutput output = new BenchOutput();

  @Option(names = "--server", description = "For every line 'run N' print a JSON object.")
  private boolean server;

  GenerationBenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    BenchShape shape = new BenchShape(layers, heads, width, vocabulary, batch, length, false);
    Sampling sampling = sample ? new Sampling(true, 0.8, 50, 0.9, 0, 1, 1) : Sampling.GREEDY;
    try (Client client = output.client()) {
      ProgramCompiler compiler =
          new ProgramCompiler(
              ModelMesh.single(client), CompileOptions.singleDevice(), Optional.empty());
      try (GenerationBench bench = GenerationBench.prepare(compiler, shape, sampling)) {
        bench.run(steps);
        if (server) {
          BenchOutput.serve(console, tokens -> measured(bench, tokens, 1));
        } else {
          output.print(console, measured(bench, steps, Math.max(1, rounds)));
        }
      }
    }
    return ExitCode.OK.number();
  }

  private Map<String, Object> measured(GenerationBench bench, int tokens, int times) {
    List<GenerationBench.Times> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.add(bench.run(tokens));
    }
    GenerationBench.Times middle = GenerationBench.median(all);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("step_ms", middle.stepMs());
    fields.put("step_ms_best", GenerationBench.best(all).stepMs());
    fields.put("steps", tokens);
    fields.put("first_ms", middle.firstMs());
    fields.put("first_ms_best", GenerationBench.best(all).firstMs());
    fields.put("tokens_per_second", 1e3 * batch / middle.stepMs());
    return fields;
  }
}
