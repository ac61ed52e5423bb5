package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Grouped-query attention between its four projections (Ainslie et al. 2023), with positions by
 * rotation and, in some families, a norm over every head's queries and keys before it.
 *
 * @param heads how the projections fall into heads
 * @param queryNorm over the elements of a head
 * @param keyNorm over the elements of a head
 */
public record SelfAttention(
    Heads heads,
    Linear query,
    Linear key,
    Linear value,
    Linear output,
    Optional<RmsNorm> queryNorm,
    Optional<RmsNorm> keyNorm)
    implements Part {
  /** The same with norms. */
  public SelfAttention normed(RmsNorm ofQueries, RmsNorm ofKeys) {
    return new SelfAttention(
        heads, query, key, value, output, Optional.of(ofQueries), Optional.of(ofKeys));
  }

  @Override
  public ParamMap<ParameterSpec> parameters() {
    List<Part> parts = new ArrayList<>(List.of(query, key, value, output));
    queryNorm.ifPresent(parts::add);
    keyNorm.ifPresent(parts::add);
    return Part.all(parts.toArray(Part[]::new));
  }

  /**
   * Applies it to {@code x}, {@code [batch, seq, embed]}.
   *
   * @param attention which positions are seen, and how
   * @param rotary the rotation of every position; empty where the layer knows no positions
   * @param context where keys and values of other positions are
   */
  public Tensor apply(
      ParamMap<Tensor> weights,
      Tensor x,
      Attention attention,
      Optional<Rotary> rotary,
      Context context) {
    Tensor q = placed(weights, heads.splitQueries(query.apply(weights, x)), queryNorm, rotary);
    Tensor k = placed(weights, heads.splitKeys(key.apply(weights, x)), keyNorm, rotary);
    Tensor v = heads.splitKeys(value.apply(weights, x));
    return output.apply(weights, heads.merge(attention.apply(weights, q, k, v, context)));
  }

  private Tensor placed(
      ParamMap<Tensor> weights, Tensor x, Optional<RmsNorm> norm, Optional<Rotary> rotary) {
    Tensor normal = norm.map(own -> heads.settled(own.apply(weights, x))).orElse(x);
    return rotary.map(own -> own.rotate(normal, Heads.SIZE)).orElse(normal);
  }
}
