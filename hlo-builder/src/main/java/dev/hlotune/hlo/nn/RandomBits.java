package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;

/**
 * Random bits from a counter: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw 2011,
 * "Parallel Random Numbers: As Easy as 1, 2, 3"). The bits at a position depend on the key and on
 * the position alone, so they are the same on any device, in any order, and computed again in a
 * backward pass instead of kept.
 */
public final class RandomBits {
  private static final long PARITY = 0x1BD11BDAL;
  private static final int[][] ROTATIONS = {{13, 15, 26, 6}, {17, 29, 16, 24}};

  private RandomBits() {}

  /**
   * What a stream of bits depends on: two words of 32 bits, scalars.
   *
   * @param high u32 scalar, such as the seed of a run
   * @param low u32 scalar, such as the step
   */
  public record Key(Tensor high, Tensor low) {
    public Key {
      requireWord("key", high);
      requireWord("key", low);
    }

    /** Another stream for every {@code data}, a u32 scalar, such as the number of a layer. */
    public Key fold(Tensor data) {
      Block block = threefry(this, Tensors.scalar(DType.U32, 0), data);
      return new Key(block.first(), block.second());
    }

    /** Another stream for every number. */
    public Key fold(int number) {
      return fold(Tensors.scalar(DType.U32, (double) Integer.toUnsignedLong(number)));
    }
  }

  /** Two words out of one application of the cipher. */
  public record Block(Tensor first, Tensor second) {}

  /**
   * The cipher itself, elementwise.
   *
   * @param high u32, first words of the counters
   * @param low u32, second words, of the same axes
   */
  public static Block threefry(Key key, Tensor high, Tensor low) {
    Tensor[] keys = {
      key.high().like(high),
      key.low().like(high),
      xor(xor(key.high(), key.low()), Tensors.scalar(DType.U32, PARITY)).like(high)
    };
    Tensor x = high.plus(keys[0]);
    Tensor y = low.plus(keys[1]);
    for (int group = 1; group <= 5; group++) {
      for (int rotation : ROTATIONS[(group + 1) % 2]) {
        x = x.plus(y);
        y = xor(rotate(y, rotation), x);
      }
      x = x.plus(keys[group % 3]);
      y = y.plus(keys[(group + 1) % 3]).plus(group);
    }
    return new Block(x, y);
  }

  /** 32 random bits for every position of {@code shape}, whose element type is not looked at. */
  public static Tensor bits(Key key, Shape shape) {
    if (shape.elements() > 1L << 32) {
      throw new ShapeException("random bits: expected at most 2^32 positions, got " + shape);
    }
    Shape words = shape.withDtype(DType.U32);
    Tensor counter = Tensors.fill(words, 0);
    long stride = 1;
    for (Axis axis : shape.axes().reversed()) {
      if (axis.size() > 1) {
        Tensor along = Tensors.iota(DType.U32, axis).times((double) stride);
        counter = counter.plus(along.broadcast(words.axes()));
      }
      stride *= axis.size();
    }
    return threefry(key, Tensors.fill(words, 0), counter).first();
  }

  /** Uniform in [0, 1), multiples of 2^-24, f32, so that every value is exact. */
  public static Tensor uniform(Key key, Shape shape) {
    Tensor high =
        bits(key, shape)
            .binary(BinaryKind.SHIFT_RIGHT_LOGICAL, Tensors.fill(shape.withDtype(DType.U32), 8));
    return high.convert(DType.F32).times(0x1p-24);
  }

  /**
   * True with a probability.
   *
   * @param probability f32 scalar from 0 (never) to 1 (always)
   */
  public static Tensor bernoulli(Key key, Tensor probability, Shape shape) {
    Tensor uniform = uniform(key, shape);
    return uniform.compare(Comparison.LT, probability.like(uniform));
  }

  private static Tensor rotate(Tensor word, int by) {
    Tensor left = word.binary(BinaryKind.SHIFT_LEFT, Tensors.fill(word.shape(), by));
    Tensor right =
        word.binary(BinaryKind.SHIFT_RIGHT_LOGICAL, Tensors.fill(word.shape(), Integer.SIZE - by));
    return left.binary(BinaryKind.OR, right);
  }

  private static Tensor xor(Tensor left, Tensor right) {
    return left.binary(BinaryKind.XOR, right);
  }

  private static void requireWord(String what, Tensor word) {
    if (word.dtype() != DType.U32 || word.shape().rank() != 0) {
      throw new ShapeException("random " + what + ": expected a u32 scalar, got " + word.shape());
    }
  }
}
