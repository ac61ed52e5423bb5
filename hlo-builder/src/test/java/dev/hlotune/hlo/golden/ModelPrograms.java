package dev.hlotune.hlo.golden;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Loss and gradient of tiny models. */
final class ModelPrograms {
  /** What each family needs beside {@link #SIZES}. */
  private static final Map<String, Map<String, Object>> FAMILIES =
      Map.of(
          "gpt2", Map.of("n_positions", 512, "n_embd", 8, "n_head", 2),
          "llama", Map.of(),
          "qwen3", Map.of("head_dim", 4),
          "phi3", Map.of("head_dim", 4, "partial_rotary_factor", 0.5),
          "gemma2", Map.of("head_dim", 2, "sliding_window", 5),
          "nanochat", Map.of("sequence_len", 512, "n_embd", 8, "n_head", 4, "n_kv_head", 2));

  private static final Map<String, Object> SIZES =
      Map.of(
          "vocab_size", 11,
          "hidden_size", 8,
          "intermediate_size", 12,
          "num_attention_heads", 4,
          "num_key_value_heads", 2,
          "max_position_embeddings", 512);

  private ModelPrograms() {}

  static List<Program> all() {
    List<Program> programs = new ArrayList<>();
    for (String family : List.of("gpt2", "llama")) {
      programs.add(loss(family + "_loss", model(family, 1, Layering.UNROLL, Remat.NOTHING), 8));
      programs.add(
          gradient(
              family + "_gradient",
              model(family, 1, Layering.UNROLL, Remat.NOTHING),
              DType.F32,
              8));
      programs.add(
          gradient(
              family + "_gradient_scan",
              model(family, 2, Layering.SCAN, Remat.DOTS),
              DType.F32,
              8));
    }
    programs.add(
        gradient(
            "llama_gradient_bf16",
            model("llama", 1, Layering.UNROLL, Remat.EVERYTHING),
            DType.BF16,
            8));
    for (String family : List.of("qwen3", "phi3", "nanochat")) {
      programs.add(loss(family + "_loss", model(family, 1, Layering.UNROLL, Remat.NOTHING), 8));
    }
    // Layers of two kinds in one loop, and a window within the row.
    programs.add(loss("gemma2_loss_scan", model("gemma2", 4, Layering.SCAN, Remat.NOTHING), 8));
    return programs;
  }

  /** A tiny model of a family. */
  static CausalModel model(String family, int layers, Layering layering, Remat remat) {
    Map<String, Object> config = new HashMap<>(SIZES);
    config.putAll(Objects.requireNonNull(FAMILIES.get(family)));
    config.putAll(Map.of("model_type", family, "num_hidden_layers", layers, "n_layer", layers));
    return Families.of(new ModelConfig(config), new Layout(layering, remat));
  }

  private static Program loss(String name, CausalModel model, int length) {
    ParamMap<Tensor> weights = weights(model);
    return Programs.of(name, loss(model, weights, DType.F32, length, false));
  }

  /** The loss of two rows and its gradient by every weight, in the order of the weights. */
  static Program gradient(String name, CausalModel model, DType compute, int length) {
    ParamMap<Tensor> weights = weights(model);
    Gradient.Result result =
        Gradient.of(loss(model, weights, compute, length, true), List.of(), weights.values());
    List<Program.Input> inputs = new ArrayList<>(Programs.of(name, result.value()).inputs());
    List<Program.Output> outputs = new ArrayList<>();
    outputs.add(Program.Output.of("loss", result.value()));
    for (int i = 0; i < weights.size(); i++) {
      outputs.add(
          new Program.Output(
              weights.names().get(i), result.gradients().get(i), weights.values().get(i).shape()));
    }
    return new Program(name, inputs, outputs);
  }

  private static ParamMap<Tensor> weights(CausalModel model) {
    return model.parameters().map((name, spec) -> Tensors.parameter(name, spec.shape()));
  }

  private static Tensor loss(
      CausalModel model,
      ParamMap<Tensor> weights,
      DType compute,
      int length,
      boolean differentiable) {
    Shape ids = Shape.of(DType.I32, new Axis("batch", 2), new Axis("seq", length));
    ParamMap<Tensor> cast = weights.map(weight -> weight.convert(compute));
    Tensor hidden =
        model.hidden(
            cast,
            new CausalModel.Inputs(
                Tensors.parameter("tokens", ids),
                Tensors.parameter("positions", ids),
                Tensors.parameter("segments", ids)));
    return CrossEntropy.weightedSum(
        new CrossEntropy.Inputs(
            hidden,
            model.head(cast),
            Tensors.parameter("targets", ids),
            Tensors.parameter("weights", ids.withDtype(DType.F32))),
        differentiable);
  }
}
