package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransferTest {
  @RegisterExtension static final WithClient CPU = new WithClient(1);

  private final Client client = CPU.client();

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void movesEveryTypeThereThroughAProgramAndBack(ElementType type) {
    BufferType shape = new BufferType(type, 3, 5, 7);
    byte[] bytes = bytes(shape);
    String tensor = "tensor<3x5x7x" + type.stableHlo() + ">";
    String program =
        "module @same {\n  func.func public @main(%x: TYPE) -> TYPE {\n    return %x : TYPE\n  }\n}\n"
            .replace("TYPE", tensor);
    try (DeviceBuffer there =
            client.transfer(MemorySegment.ofArray(bytes), shape, client.device());
        LoadedExecutable same = client.compile(program, CompileOptions.singleDevice());
        Execution run = same.execute(List.of(there))) {
      assertArrayEquals(bytes, there.readBytes());
      assertEquals(shape, run.output(0).type());
      assertArrayEquals(bytes, run.output(0).readBytes());
      assertEquals(shape.byteSize(), there.onDeviceSize());
    }
  }

  @Test
  void movesScalarsAndNothing() {
    try (DeviceBuffer real = client.scalar(2.5f, client.device());
        DeviceBuffer whole = client.scalar(-7, client.device());
        DeviceBuffer empty = client.transfer(new float[0], client.device(), 0, 4)) {
      assertArrayEquals(new float[] {2.5f}, real.readFloats());
      assertArrayEquals(new int[] {-7}, whole.readInts());
      assertEquals(0, empty.readFloats().length);
      assertThrows(IllegalArgumentException.class, whole::readFloats);
      assertThrows(IllegalArgumentException.class, real::readLongs);
    }
  }

  @Test
  void lendsNativeMemoryUntilTheEvent() {
    BufferType shape = new BufferType(ElementType.S64, 1 << 16);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(ValueLayout.JAVA_LONG, 1 << 16);
      for (int index = 0; index < 1 << 16; index++) {
        host.setAtIndex(ValueLayout.JAVA_LONG, index, index * 3L);
      }
      Transfer transfer = client.transferAsync(host, shape, client.device());
      transfer.hostReleased().await();
      transfer.hostReleased().close();
      host.fill((byte) 0);
      try (DeviceBuffer buffer = transfer.buffer();
          Event ready = buffer.ready()) {
        ready.await();
        MemorySegment back = arena.allocate(shape.byteSize());
        try (Event copied = buffer.toHost(back)) {
          copied.await();
        }
        assertEquals(65535 * 3L, back.getAtIndex(ValueLayout.JAVA_LONG, 65535));
        assertEquals(65535 * 3L, buffer.readLongs()[65535]);
      }
    }
  }

  @Test
  void keepsMemoryOfDroppedArenasUntilTheTransferHasEnded() {
    BufferType shape = new BufferType(ElementType.F64, 1 << 18);
    MemorySegment host = Arena.ofAuto().allocate(shape.byteSize(), 8).fill((byte) 0x3f);
    Transfer transfer = client.transferAsync(host, shape, client.device());
    // Closing waits for the transfer, so what was lent is free afterwards.
    transfer.hostReleased().close();
    host.fill((byte) 0);
    try (DeviceBuffer buffer = transfer.buffer()) {
      double expected = Double.longBitsToDouble(0x3f3f3f3f3f3f3f3fL);
      assertEquals(expected, buffer.readDoubles()[(1 << 18) - 1]);
    }
  }

  @Test
  void fillsABufferPieceByPieceAndReadsParts() {
    BufferType shape = new BufferType(ElementType.S32, 3, 1 << 16);
    long third = shape.byteSize() / 3;
    try (Arena arena = Arena.ofConfined();
        PiecewiseTransfer pieces = client.transferPieces(shape, client.device())) {
      List<MemorySegment> rows = new ArrayList<>();
      for (int row = 0; row < 3; row++) {
        rows.add(arena.allocate(third, 64).fill((byte) (row + 1)));
      }
      List<Event> events = new ArrayList<>();
      for (int row : new int[] {2, 0}) {
        events.add(pieces.put(rows.get(row), row * third));
      }
      events.forEach(Event::close);
      assertThrows(IllegalStateException.class, pieces::finish);
    }
    // What was given up is gone; the same again, finished.
    PiecewiseTransfer pieces = client.transferPieces(shape, client.device());
    try (Arena arena = Arena.ofConfined()) {
      for (int row : new int[] {2, 0, 1}) {
        // One byte apart, as a file may have it.
        MemorySegment piece = arena.allocate(third + 1).asSlice(1).fill((byte) (row + 1));
        try (Event copied = pieces.put(piece, row * third)) {
          copied.await();
        }
      }
      assertThrows(IllegalArgumentException.class, () -> pieces.put(arena.allocate(4), 0).close());
    }
    try (DeviceBuffer buffer = pieces.finish();
        Arena arena = Arena.ofConfined()) {
      int[] values = buffer.readInts();
      assertEquals(0x01010101, values[0]);
      assertEquals(0x02020202, values[1 << 16]);
      assertEquals(0x03030303, values[(3 << 16) - 1]);
      MemorySegment part = arena.allocate(8);
      buffer.readPart(part, third - 4);
      assertEquals(0x01010101, part.get(ValueLayout.JAVA_INT, 0));
      assertEquals(0x02020202, part.get(ValueLayout.JAVA_INT, 4));
      assertThrows(
          IllegalArgumentException.class, () -> buffer.readPart(part, shape.byteSize() - 4));
    }
    pieces.close();
  }

  @Test
  void refusesPiecesThatDoNotFit() {
    BufferType shape = new BufferType(ElementType.F32, 4);
    try (Arena arena = Arena.ofConfined();
        PiecewiseTransfer pieces = client.transferPieces(shape, client.device())) {
      MemorySegment eight = arena.allocate(8);
      assertThrows(IllegalArgumentException.class, () -> pieces.put(eight, 9).close());
      assertThrows(IllegalArgumentException.class, () -> pieces.put(eight, -1).close());
      assertThrows(
          IllegalArgumentException.class,
          () -> pieces.put(MemorySegment.ofArray(new float[1]), 0).close());
      PiecewiseTransfer closed = client.transferPieces(shape, client.device());
      closed.close();
      assertThrows(IllegalStateException.class, () -> closed.put(eight, 0).close());
    }
    assertThrows(
        PjrtException.class,
        () -> client.transferPieces(new BufferType(ElementType.F32, 0), client.device()).close());
  }

  @Test
  void refusesMemoryThatDoesNotFit() {
    BufferType shape = new BufferType(ElementType.F32, 4);
    assertThrows(
        IllegalArgumentException.class,
        () -> client.transfer(MemorySegment.ofArray(new float[3]), shape, client.device()));
    MemorySegment closed;
    try (Arena arena = Arena.ofConfined()) {
      closed = arena.allocate(16);
    }
    assertThrows(
        IllegalStateException.class, () -> client.transfer(closed, shape, client.device()));
    try (DeviceBuffer buffer = client.transfer(new float[4], client.device(), 4)) {
      assertThrows(
          IllegalArgumentException.class, () -> buffer.read(MemorySegment.ofArray(new float[5])));
      assertThrows(
          IllegalArgumentException.class, () -> buffer.toHost(MemorySegment.ofArray(new float[4])));
      assertThrows(IllegalStateException.class, () -> buffer.toHost(closed));
    }
    assertThrows(IllegalArgumentException.class, () -> new BufferType(ElementType.F32, 2, -1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new BufferType(ElementType.F64, Long.MAX_VALUE / 4, 2));
  }

  private static byte[] bytes(BufferType shape) {
    byte[] bytes = new byte[Math.toIntExact(shape.byteSize())];
    new Random(7).nextBytes(bytes);
    for (int index = 0; index < bytes.length; index++) {
      if (shape.elementType() == ElementType.PRED) {
        bytes[index] &= 1;
      } else {
        // No NaN, whose payload a program may change on the way.
        bytes[index] &= 0x3f;
      }
    }
    return bytes;
  }
}
