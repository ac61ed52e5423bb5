package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * One position of every row, and a cache of what stands before it. All rows write the same place of
 * the cache: shorter ones begin later, so that their ends meet. A program is traced with it once.
 */
public final class DecodeContext implements Context {
  private static final double MASKED = -1e30;

  private final List<KeyValues> before;
  private final List<KeyValues> after = new ArrayList<>();
  private final Tensor slot;
  private final Tensor starts;
  private final boolean anySize;

  /**
   * A cache of which no layer is written yet.
   *
   * @param layers the keys and values of each layer
   * @param slot i32 scalar, the place of the position that is run
   * @param starts i32 {@code [batch]}, the first place of each row
   */
  public DecodeContext(List<KeyValues> layers, Tensor slot, Tensor starts) {
    this(layers, slot, starts, Spread.NONE);
  }

  /** The same; {@code spread} says whether the cache may have places of any number. */
  public DecodeContext(List<KeyValues> layers, Tensor slot, Tensor starts, Spread spread) {
    this.anySize = spread.anySize();
    this.before = List.copyOf(layers);
    this.slot = slot;
    this.starts = starts;
  }

  @Override
  public Tensor attend(
      Attention attention, ParamMap<Tensor> weights, Tensor q, Tensor k, Tensor v) {
    if (q.axis(Attention.SEQUENCE).size() != 1 || after.size() == before.size()) {
      throw new ShapeException(
          "attention with a cache: expected one position in each of %d layers, got %d positions in layer %d"
              .formatted(before.size(), q.axis(Attention.SEQUENCE).size(), after.size() + 1));
    }
    KeyValues now = before.get(after.size()).updated(slot, KeyValues.of(k, v));
    after.add(now);
    Tensor product = q.times(attention.scale()).dot(now.keys(), DType.F32, List.of(Heads.SIZE));
    Tensor scores =
        attention.cap().isPresent()
            ? product
                .dividedBy(attention.cap().getAsDouble())
                .tanh()
                .times(attention.cap().getAsDouble())
            : product;
    Tensor allowed = allowed(attention.window(), now.keys().axis(KeyValues.SLOT));
    Tensor masked = allowed.like(scores).select(scores, Tensors.fill(scores.shape(), MASKED));
    Tensor shifted = masked.minus(masked.max(KeyValues.SLOT).like(masked)).exp();
    Tensor p = shifted.dividedBy(shifted.sum(KeyValues.SLOT).like(shifted)).convert(q.dtype());
    return p.dot(now.values(), KeyValues.SLOT);
  }

  /** Which places each row sees, {@code [batch, slot]}. */
  private Tensor allowed(OptionalInt window, Axis slots) {
    Tensor places = Tensors.iota(DType.I32, slots);
    Tensor seen = places.compare(Comparison.LE, slot.like(places));
    if (window.isPresent() && (anySize || window.getAsInt() < slots.size())) {
      Tensor far = slot.minus(window.getAsInt()).like(places);
      seen = seen.and(places.compare(Comparison.GT, far));
    }
    List<Axis> pairs = List.of(starts.axis("batch"), slots);
    return seen.broadcast(pairs)
        .and(places.broadcast(pairs).compare(Comparison.GE, starts.broadcast(pairs)));
  }

  @Override
  public Tensor lengths(Tensor positions) {
    return positions.plus(1);
  }

  @Override
  public int longest(Tensor positions) {
    return anySize ? Integer.MAX_VALUE : before.getFirst().keys().axis(KeyValues.SLOT).size();
  }

  @Override
  public boolean ofLayers() {
    return true;
  }

  /** The cache with the position in it. */
  public List<KeyValues> layers() {
    if (after.size() != before.size()) {
      throw new ShapeException(
          "attention with a cache: expected %d layers, got %d"
              .formatted(before.size(), after.size()));
    }
    return List.copyOf(after);
  }
}
