package dev.hlotune.trainer.bench;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.generate.Generated;
import dev.hlotune.trainer.generate.GenerationEngine;
import dev.hlotune.trainer.generate.GenerationSettings;
import dev.hlotune.trainer.generate.Sampling;
import dev.hlotune.trainer.generate.Watching;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.Tuning;
import dev.hlotune.trainer.step.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/** Times answers of a model with random weights: the first token, and each further one. */
public final class GenerationBench implements AutoCloseable {
  private final GenerationEngine engine;
  private final List<ShardedBuffer> weights;
  private final List<int[]> prompts;
  private final Sampling sampling;

  private GenerationBench(
      GenerationEngine engine,
      List<ShardedBuffer> weights,
      List<int[]> prompts,
      Sampling sampling) {
    this.engine = engine;
    this.weights = weights;
    this.prompts = prompts;
    this.sampling = sampling;
  }

  /**
   * One measurement.
   *
   * @param firstMs milliseconds to the first token of every prompt
   * @param stepMs milliseconds of each further token of every prompt, on the average
   */
  public record Times(double firstMs, double stepMs) {}

  /**
   * Puts random weights on the device; nothing is compiled yet.
   *
   * @param shape the model, and how many prompts of which length
   */
  public static GenerationBench prepare(
      ProgramCompiler compiler, BenchShape shape, Sampling sampling) {
    CausalModel model = shape.model();
    SplittableRandom random = new SplittableRandom(7);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < shape.rows(); i++) {
      prompts.add(random.ints(shape.length(), 0, shape.vocabulary()).toArray());
    }
    return new GenerationBench(
        new GenerationEngine(
            compiler.mesh().devices(),
            compiler::compileWhole,
            Tuning.none(model, DType.F32),
            shape.rows()),
        Weights.random(compiler.mesh().storage(), model.parameters(), 1),
        prompts,
        sampling);
  }

  /**
   * Answers all prompts with one token, then with some more.
   *
   * @param steps further tokens, at least 1
   */
  public Times run(int steps) {
    double first = milliseconds(1, steps);
    return new Times(first, (milliseconds(steps + 1, steps) - first) / steps);
  }

  private double milliseconds(int tokens, int steps) {
    // The cache has the same size both times, so that the difference is that of the tokens.
    engine.prepare(lengths(), settings(steps + 1));
    engine.prepare(lengths(), settings(tokens));
    long start = System.nanoTime();
    List<Generated> answers =
        engine.generate(weights, prompts, settings(tokens), Optional.empty(), new AtomicBoolean());
    double time = (System.nanoTime() - start) / 1e6;
    if (answers.stream().anyMatch(answer -> answer.tokens().length != tokens)) {
      throw new IllegalStateException("benchmark: expected " + tokens + " tokens of each answer");
    }
    return time;
  }

  private List<Integer> lengths() {
    return prompts.stream().map(prompt -> prompt.length).toList();
  }

  private GenerationSettings settings(int tokens) {
    return new GenerationSettings(tokens, sampling, Set.of(), Watching.NONE);
  }

  /** The middle of some measurements, each for itself. */
  public static Times median(List<Times> times) {
    return new Times(
        StepBench.median(times.stream().mapToDouble(Times::firstMs).toArray()),
        StepBench.median(times.stream().mapToDouble(Times::stepMs).toArray()));
  }

  /** The least of some measurements, each for itself. */
  public static Times best(List<Times> times) {
    return new Times(
        Arrays.stream(times.stream().mapToDouble(Times::firstMs).toArray()).min().orElseThrow(),
        Arrays.stream(times.stream().mapToDouble(Times::stepMs).toArray()).min().orElseThrow());
  }

  @Override
  public void close() {
    engine.close();
    weights.forEach(ShardedBuffer::close);
  }
}
