package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Shape;
import dev.hlotune.pjrt.Event;
import dev.hlotune.pjrt.PiecewiseTransfer;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.Storage;
import dev.hlotune.trainer.checkpoint.FloatConversion;
import dev.hlotune.trainer.checkpoint.StorageType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One weight on its way to the device, put together from what lies in several places of a file.
 * Bytes that are of the device's type already go there straight from the mapped file; others are
 * converted a piece at a time, by several threads.
 *
 * <p>Several devices, and one that does not keep arrays dense, get their blocks of the weight from
 * memory outside the heap, where it is put together first.
 */
final class WeightUpload implements AutoCloseable {
  /** Bytes that go straight from a file at a time: enough for several threads to share a weight. */
  private static final long STRAIGHT = 16L << 20;

  private final StorageType type;
  private final Shape shape;
  private final Storage storage;
  private final Staging staging;
  private final @Nullable PiecewiseTransfer pieces;
  private final @Nullable Arena wholeArena;
  private final MemorySegment whole;

  /** Begins a weight; {@code staging} must stay open until it is finished. */
  WeightUpload(Storage storage, Shape shape, Staging staging) {
    this(storage, shape, staging, storage.devices().device().keepsArraysDense());
  }

  /**
   * The same for a test.
   *
   * @param dense whether the device keeps arrays dense
   */
  WeightUpload(Storage storage, Shape shape, Staging staging, boolean dense) {
    DeviceMesh devices = storage.devices();
    this.type = ElementTypes.stored(shape.dtype());
    this.shape = shape;
    this.storage = storage;
    this.staging = staging;
    if (dense
        && devices.devices().size() == 1
        && storage.memoryKind().isEmpty()
        && shape.elements() > 0) {
      pieces = devices.client().transferPieces(ElementTypes.buffer(shape), devices.device());
      wholeArena = null;
      whole = MemorySegment.NULL;
    } else {
      pieces = null;
      wholeArena = Arena.ofShared();
      whole = wholeArena.allocate(Math.max(1, shape.bytes()), 64).asSlice(0, shape.bytes());
    }
  }

  /**
   * Puts numbers, and waits until their memory is free.
   *
   * @param numbers dense; of a mapped file, or anywhere else
   * @param from their type
   * @param at the place of the first of them among the weight's elements
   */
  void put(MemorySegment numbers, StorageType from, long at) {
    boolean straight = from == type && numbers.isNative();
    long bytes = straight ? STRAIGHT : Staging.ELEMENTS * from.byteSize();
    long count = (numbers.byteSize() + bytes - 1) / bytes;
    // No thread may be left with memory that the caller, who hears of a failure, gives up.
    Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    LongStream.range(0, count)
        .parallel()
        .filter(_ -> failures.isEmpty())
        .forEach(piece -> {
          long begin = piece * bytes;
          MemorySegment part = numbers.asSlice(begin, Math.min(bytes, numbers.byteSize() - begin));
          long offset = (at + begin / from.byteSize()) * type.byteSize();
          try {
            if (straight) {
              copy(part, offset);
            } else {
              convert(part, from, offset);
            }
          } catch (RuntimeException e) {
            failures.add(e);
          }
        });
    if (!failures.isEmpty()) {
      throw failures.remove();
    }
  }

  private void convert(MemorySegment numbers, StorageType from, long offset) {
    long size = numbers.byteSize() / from.byteSize() * type.byteSize();
    if (pieces == null) {
      FloatConversion.convert(numbers, from, whole.asSlice(offset, size), type);
      return;
    }
    MemorySegment memory = staging.take();
    try {
      MemorySegment converted = memory.asSlice(0, size);
      FloatConversion.convert(numbers, from, converted, type);
      copy(converted, offset);
    } finally {
      staging.give(memory);
    }
  }

  /** Puts bytes as they are. */
  void copy(MemorySegment bytes, long offset) {
    if (pieces == null) {
      whole.asSlice(offset, bytes.byteSize()).copyFrom(bytes);
      return;
    }
    try (Event copied = pieces.put(bytes, offset)) {
      copied.await();
    }
  }

  /** The weight on the device, which the caller closes or donates. */
  ShardedBuffer finish() {
    return pieces == null
        ? storage.put(whole, shape)
        : new ShardedBuffer(storage.place(shape), List.of(0), List.of(pieces.finish()));
  }

  @Override
  public void close() {
    if (pieces != null) {
      pieces.close();
    }
    if (wholeArena != null) {
      wholeArena.close();
    }
  }
}
