package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where tokens go in and come out: the embedding and the head, of which the latter may be the
 * former.
 *
 * @param embedding name of the embedding, {@code [vocab, embed]}
 * @param head name of the head, {@code [vocab, embed]}, where it is not tied
 * @param size how many different tokens there are
 * @param rows rows that both have, at least {@code size}; those beyond are never predicted
 * @param embed axis of the states
 * @param tied whether the embedding is the head
 * @param embeddingDeviation of the embedding's first values
 * @param headDeviation of the head's first values
 * @param cap bound of the logits, see {@link Head}
 */
public record Vocabulary(
    String embedding,
    String head,
    int size,
    int rows,
    Axis embed,
    boolean tied,
    double embeddingDeviation,
    double headDeviation,
    OptionalDouble cap) {
  public Vocabulary {
    if (rows < size) {
      throw new ShapeException(
          "vocabulary: expected at least " + size + " rows, one for each token, got " + rows);
    }
  }

  /** One row for each token, all drawn alike, and logits without a bound. */
  public static Vocabulary of(
      String embedding, String head, int size, Axis embed, boolean tied, double deviation) {
    return new Vocabulary(
        embedding, head, size, size, embed, tied, deviation, deviation, OptionalDouble.empty());
  }

  /** The same with bounded logits. */
  public Vocabulary capped(OptionalDouble bound) {
    return new Vocabulary(
        embedding, head, size, rows, embed, tied, embeddingDeviation, headDeviation, bound);
  }

  /** The embedding, what stands between, and the head. */
  public ParamMap<ParameterSpec> parameters(ParamMap<ParameterSpec> between) {
    Axis words = new Axis(Head.VOCABULARY, rows);
    ParamMap<ParameterSpec> all =
        ParamMap.<ParameterSpec>empty()
            .plus(embedding, ParameterSpec.normal(embeddingDeviation, words, embed))
            .plus(between);
    return tied ? all : all.plus(head, headSpec());
  }

  /** What an adapter of the head is made for, also where the head is the embedding. */
  public ParameterSpec headSpec() {
    return new ParameterSpec(
        Shape.of(DType.F32, new Axis(Head.VOCABULARY, rows), embed),
        new Initializer.Normal(headDeviation),
        Optional.of(embed.name()));
  }

  /** Name of the head's layer, also where it is the embedding. */
  public String headLayer() {
    return head.replaceFirst("\\.weight$", "");
  }

  /** Name of the weight that the head is. */
  public String headWeight() {
    return tied ? embedding : head;
  }

  /** The rows of tokens, {@code [batch, seq, embed]}. */
  public Tensor embed(ParamMap<Tensor> weights, Tensor tokens) {
    Tensor table = Tensors.again(weights.get(embedding), tokens);
    return Noise.on(weights, Layers.embedding(table, Head.VOCABULARY, tokens));
  }

  /** The head among the weights, without rows that stand for no token. */
  public Head head(ParamMap<Tensor> weights) {
    Head plain = Head.of(words(weights.get(headWeight())), cap);
    LowRank layer = new LowRank(headLayer());
    return layer.isAmong(weights)
        ? new Head(
            plain.weight(),
            false,
            Optional.of(new Head.Adapter(layer, weights, words(layer.up(weights)))),
            cap)
        : plain;
  }

  private Tensor words(Tensor all) {
    return all.slice(Head.VOCABULARY, 0, size);
  }
}
