package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_Executable_Fingerprint_Args;
import dev.hlotune.pjrt.gen.PJRT_Executable_GetCompiledMemoryStats_Args;
import dev.hlotune.pjrt.gen.PJRT_Executable_GetCostAnalysis_Args;
import dev.hlotune.pjrt.gen.PJRT_Executable_Name_Args;
import dev.hlotune.pjrt.gen.PJRT_Executable_NumOutputs_Args;
import dev.hlotune.pjrt.gen.PJRT_Executable_OptimizedProgram_Args;
import dev.hlotune.pjrt.gen.PJRT_Executable_OutputDimensions_Args;
import dev.hlotune.pjrt.gen.PJRT_Executable_OutputElementTypes_Args;
import dev.hlotune.pjrt.gen.PJRT_Executable_Serialize_Args;
import dev.hlotune.pjrt.gen.PJRT_Program;
import dev.hlotune.pjrt.gen.PjrtHeader;
import dev.hlotune.pjrt.internal.Api;
import dev.hlotune.pjrt.internal.Function;
import dev.hlotune.pjrt.internal.Handle;
import dev.hlotune.pjrt.internal.NamedValues;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** A compiled program, on its devices or for devices that are elsewhere: what is known of it. */
public final class Executable implements AutoCloseable {
  private final Keeper keeper;
  private final Handle handle;
  private final Signature signature;
  private final String name;
  private final String runName;
  private final List<BufferType> outputs;

  /**
   * The optimized program as the compiler left it.
   *
   * @param format {@code hlo}, a serialized HloModuleProto, or {@code hlo_with_config}, one with
   *     its configuration
   * @param code the bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Optimized(String format, byte[] code) {}

  private Executable(
      Keeper keeper, long address, Signature signature, String name, List<BufferType> outputs) {
    this.keeper = keeper;
    this.signature = signature;
    this.name = name;
    this.runName = "run of program '" + name + "'";
    this.outputs = outputs;
    Api api = keeper.api();
    this.handle =
        keeper.add(
            this,
            "executable",
            address,
            pointer -> api.callWithHandle(Function.EXECUTABLE_DESTROY, pointer));
  }

  /** Takes over a native object, which is destroyed if anything about it is amiss. */
  static Executable of(Keeper keeper, long address, Signature signature) {
    Api api = keeper.api();
    MemorySegment pointer = MemorySegment.ofAddress(address);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = Function.EXECUTABLE_NAME.arguments(arena);
      PJRT_Executable_Name_Args.executable(name, pointer);
      api.call(Function.EXECUTABLE_NAME, name);
      return new Executable(
          keeper,
          address,
          signature,
          Api.text(
              PJRT_Executable_Name_Args.executable_name(name),
              PJRT_Executable_Name_Args.executable_name_size(name)),
          outputs(api, pointer, arena));
    } catch (RuntimeException failure) {
      api.callWithHandle(Function.EXECUTABLE_DESTROY, address);
      throw failure;
    }
  }

  private static List<BufferType> outputs(Api api, MemorySegment pointer, Arena arena) {
    MemorySegment number = Function.EXECUTABLE_NUM_OUTPUTS.arguments(arena);
    PJRT_Executable_NumOutputs_Args.executable(number, pointer);
    api.call(Function.EXECUTABLE_NUM_OUTPUTS, number);
    int count = Math.toIntExact(PJRT_Executable_NumOutputs_Args.num_outputs(number));
    if (count == 0) {
      return List.of();
    }
    MemorySegment types = Function.EXECUTABLE_OUTPUT_ELEMENT_TYPES.arguments(arena);
    PJRT_Executable_OutputElementTypes_Args.executable(types, pointer);
    api.call(Function.EXECUTABLE_OUTPUT_ELEMENT_TYPES, types);
    MemorySegment typeList =
        PJRT_Executable_OutputElementTypes_Args.output_types(types)
            .reinterpret((long) count * Integer.BYTES);
    MemorySegment dimensions = Function.EXECUTABLE_OUTPUT_DIMENSIONS.arguments(arena);
    PJRT_Executable_OutputDimensions_Args.executable(dimensions, pointer);
    api.call(Function.EXECUTABLE_OUTPUT_DIMENSIONS, dimensions);
    MemorySegment ranks =
        PJRT_Executable_OutputDimensions_Args.dim_sizes(dimensions)
            .reinterpret((long) count * Long.BYTES);
    MemorySegment sizes =
        PJRT_Executable_OutputDimensions_Args.dims(dimensions).reinterpret(Long.MAX_VALUE);
    List<BufferType> outputs = new ArrayList<>(count);
    long next = 0;
    for (int index = 0; index < count; index++) {
      long[] shape = new long[Math.toIntExact(ranks.getAtIndex(ValueLayout.JAVA_LONG, index))];
      for (int axis = 0; axis < shape.length; axis++) {
        shape[axis] = sizes.getAtIndex(ValueLayout.JAVA_LONG, next++);
      }
      outputs.add(
          new BufferType(
              ElementType.ofNative(
                  typeList.getAtIndex(ValueLayout.JAVA_INT, index),
                  Function.EXECUTABLE_OUTPUT_ELEMENT_TYPES.symbol()),
              shape));
    }
    return List.copyOf(outputs);
  }

  /** The program's name: that of its module. */
  public String name() {
    return name;
  }

  /** What it takes and what it takes over, per device. */
  public Signature signature() {
    return signature;
  }

  /** What it gives, per device. */
  public List<BufferType> outputs() {
    return outputs;
  }

  /**
   * The memory that a run uses.
   *
   * @throws PjrtException from a plugin that does not say
   */
  public CompiledMemory memory() {
    return query(
        Function.EXECUTABLE_GET_COMPILED_MEMORY_STATS,
        arguments ->
            new CompiledMemory(
                PJRT_Executable_GetCompiledMemoryStats_Args.generated_code_size_in_bytes(arguments),
                PJRT_Executable_GetCompiledMemoryStats_Args.argument_size_in_bytes(arguments),
                PJRT_Executable_GetCompiledMemoryStats_Args.output_size_in_bytes(arguments),
                PJRT_Executable_GetCompiledMemoryStats_Args.alias_size_in_bytes(arguments),
                PJRT_Executable_GetCompiledMemoryStats_Args.temp_size_in_bytes(arguments),
                PJRT_Executable_GetCompiledMemoryStats_Args.peak_memory_in_bytes(arguments),
                PJRT_Executable_GetCompiledMemoryStats_Args.host_argument_size_in_bytes(arguments)
                    + PJRT_Executable_GetCompiledMemoryStats_Args.host_temp_size_in_bytes(
                        arguments)));
  }

  /**
   * The compiler's own estimate of the work: {@code flops}, {@code bytes accessed} and the like.
   *
   * @throws PjrtException from a plugin that does not say
   */
  public Map<String, Object> cost() {
    return query(
        Function.EXECUTABLE_GET_COST_ANALYSIS,
        arguments ->
            NamedValues.read(
                PJRT_Executable_GetCostAnalysis_Args.properties(arguments),
                PJRT_Executable_GetCostAnalysis_Args.num_properties(arguments)));
  }

  /**
   * Text that is the same for programs compiled from the same input in the same way.
   *
   * @throws PjrtException from a plugin that does not say
   */
  public String fingerprint() {
    return query(
        Function.EXECUTABLE_FINGERPRINT,
        arguments ->
            Api.text(
                PJRT_Executable_Fingerprint_Args.executable_fingerprint(arguments),
                PJRT_Executable_Fingerprint_Args.executable_fingerprint_size(arguments)));
  }

  /**
   * The optimized program, as bytes for tools; {@link CompileOptions#withDump} writes it as text.
   *
   * @throws PjrtException from a plugin that does not keep it
   */
  public Optimized optimizedProgram() {
    return use(address -> {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment program = PJRT_Program.allocate(arena).fill((byte) 0);
        PJRT_Program.struct_size(program, PjrtHeader.PJRT_Program_STRUCT_SIZE());
        MemorySegment arguments = Function.EXECUTABLE_OPTIMIZED_PROGRAM.arguments(arena);
        PJRT_Executable_OptimizedProgram_Args.executable(
            arguments, MemorySegment.ofAddress(address));
        PJRT_Executable_OptimizedProgram_Args.program(arguments, program);
        // The first call says how large it is, the second one writes it.
        keeper.api().call(Function.EXECUTABLE_OPTIMIZED_PROGRAM, arguments);
        MemorySegment code = arena.allocate(Math.max(1, PJRT_Program.code_size(program)));
        PJRT_Program.code(program, code);
        keeper.api().call(Function.EXECUTABLE_OPTIMIZED_PROGRAM, arguments);
        return new Optimized(
            Api.text(PJRT_Program.format(program), PJRT_Program.format_size(program)),
            code.asSlice(0, PJRT_Program.code_size(program)).toArray(ValueLayout.JAVA_BYTE));
      }
    });
  }

  /**
   * Writes it so that {@link Client#load} can read it again, on devices of this kind and with this
   * very build of the plugin.
   *
   * @throws PjrtException from a plugin that cannot
   */
  public byte[] serialize() {
    byte[] executable =
        use(address -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = Function.EXECUTABLE_SERIALIZE.arguments(arena);
            PJRT_Executable_Serialize_Args.executable(arguments, MemorySegment.ofAddress(address));
            keeper.api().call(Function.EXECUTABLE_SERIALIZE, arguments);
            try {
              return PJRT_Executable_Serialize_Args.serialized_bytes(arguments)
                  .reinterpret(PJRT_Executable_Serialize_Args.serialized_bytes_size(arguments))
                  .toArray(ValueLayout.JAVA_BYTE);
            } finally {
              Api.callDeleter(
                  PJRT_Executable_Serialize_Args.serialized_executable_deleter(arguments),
                  PJRT_Executable_Serialize_Args.serialized_executable(arguments));
            }
          }
        });
    return new SerializedProgram(signature, executable).encode(keeper.plugin().identity());
  }

  @Override
  public void close() {
    handle.close();
  }

  @Override
  public String toString() {
    return "compiled program '" + name + "'";
  }

  String runName() {
    return runName;
  }

  /** Calls a function whose first argument is the executable, and reads its structure. */
  private <T> T query(Function function, java.util.function.Function<MemorySegment, T> read) {
    return use(address -> {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment arguments = function.arguments(arena);
        arguments.set(
            ValueLayout.JAVA_LONG, PJRT_Executable_Name_Args.executable$offset(), address);
        keeper.api().call(function, arguments);
        return read.apply(arguments);
      }
    });
  }

  private <T> T use(LongFunction<T> action) {
    keeper.acquire();
    try {
      long address = handle.acquire(this);
      try {
        return action.apply(address);
      } finally {
        handle.release();
      }
    } finally {
      keeper.release();
    }
  }
}
