package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.grad.Gradient;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;

/** Programs that look at a model without training it. */
public final class GradientProgram {
  private GradientProgram() {}

  /**
   * Loss and gradients: weights and one micro-batch in; Σ w·loss, Σ w and the gradient of the first
   * by every trained weight out.
   */
  public static Program of(Tuning tuning, Bucket bucket) {
    ParamMap<Tensor> weights = tuning.inputs();
    ParamMap<Tensor> trained = tuning.trained(weights);
    BatchInputs batch = BatchInputs.of(bucket, 1);
    Tensor loss = Loss.weightedSum(tuning, weights, batch, true);
    Gradient.Result result = Gradient.of(loss, List.of(), trained.values());
    List<Program.Input> inputs = new ArrayList<>();
    weights.values().forEach(weight -> inputs.add(Program.Input.kept(weight)));
    inputs.addAll(batch.programInputs());
    List<Program.Output> outputs = new ArrayList<>();
    outputs.add(Program.Output.of("loss_sum", result.value()));
    outputs.add(Program.Output.of("weight_sum", batch.weights().total()));
    List<String> names = trained.names();
    for (int i = 0; i < names.size(); i++) {
      outputs.add(
          new Program.Output(
              names.get(i), result.gradients().get(i), trained.get(names.get(i)).shape()));
    }
    return new Program("gradient", inputs, outputs);
  }
}
