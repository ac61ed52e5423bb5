package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Causal, block-diagonal grouped-query attention (Vaswani et al. 2017, eq. 1; Ainslie et al. 2023).
 *
 * <p>A position sees itself and what stands before it in its own segment, so conversations packed
 * into one row never see one another, on any backend. Queries are taken in blocks, and a block is
 * multiplied only with the keys that some query of it may see: what lies above the diagonal, or
 * before the window, is not computed. The backward pass is given by hand, see {@link
 * AttentionBlock}.
 *
 * @param scale what scores are multiplied with
 * @param window how many positions one sees, itself included; empty for all before it (Beltagy et
 *     al. 2020, section 3.1)
 * @param cap c in c·tanh(score/c), which scores then stay below (Gemma 2 report, 2024, section 2)
 */
public record Attention(double scale, OptionalInt window, OptionalDouble cap) {
  /** Axis of positions in all arguments. */
  public static final String SEQUENCE = "seq";

  /**
   * Axis of {@code segments} where a position sees its own segment and another: of each position
   * its segment, the other one, which may be the same, and its place in what it sees, by which a
   * window is measured. So several ways to go on can share one beginning.
   */
  public static final String VIEW = "view";

  /** The size of that axis. */
  public static final int VIEWS = 3;

  static final String KEY = "key_seq";
  static final String HEAD_DIM = Heads.SIZE;

  /** Longer rows are cut into this many blocks of queries; more would cost more than they save. */
  private static final int BLOCKS = 4;

  /** With a window, shorter blocks see fewer keys in vain, and so more of them pay. */
  private static final int WINDOWED_BLOCKS = 16;

  /** Shorter blocks make the products too small to be fast. */
  private static final int SHORTEST_BLOCK = 128;

  public Attention {
    if (!(scale > 0) || window.orElse(1) < 1 || !(cap.orElse(1) > 0)) {
      throw new ShapeException(
          "attention: expected a positive scale, window and cap, got "
              + scale
              + ", "
              + window
              + ", "
              + cap);
    }
  }

  /** Scores divided by the root of a head's size, and every earlier position in view. */
  public static Attention of(int headSize) {
    return new Attention(1 / Math.sqrt(headSize), OptionalInt.empty(), OptionalDouble.empty());
  }

  /** The same within a window. */
  public Attention within(OptionalInt positions) {
    return new Attention(scale, positions, cap);
  }

  /**
   * Softmax(q·k·scale)·v under the mask, with the dropout that stands among the layer's weights.
   *
   * @param weights of the layer
   * @param q {@code [batch, seq, kv_head, group, head_dim]}
   * @param k {@code [batch, seq, kv_head, head_dim]}
   * @param v {@code [batch, seq, kv_head, head_dim]}
   * @param segments i32 {@code [batch, seq]}: equal numbers may see one another; or with the axis
   *     {@link #VIEW} besides
   * @return {@code [batch, seq, kv_head, group, head_dim]}
   */
  public Tensor apply(ParamMap<Tensor> weights, Tensor q, Tensor k, Tensor v, Tensor segments) {
    return apply(weights, q, k, v, segments, Spread.NONE);
  }

  /**
   * As above, on several devices. Where rows are split along their length, so are queries, and each
   * device gets the keys and values of whole rows. Blocks of queries would then be all on one
   * device, so there is but one. So there is where rows may be of any length, and then a window is
   * masked also where rows are shorter.
   */
  Tensor apply(
      ParamMap<Tensor> weights, Tensor q, Tensor k, Tensor v, Tensor segments, Spread spread) {
    int length = q.axis(SEQUENCE).size();
    return spread.anySize()
        ? apply(weights, q, k, v, segments, 1, window)
        : apply(weights, q, k, v, segments, spread.length() > 1 ? 1 : blocks(length));
  }

  /** As above, with the keys and values that a context has besides. */
  public Tensor apply(ParamMap<Tensor> weights, Tensor q, Tensor k, Tensor v, Context context) {
    return context.attend(this, weights, q, k, v);
  }

  /** As above, without dropout. */
  public Tensor apply(Tensor q, Tensor k, Tensor v, Tensor segments) {
    return apply(ParamMap.empty(), q, k, v, segments);
  }

  /** As above, with the queries in so many blocks, at most one for each position. */
  Tensor apply(Tensor q, Tensor k, Tensor v, Tensor segments, int blocks) {
    return apply(ParamMap.empty(), q, k, v, segments, blocks);
  }

  private Tensor apply(
      ParamMap<Tensor> weights, Tensor q, Tensor k, Tensor v, Tensor segments, int blocks) {
    int length = q.axis(SEQUENCE).size();
    OptionalInt masked = span(length) < length ? window : OptionalInt.empty();
    return apply(weights, q, k, v, segments, blocks, masked);
  }

  private Tensor apply(
      ParamMap<Tensor> weights,
      Tensor q,
      Tensor k,
      Tensor v,
      Tensor segments,
      int blocks,
      OptionalInt masked) {
    int length = q.axis(SEQUENCE).size();
    Tensor queries = q.constrain(Role.ACTIVATION).times(scale);
    Tensor keys = k.rename(SEQUENCE, KEY).constrain(Role.ACTIVATION);
    Tensor values = v.rename(SEQUENCE, KEY).constrain(Role.ACTIVATION);
    List<AttentionBlock> parts = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      int start = (int) ((long) length * i / blocks);
      int end = (int) ((long) length * (i + 1) / blocks);
      boolean views = segments.shape().has(VIEW);
      int first = views ? 0 : Math.max(0, start + 1 - span(length));
      parts.add(
          AttentionBlock.of(
              this, masked, weights, queries, keys, values, segments, first, start, end));
    }
    Tensor output = Tensors.concat(SEQUENCE, parts.stream().map(AttentionBlock::output).toList());
    return Tensors.customVjp(
            List.of(q, k, v),
            List.of(output),
            cotangents -> backward(parts, queries, keys, values, cotangents.getFirst()))
        .getFirst();
  }

  /** How many positions one sees at the most in a row of that length. */
  int span(int length) {
    return Math.min(length, window.orElse(length));
  }

  /** In how many blocks a row's queries are taken. */
  int blocks(int length) {
    int plain = Math.max(1, Math.min(BLOCKS, length / SHORTEST_BLOCK));
    int windowed = length / Math.max(SHORTEST_BLOCK, span(length));
    return Math.max(plain, Math.min(WINDOWED_BLOCKS, windowed));
  }

  private List<Tensor> backward(
      List<AttentionBlock> blocks, Tensor queries, Tensor keys, Tensor values, Tensor cotangent) {
    int length = keys.axis(KEY).size();
    List<Tensor> dq = new ArrayList<>();
    Tensor dk = null;
    Tensor dv = null;
    for (AttentionBlock block : blocks) {
      AttentionBlock.Gradients own = block.backward(queries, keys, values, cotangent);
      dq.add(own.queries().times(scale));
      Tensor dkOwn = own.keys().pad(KEY, block.first(), length - block.end());
      Tensor dvOwn = own.values().pad(KEY, block.first(), length - block.end());
      dk = dk == null ? dkOwn : dk.plus(dkOwn);
      dv = dv == null ? dvOwn : dv.plus(dvOwn);
    }
    if (dk == null || dv == null) {
      throw new IllegalStateException("attention without a block");
    }
    return Stream.of(
            Tensors.concat(SEQUENCE, dq), dk.rename(KEY, SEQUENCE), dv.rename(KEY, SEQUENCE))
        .map(gradient -> gradient.constrain(Role.ACTIVATION))
        .toList();
  }
}
