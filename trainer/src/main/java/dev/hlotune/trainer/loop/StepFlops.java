package dev.hlotune.trainer.loop;

import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.trainer.step.Tuning;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Floating-point operations of training, counted from the sizes of the weights: two for a weight
 * and a token in the forward pass, four in the backward pass (Kaplan et al. 2020, section 2.1).
 *
 * @param perPosition as {@code transformers} counts {@code total_flos}: six times all weights but
 *     the embeddings, a head that is the embedding left out too, for every position of a batch,
 *     padding included
 * @param perToken what a real token needs: six times the weights between embedding and head, four
 *     times those that are not trained, as they take no gradient
 * @param perSupervised what a supervised token needs besides: the same of the head. Attention's
 *     products, and what is computed again to save memory, are not counted
 */
public record StepFlops(double perPosition, double perToken, double perSupervised) {
  private static final int TRAINED = 6;
  private static final int FROZEN = 4;

  static StepFlops of(TunedModel tuned) {
    CausalModel model = tuned.base().model();
    Tuning tuning = tuned.tuning();
    String embedding = model.words().embedding();
    String head = model.words().headWeight();
    double counted = 0;
    double perToken = 0;
    double perSupervised = 0;
    for (Map.Entry<String, ParameterSpec> entry : entries(model).toList()) {
      String name = entry.getKey();
      double elements = entry.getValue().shape().elements();
      // GPT-2 looks positions up in a table, too.
      boolean lookedUp = name.equals(embedding) || name.endsWith("wpe.weight");
      int each = tuning.trains(name) ? TRAINED : FROZEN;
      counted += lookedUp ? 0 : elements;
      if (name.equals(head)) {
        perSupervised += each * elements;
      } else if (!lookedUp) {
        perToken += each * elements;
      }
    }
    double adapters =
        tuned.adapted().map(adapted -> (double) adapted.trainedParameters()).orElse(0.0);
    return new StepFlops(
        TRAINED * (counted + adapters), perToken + TRAINED * adapters, perSupervised);
  }

  /** {@code total_flos} of what was trained on. */
  double total(StepSums sums) {
    return sums.positions() * perPosition;
  }

  private static Stream<Map.Entry<String, ParameterSpec>> entries(CausalModel model) {
    return model.parameters().stream();
  }
}
