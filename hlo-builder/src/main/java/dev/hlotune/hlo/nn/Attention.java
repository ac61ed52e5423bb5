package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Causal, block-diagonal grouped-query attention (Vaswani et al. 2017, eq. 1; Ainslie et al. 2023).
 *
 * <p>A position sees itself and what stands before it in its own segment, so conversations packed
 * into one row never see one another, on any backend. Queries are taken in blocks, and a block is
 * multiplied only with the keys up to its own end: what lies above the diagonal is not computed.
 * The backward pass is given by hand (Dao et al. 2022, appendix B.2): it keeps the probabilities
 * and uses that Σ dP·P is Σ dO·O.
 */
public final class Attention {
  /** Axes of the arguments. */
  public static final String SEQUENCE = "seq";

  private static final String KEY = "key_seq";
  private static final String HEAD_DIM = "head_dim";

  /** Longer rows are cut into this many blocks of queries; more would cost more than they save. */
  private static final int BLOCKS = 4;

  /** Shorter blocks make the products too small to be fast. */
  private static final int SHORTEST_BLOCK = 128;

  private static final double MASKED = -1e30;

  private Attention() {}

  /**
   * Softmax(q·k / sqrt(head_dim))·v under the mask.
   *
   * @param q {@code [batch, seq, kv_head, group, head_dim]}
   * @param k {@code [batch, seq, kv_head, head_dim]}
   * @param v {@code [batch, seq, kv_head, head_dim]}
   * @param segments i32 {@code [batch, seq]}: equal numbers may see one another
   * @return {@code [batch, seq, kv_head, group, head_dim]}
   */
  public static Tensor causal(Tensor q, Tensor k, Tensor v, Tensor segments) {
    int length = q.axis(SEQUENCE).size();
    return causal(q, k, v, segments, Math.max(1, Math.min(BLOCKS, length / SHORTEST_BLOCK)));
  }

  /** As above, with the queries in so many blocks, at most one for each position. */
  static Tensor causal(Tensor q, Tensor k, Tensor v, Tensor segments, int blocks) {
    int length = q.axis(SEQUENCE).size();
    double scale = 1 / Math.sqrt(q.axis(HEAD_DIM).size());
    Tensor queries = q.times(scale);
    Tensor keys = k.rename(SEQUENCE, KEY);
    Tensor values = v.rename(SEQUENCE, KEY);
    List<Block> parts = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      int start = (int) ((long) length * i / blocks);
      int end = (int) ((long) length * (i + 1) / blocks);
      parts.add(Block.of(queries, keys, values, segments, start, end));
    }
    Tensor output = Tensors.concat(SEQUENCE, parts.stream().map(Block::output).toList());
    return Tensors.customVjp(
            List.of(q, k, v),
            List.of(output),
            cotangents -> backward(parts, queries, keys, values, scale, cotangents.getFirst()))
        .getFirst();
  }

  /**
   * One block of queries and the keys that it may see.
   *
   * @param start first query
   * @param end one past the last query, and past the last key
   * @param probabilities {@code [batch, kv_head, seq, group, key_seq]}
   * @param output {@code [batch, seq, kv_head, group, head_dim]}, only the block's positions
   */
  private record Block(int start, int end, Tensor probabilities, Tensor output) {
    static Block of(
        Tensor queries, Tensor keys, Tensor values, Tensor segments, int start, int end) {
      Tensor q = queries.slice(SEQUENCE, start, end - start);
      Tensor k = keys.slice(KEY, 0, end);
      Tensor v = values.slice(KEY, 0, end);
      Tensor scores = q.dot(k, DType.F32, List.of(HEAD_DIM));
      Tensor allowed = allowed(segments, start, end);
      Tensor masked = allowed.like(scores).select(scores, Tensors.fill(scores.shape(), MASKED));
      Tensor shifted = masked.minus(masked.max(KEY).like(masked)).exp();
      Tensor p = shifted.dividedBy(shifted.sum(KEY).like(shifted)).convert(queries.dtype());
      return new Block(start, end, p, p.dot(v, KEY));
    }

    private static Tensor allowed(Tensor segments, int start, int end) {
      Tensor own = segments.slice(SEQUENCE, start, end - start);
      Tensor other = segments.slice(SEQUENCE, 0, end).rename(SEQUENCE, KEY);
      Axis query = own.axis(SEQUENCE);
      Axis key = other.axis(KEY);
      List<Axis> pairs = List.of(own.axis("batch"), query, key);
      Tensor same = own.broadcast(pairs).compare(Comparison.EQ, other.broadcast(pairs));
      Tensor queryAt = Tensors.iota(DType.I32, query).plus(start).broadcast(pairs);
      Tensor keyAt = Tensors.iota(DType.I32, key).broadcast(pairs);
      return same.and(queryAt.compare(Comparison.GE, keyAt));
    }
  }

  private static List<Tensor> backward(
      List<Block> blocks, Tensor queries, Tensor keys, Tensor values, double scale, Tensor dout) {
    int length = keys.axis(KEY).size();
    List<Tensor> dq = new ArrayList<>();
    Tensor dk = null;
    Tensor dv = null;
    for (Block block : blocks) {
      int size = block.end() - block.start();
      Tensor q = queries.slice(SEQUENCE, block.start(), size);
      Tensor k = keys.slice(KEY, 0, block.end());
      Tensor v = values.slice(KEY, 0, block.end());
      Tensor own = dout.slice(SEQUENCE, block.start(), size);
      Tensor p = block.probabilities();
      Tensor dp = own.dot(v, DType.F32, List.of(HEAD_DIM));
      Tensor inner = own.convert(DType.F32).times(block.output().convert(DType.F32)).sum(HEAD_DIM);
      Tensor ds = p.convert(DType.F32).times(dp.minus(inner.like(dp))).convert(p.dtype());
      dq.add(ds.dot(k, KEY).times(scale));
      Tensor dkOwn = ds.dot(q, SEQUENCE, "group").pad(KEY, 0, length - block.end());
      Tensor dvOwn = p.dot(own, SEQUENCE, "group").pad(KEY, 0, length - block.end());
      dk = dk == null ? dkOwn : dk.plus(dkOwn);
      dv = dv == null ? dvOwn : dv.plus(dvOwn);
    }
    if (dk == null || dv == null) {
      throw new IllegalStateException("attention without a block");
    }
    return List.of(
        Tensors.concat(SEQUENCE, dq), dk.rename(KEY, SEQUENCE), dv.rename(KEY, SEQUENCE));
  }
}
