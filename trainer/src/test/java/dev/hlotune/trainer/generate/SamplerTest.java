package dev.hlotune.trainer.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Recorded;
import dev.hlotune.trainer.step.RecordedInputs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of logits, as transformers' processors recorded it, and what is then drawn. */
class SamplerTest {
  private static final int WORDS = 41;
  private static final Axis VOCABULARY = new Axis("vocab", WORDS);

  @ParameterizedTest
  @ValueSource(strings = {"temperature", "top_k", "top_p", "top_p_low", "min_p", "penalty", "all"})
  void changesLogitsAsTransformersDoes(String name) throws IOException {
    Map<String, Recorded> recorded = Fixtures.tensors("generation/sampling.safetensors");
    Sampling sampling = sampling(name);
    Axis batch = new Axis("batch", 3);
    Shape shape = Shape.of(DType.F32, batch, VOCABULARY);
    Sampler sampler = Sampler.of(LogitsChange.of(sampling, WORDS), batch);
    Tensor logits = Tensors.parameter("logits", shape);
    Tensor seen = Tensors.parameter("seen", shape.withDtype(DType.I32));
    Tensor changed = sampler.changed(logits, Optional.of(seen));
    double[] got =
        run(
                sampler,
                List.of(logits, seen),
                changed,
                inputs(sampling, 3)
                    .plus("logits", new NdArray(shape, floats(recorded, "logits")))
                    .plus("seen", new NdArray(seen.shape(), seen(recorded))))
            .values();
    double[] expected = floats(recorded, name + ".scores");
    for (int i = 0; i < expected.length; i++) {
      if (Double.isInfinite(expected[i])) {
        assertEquals(expected[i], got[i], name + " " + i);
      } else {
        assertEquals(expected[i], got[i], 1e-5, name + " " + i);
      }
    }
  }

  /** Pearson's test of 20,000 draws against the probabilities they are of. */
  @Test
  void drawsByProbability() throws IOException {
    double[] all = floats(Fixtures.tensors("generation/sampling.safetensors"), "logits");
    double[] logits = Arrays.copyOf(all, WORDS);
    int draws = 20_000;
    int[] counts = new int[WORDS];
    for (int token : draw(logits, draws, 0)) {
      counts[token]++;
    }
    double total = Arrays.stream(logits).map(Math::exp).sum();
    double statistic = 0;
    int cells = 0;
    double rareExpected = 0;
    double rareSeen = 0;
    for (int i = 0; i < WORDS; i++) {
      double expected = draws * Math.exp(logits[i]) / total;
      if (expected < 10) {
        rareExpected += expected;
        rareSeen += counts[i];
      } else {
        statistic += Math.pow(counts[i] - expected, 2) / expected;
        cells++;
      }
    }
    statistic += Math.pow(rareSeen - rareExpected, 2) / Math.max(1, rareExpected);
    // The mean of the statistic is the number of cells, its variance twice that: five deviations.
    assertTrue(statistic < cells + 5 * Math.sqrt(2.0 * cells), statistic + " of " + cells);
    assertTrue(cells > 15, "cells " + cells);
  }

  @Test
  void aDrawDependsOnSeedRowAndPositionAlone() throws IOException {
    double[] all = floats(Fixtures.tensors("generation/sampling.safetensors"), "logits");
    double[] logits = Arrays.copyOf(all, WORDS);
    int[] many = draw(logits, 64, 0);
    assertArrayEquals(Arrays.copyOf(many, 8), draw(logits, 8, 0));
    assertArrayEquals(Arrays.copyOfRange(many, 3, 11), draw(logits, 8, 3));
  }

  /** A token for each of so many rows of the same logits, their numbers from one on. */
  private static int[] draw(double[] logits, int rows, int first) {
    Axis batch = new Axis("batch", rows);
    Shape shape = Shape.of(DType.F32, batch, VOCABULARY);
    Sampling sampling = new Sampling(true, 1, 0, 1, 0, 1, 7);
    Sampler sampler = Sampler.of(LogitsChange.of(sampling, WORDS), batch);
    Tensor one = Tensors.parameter("logits", Shape.of(DType.F32, VOCABULARY));
    Tensor next =
        sampler.next(
            one.broadcast(shape.axes()),
            Optional.empty(),
            Tensors.fill(Shape.of(DType.I32, batch), 5));
    ParamMap<NdArray> inputs =
        inputs(sampling, rows)
            .plus("logits", new NdArray(one.shape(), logits))
            .plus(
                "row_numbers",
                new NdArray(
                    Shape.of(DType.U32, batch),
                    IntStream.range(first, first + rows).asDoubleStream().toArray()));
    return Arrays.stream(run(sampler, List.of(one), next, inputs).values())
        .mapToInt(token -> (int) token)
        .toArray();
  }

  private static NdArray run(
      Sampler sampler, List<Tensor> more, Tensor output, ParamMap<NdArray> inputs) {
    List<Tensor> parameters = new ArrayList<>(more);
    parameters.addAll(sampler.inputs().values());
    return CompiledProgram.run(
            new Program(
                "sample",
                parameters.stream().map(Program.Input::kept).toList(),
                List.of(Program.Output.of("result", output))),
            inputs)
        .get("result");
  }

  /** A value for everything that a sampler may ask for. */
  private static ParamMap<NdArray> inputs(Sampling sampling, int rows) {
    return ParamMap.<NdArray>empty()
        .plus("seed_high", scalar(DType.U32, 0))
        .plus("seed_low", scalar(DType.U32, (double) sampling.seed()))
        .plus(
            "row_numbers",
            new NdArray(Shape.of(DType.U32, new Axis("batch", rows)), new double[rows]))
        .plus("temperature", scalar(DType.F32, sampling.temperature()))
        .plus("top_k", scalar(DType.I32, sampling.topK()))
        .plus("top_p", scalar(DType.F32, sampling.topP()))
        .plus("min_p", scalar(DType.F32, sampling.minP()))
        .plus("repetition_penalty", scalar(DType.F32, sampling.repetitionPenalty()));
  }

  private static NdArray scalar(DType dtype, double value) {
    return new NdArray(Shape.of(dtype), new double[] {value});
  }

  private static Sampling sampling(String name) throws IOException {
    Map<?, ?> keys =
        (Map<?, ?>) Objects.requireNonNull(Fixtures.json("generation/sampling.json").get(name));
    return new Sampling(
        Boolean.TRUE.equals(keys.get("do_sample")),
        number(keys, "temperature", 1),
        (int) number(keys, "top_k", 0),
        number(keys, "top_p", 1),
        number(keys, "min_p", 0),
        number(keys, "repetition_penalty", 1),
        42);
  }

  private static double number(Map<?, ?> keys, String key, double preset) {
    return keys.get(key) instanceof Number number ? number.doubleValue() : preset;
  }

  private static double[] floats(Map<String, Recorded> recorded, String name) {
    return RecordedInputs.doubles(Objects.requireNonNull(recorded.get(name)).floats()).toArray();
  }

  private static double[] seen(Map<String, Recorded> recorded) {
    int[] ids = Objects.requireNonNull(recorded.get("input_ids")).ints();
    double[] seen = new double[3 * WORDS];
    for (int i = 0; i < ids.length; i++) {
      seen[i / (ids.length / 3) * WORDS + ids[i]] = 1;
    }
    return seen;
  }
}
