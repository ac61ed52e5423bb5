package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_ExecuteOptions;
import dev.hlotune.pjrt.gen.PJRT_LoadedExecutable_Execute_Args;
import dev.hlotune.pjrt.gen.PjrtHeader;
import dev.hlotune.pjrt.internal.Function;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The argument structure of a run with all it points at, laid out once and used again: a run writes
 * the addresses of its arguments and reads those of its outputs, and allocates nothing native.
 */
final class ExecuteFrame {
  private final int argumentCount;
  private final int outputCount;
  private final MemorySegment structure;
  private final MemorySegment arguments;
  private final MemorySegment outputs;
  private final MemorySegment events;

  ExecuteFrame(long executable, int deviceCount, int argumentCount, int outputCount) {
    this.argumentCount = argumentCount;
    this.outputCount = outputCount;
    // Lives as long as the frame.
    Arena arena = Arena.ofAuto();
    arguments = addresses(arena, deviceCount * argumentCount);
    outputs = addresses(arena, deviceCount * outputCount);
    events = addresses(arena, deviceCount);
    MemorySegment options = PJRT_ExecuteOptions.allocate(arena).fill((byte) 0);
    PJRT_ExecuteOptions.struct_size(options, PjrtHeader.PJRT_ExecuteOptions_STRUCT_SIZE());
    structure = Function.LOADED_EXECUTABLE_EXECUTE.arguments(arena);
    PJRT_LoadedExecutable_Execute_Args.executable(structure, MemorySegment.ofAddress(executable));
    PJRT_LoadedExecutable_Execute_Args.options(structure, options);
    PJRT_LoadedExecutable_Execute_Args.num_devices(structure, deviceCount);
    PJRT_LoadedExecutable_Execute_Args.num_args(structure, argumentCount);
    PJRT_LoadedExecutable_Execute_Args.argument_lists(
        structure, rows(arena, arguments, deviceCount, argumentCount));
    PJRT_LoadedExecutable_Execute_Args.output_lists(
        structure, rows(arena, outputs, deviceCount, outputCount));
    PJRT_LoadedExecutable_Execute_Args.device_complete_events(structure, events);
  }

  void argument(int device, int index, long address) {
    arguments.setAtIndex(ValueLayout.JAVA_LONG, device * argumentCount + index, address);
  }

  MemorySegment structure() {
    return structure;
  }

  long output(int device, int index) {
    return outputs.getAtIndex(ValueLayout.JAVA_LONG, device * outputCount + index);
  }

  long event(int device) {
    return events.getAtIndex(ValueLayout.JAVA_LONG, device);
  }

  private static MemorySegment addresses(Arena arena, int count) {
    return arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, count));
  }

  private static MemorySegment rows(Arena arena, MemorySegment table, int rows, int columns) {
    MemorySegment list = addresses(arena, rows);
    for (int row = 0; row < rows; row++) {
      list.setAtIndex(
          ValueLayout.JAVA_LONG, row, table.address() + (long) row * columns * Long.BYTES);
    }
    return list;
  }
}
