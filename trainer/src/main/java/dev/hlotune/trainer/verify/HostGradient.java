package dev.hlotune.trainer.verify;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.sharding.ShardedBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A gradient in the host's memory, one f32 array for each parameter: the expected one, to which
 * others are added or compared, each as it comes from the device, one parameter at a time.
 */
final class HostGradient implements AutoCloseable {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final Arena arena = Arena.ofConfined();
  private final List<String> names;
  private final List<MemorySegment> values = new ArrayList<>();
  private final MemorySegment incoming;

  /** Zeros. */
  HostGradient(ParamMap<Shape> parameters) {
    this.names = parameters.names();
    long largest = 0;
    for (Shape shape : parameters.values()) {
      long bytes = shape.bytes();
      values.add(arena.allocate(bytes, 64));
      largest = Math.max(largest, bytes);
    }
    this.incoming = arena.allocate(largest, 64);
  }

  /** The bytes that one takes: every parameter, and the largest once more. */
  static long bytes(ParamMap<Shape> parameters) {
    long sum = 0;
    long largest = 0;
    for (Shape shape : parameters.values()) {
      sum += shape.bytes();
      largest = Math.max(largest, shape.bytes());
    }
    return sum + largest;
  }

  /** Back to zeros. */
  void clear() {
    values.forEach(segment -> segment.fill((byte) 0));
  }

  /** Adds a gradient to this one. */
  void add(List<ShardedBuffer> gradient) {
    for (int i = 0; i < values.size(); i++) {
      MemorySegment sum = values.get(i);
      MemorySegment term = read(gradient.get(i), sum.byteSize());
      long elements = sum.byteSize() / Float.BYTES;
      for (long at = 0; at < elements; at++) {
        sum.setAtIndex(FLOAT, at, sum.getAtIndex(FLOAT, at) + term.getAtIndex(FLOAT, at));
      }
    }
  }

  /** How far a gradient is from this one. */
  GradientDifference compare(List<ShardedBuffer> gradient) {
    List<GradientDifference.Sums> sums = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      sums.add(sums(values.get(i), read(gradient.get(i), values.get(i).byteSize())));
    }
    return GradientDifference.of(names, sums);
  }

  private MemorySegment read(ShardedBuffer buffer, long bytes) {
    MemorySegment target = incoming.asSlice(0, bytes);
    buffer.gather(target);
    return target;
  }

  private static GradientDifference.Sums sums(MemorySegment expected, MemorySegment got) {
    long elements = expected.byteSize() / Float.BYTES;
    double square = 0;
    double squareOfDifference = 0;
    double greatest = 0;
    double greatestDifference = 0;
    for (long at = 0; at < elements; at++) {
      double value = expected.getAtIndex(FLOAT, at);
      double difference = got.getAtIndex(FLOAT, at) - value;
      square += value * value;
      squareOfDifference += difference * difference;
      greatest = Math.max(greatest, Math.abs(value));
      greatestDifference = Math.max(greatestDifference, Math.abs(difference));
    }
    return new GradientDifference.Sums(
        elements, square, squareOfDifference, greatest, greatestDifference);
  }

  @Override
  public void close() {
    arena.close();
  }
}
