package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.Initializer;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * First values of weights that are norms of others ({@link Initializer.NormOf}): those others in,
 * in the model's order, and the norms out, likewise.
 */
public final class NormProgram {
  private NormProgram() {}

  /** The weights that are norms, by name, and of which they are. */
  public static ParamMap<String> norms(ParamMap<ParameterSpec> weights) {
    return weights
        .subset((_, spec) -> spec.initializer() instanceof Initializer.NormOf)
        .map(spec -> ((Initializer.NormOf) spec.initializer()).weight());
  }

  /** The program for the weights of a run. */
  public static Program of(Tuning tuning) {
    ParamMap<ParameterSpec> weights = tuning.parameters();
    List<Program.Input> inputs = new ArrayList<>();
    List<Program.Output> outputs = new ArrayList<>();
    norms(weights).stream()
        .forEach(entry -> {
          ParameterSpec spec = weights.get(entry.getValue());
          Tensor weight = Tensors.parameter(entry.getValue(), spec.shape());
          Tensor squares = weight.convert(DType.F32).square();
          inputs.add(Program.Input.kept(weight));
          outputs.add(
              new Program.Output(
                  entry.getKey(),
                  squares.sum(spec.input().orElseThrow()).sqrt(),
                  weights.get(entry.getKey()).shape()));
        });
    return new Program("norms", inputs, outputs);
  }
}
