package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.Optional;

/**
 * The loss of one token and its gradient by the logits: cross-entropy, or one of its changes.
 *
 * <p>With p the probabilities, t the target, V the number of words and Z = logsumexp(z):
 *
 * <ul>
 *   <li>label smoothing ε: (1−ε)·(−ln p[t]) + ε·mean(−ln p) (Szegedy et al. 2016, section 7, as
 *       transformers' {@code LabelSmoother} has it), by the logits p − (1−ε)·1[t] − ε/V;
 *   <li>z-loss c: + c·Z² (Chowdhery et al. 2022, "PaLM", section 5), by the logits + 2·c·Z·p;
 *   <li>dynamic fine-tuning: p[t]·(−ln p[t]), the factor a constant (Wu et al. 2025, "On the
 *       Generalization of SFT", equation 9), by the logits p[t]·(p − 1[t]).
 * </ul>
 *
 * @param labelSmoothing ε, an f32 scalar
 * @param zLoss c, an f32 scalar
 * @param dynamic whether the loss is multiplied with the target's probability
 */
public record TokenLoss(Optional<Tensor> labelSmoothing, Optional<Tensor> zLoss, boolean dynamic) {
  private static final String WORDS = Head.VOCABULARY;

  /** Cross-entropy itself. */
  public static final TokenLoss PLAIN = new TokenLoss(Optional.empty(), Optional.empty(), false);

  /**
   * Of some tokens.
   *
   * @param loss f32, one for each token
   * @param byLogits f32, of the logits' shape
   */
  record Result(Tensor loss, Tensor byLogits) {}

  /**
   * Losses and gradients.
   *
   * @param logits f32, with the axis {@code vocab}
   * @param targets i32, the others of its axes
   */
  Result of(Tensor logits, Tensor targets) {
    Axis words = logits.axis(WORDS);
    Tensor largest = logits.max(WORDS);
    Tensor shifted = logits.minus(largest.like(logits));
    Tensor exponentials = shifted.exp();
    Tensor sum = exponentials.sum(WORDS);
    Tensor chosen =
        Tensors.iota(DType.I32, words).like(logits).compare(Comparison.EQ, targets.like(logits));
    Tensor none = Tensors.zerosLike(logits);
    Tensor score = chosen.select(shifted, none).sum(WORDS);
    Tensor logSum = sum.log();
    Tensor loss = logSum.minus(score);
    Tensor probabilities = exponentials.dividedBy(sum.like(exponentials));
    Tensor target = chosen.convert(DType.F32);
    Tensor byLogits = probabilities.minus(target);
    if (labelSmoothing.isPresent()) {
      Tensor part = labelSmoothing.get();
      Tensor uniform = logSum.minus(shifted.mean(WORDS));
      loss = loss.plus(part.like(loss).times(uniform.minus(loss)));
      byLogits = byLogits.plus(part.like(logits).times(target.minus(1.0 / words.size())));
    }
    if (dynamic) {
      Tensor probability = score.minus(logSum).exp();
      loss = loss.times(probability);
      byLogits = byLogits.times(probability.like(byLogits));
    }
    if (zLoss.isPresent()) {
      Tensor weight = zLoss.get();
      Tensor partition = logSum.plus(largest);
      loss = loss.plus(weight.like(loss).times(partition.square()));
      byLogits =
          byLogits.plus(
              probabilities.times(
                  weight.like(partition).times(partition).times(2).like(probabilities)));
    }
    return new Result(loss, byLogits);
  }
}
