package dev.hlotune.sharding;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.grad.Gradient;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.CrossEntropy;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.ParamMap;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A GPT-2 small enough to compile in a second, its programs and a batch for it. */
final class TinyGpt2 {
  static final CausalModel MODEL =
      Families.of(
          new ModelConfig(
              Map.of(
                  "model_type",
                  "gpt2",
                  "vocab_size",
                  64,
                  "n_positions",
                  16,
                  "n_embd",
                  32,
                  "n_layer",
                  2,
                  "n_head",
                  4)),
          new Layout(Layering.UNROLL, Remat.NOTHING));

  private static final Axis BATCH = new Axis("batch", 8);
  private static final Axis SEQUENCE = new Axis("seq", 16);
  private static final Shape IDS = Shape.of(DType.I32, BATCH, SEQUENCE);

  private TinyGpt2() {}

  /** Weights and a batch in; Σ w·loss and its gradient by every weight out. */
  static Program gradient() {
    ParamMap<Tensor> weights = weights();
    List<Tensor> batch = batch();
    Gradient.Result result = Gradient.of(loss(weights, batch), List.of(), weights.values());
    List<Program.Output> outputs = new ArrayList<>();
    outputs.add(Program.Output.of("loss_sum", result.value()));
    ParamMap.zip(weights.names(), result.gradients())
        .map((name, gradient) -> outputs.add(output(name, gradient)));
    List<Program.Input> inputs = new ArrayList<>();
    weights.values().forEach(weight -> inputs.add(Program.Input.kept(weight)));
    batch.forEach(field -> inputs.add(Program.Input.kept(field)));
    return new Program("gradient", inputs, outputs);
  }

  /** Weights, donated, and a batch in; the weights after a step of descent and Σ w·loss out. */
  static Program descent() {
    ParamMap<Tensor> weights = weights();
    List<Tensor> batch = batch();
    Gradient.Result result = Gradient.of(loss(weights, batch), List.of(), weights.values());
    List<Program.Output> outputs = new ArrayList<>();
    List<Program.Input> inputs = new ArrayList<>();
    weights
        .with(
            ParamMap.zip(weights.names(), result.gradients()),
            (weight, gradient) -> weight.minus(gradient.times(1e-3)))
        .map((name, next) -> {
          inputs.add(new Program.Input(weights.get(name), outputs.size()));
          return outputs.add(output(name, next));
        });
    outputs.add(Program.Output.of("loss_sum", result.value()));
    batch.forEach(field -> inputs.add(Program.Input.kept(field)));
    return new Program("descent", inputs, outputs);
  }

  /** The same arrays at every call, for the inputs of either program. */
  static List<MemorySegment> arrays() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    List<MemorySegment> arrays = new ArrayList<>();
    MODEL
        .parameters()
        .map((name, spec) -> {
          float[] values = new float[Math.toIntExact(spec.shape().elements())];
          double mean = name.contains("ln_") && name.endsWith("weight") ? 1 : 0;
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian(mean, 0.2);
          }
          return arrays.add(MemorySegment.ofArray(values));
        });
    int count = Math.toIntExact(IDS.elements());
    int[] tokens = random.ints(count, 0, MODEL.vocabulary()).toArray();
    int[] targets = random.ints(count, 0, MODEL.vocabulary()).toArray();
    int[] segments = new int[count];
    int[] positions = new int[count];
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      // Two documents a row, of unequal length; a third of the positions is supervised.
      int place = i % SEQUENCE.size();
      segments[i] = place < 6 ? 1 : 2;
      positions[i] = place < 6 ? place : place - 6;
      weights[i] = random.nextInt(3) == 0 ? 1 : 0;
    }
    for (int[] field : List.of(tokens, targets, segments, positions)) {
      arrays.add(MemorySegment.ofArray(field));
    }
    arrays.add(MemorySegment.ofArray(weights));
    return arrays;
  }

  private static Program.Output output(String name, Tensor tensor) {
    return new Program.Output(name, tensor, MODEL.parameters().get(name).shape());
  }

  private static ParamMap<Tensor> weights() {
    return MODEL.parameters().map((name, spec) -> Tensors.parameter(name, spec.shape()));
  }

  private static List<Tensor> batch() {
    return List.of(
        Tensors.parameter("tokens", IDS),
        Tensors.parameter("targets", IDS),
        Tensors.parameter("segments", IDS),
        Tensors.parameter("positions", IDS),
        Tensors.parameter("weights", IDS.withDtype(DType.F32)));
  }

  private static Tensor loss(ParamMap<Tensor> weights, List<Tensor> batch) {
    return CrossEntropy.weightedSum(
        new CrossEntropy.Inputs(
            MODEL.hidden(weights, new CausalModel.Inputs(batch.get(0), batch.get(3), batch.get(2))),
            MODEL.head(weights),
            batch.get(1),
            batch.get(4)),
        true);
  }
}
