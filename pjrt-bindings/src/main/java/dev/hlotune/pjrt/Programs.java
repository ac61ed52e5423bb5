package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_Program;
import dev.hlotune.pjrt.gen.PjrtHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Program text on its way to a compiler. */
final class Programs {
  private static final byte[] FORMAT = "mlir".getBytes(StandardCharsets.US_ASCII);

  private Programs() {}

  /** Refuses text that holds no program at all. */
  static void check(String function, String program) {
    if (program.isBlank()) {
      throw PjrtException.invalid(function, "expected StableHLO text, got none");
    }
  }

  /** A {@code PJRT_Program}. */
  static MemorySegment write(String program, Arena arena) {
    MemorySegment structure = PJRT_Program.allocate(arena).fill((byte) 0);
    PJRT_Program.struct_size(structure, PjrtHeader.PJRT_Program_STRUCT_SIZE());
    MemorySegment code =
        arena.allocateFrom(ValueLayout.JAVA_BYTE, program.getBytes(StandardCharsets.UTF_8));
    PJRT_Program.code(structure, code);
    PJRT_Program.code_size(structure, code.byteSize());
    PJRT_Program.format(structure, arena.allocateFrom(ValueLayout.JAVA_BYTE, FORMAT));
    PJRT_Program.format_size(structure, FORMAT.length);
    return structure;
  }
}
