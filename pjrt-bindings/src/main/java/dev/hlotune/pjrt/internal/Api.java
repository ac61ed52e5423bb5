package dev.hlotune.pjrt.internal;

import dev.hlotune.pjrt.gen.PJRT_Api;
import dev.hlotune.pjrt.gen.PJRT_Api_Version;
import dev.hlotune.pjrt.gen.PJRT_Error_Destroy_Args;
import dev.hlotune.pjrt.gen.PJRT_Error_GetCode_Args;
import dev.hlotune.pjrt.gen.PJRT_Error_Message_Args;
import dev.hlotune.pjrt.gen.PjrtHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;

/**
 * A plugin's table of functions, and the one path by which they are called: check that the plugin
 * has the function, invoke it, turn its error into an exception, free the error.
 */
public final class Api {
  private static final int UNIMPLEMENTED = PjrtHeader.PJRT_Error_Code_UNIMPLEMENTED();
  private static final int UNKNOWN = PjrtHeader.PJRT_Error_Code_UNKNOWN();

  /** {@code PJRT_Error* f(X_Args*)}, the shape of every function but two. */
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));

  /** {@code void f(X_Args*)}: the functions that free and read an error, and deleters. */
  private static final MethodHandle CALL_VOID =
      Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private static final MethodHandle GET =
      Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(ValueLayout.ADDRESS));

  /** One {handle} structure per thread, for the many small calls that free something. */
  private static final ThreadLocal<MemorySegment> ONE_HANDLE =
      ThreadLocal.withInitial(() -> Function.BUFFER_DESTROY.arguments(Arena.ofAuto()));

  private final Failures failures;
  private final int minorVersion;
  private final EnumMap<Function, MemorySegment> pointers = new EnumMap<>(Function.class);

  /**
   * Reads the table that {@code GetPjrtApi} returns.
   *
   * @param getPjrtApi the address of that function
   * @param failures makes the exceptions
   */
  public Api(MemorySegment getPjrtApi, Failures failures) {
    this.failures = failures;
    MemorySegment table;
    try {
      table = (MemorySegment) GET.invokeExact(getPjrtApi);
    } catch (Throwable failure) {
      throw unchecked(failure);
    }
    if (table.address() == 0) {
      throw failures.of(UNKNOWN, "GetPjrtApi", "expected a table of functions, got a null pointer");
    }
    table = table.reinterpret(PJRT_Api.struct_size$offset() + 8);
    long size = PJRT_Api.struct_size(table);
    long versionEnd =
        PJRT_Api.pjrt_api_version$offset() + PjrtHeader.PJRT_Api_Version_STRUCT_SIZE();
    if (size < versionEnd) {
      throw failures.of(
          UNKNOWN, "GetPjrtApi", "expected a table of over " + versionEnd + " bytes, got " + size);
    }
    table = table.reinterpret(size);
    MemorySegment version =
        table.asSlice(PJRT_Api.pjrt_api_version$offset(), PJRT_Api_Version.layout());
    int major = PJRT_Api_Version.major_version(version);
    minorVersion = PJRT_Api_Version.minor_version(version);
    if (major != PjrtHeader.PJRT_API_MAJOR()) {
      throw failures.of(
          UNIMPLEMENTED,
          "GetPjrtApi",
          "expected major version " + PjrtHeader.PJRT_API_MAJOR() + ", got " + major);
    }
    for (Function function : Function.values()) {
      // A plugin older than the header has a shorter table.
      if (function.offset() + ValueLayout.ADDRESS.byteSize() <= size) {
        MemorySegment pointer = table.get(ValueLayout.ADDRESS, function.offset());
        if (pointer.address() != 0) {
          pointers.put(function, pointer);
        }
      }
    }
  }

  /** The plugin's minor version of the API; the major one is the header's. */
  public int minorVersion() {
    return minorVersion;
  }

  /** Whether the plugin has a function. */
  public boolean has(Function function) {
    return pointers.containsKey(function);
  }

  /**
   * Calls a function.
   *
   * @param arguments what {@link Function#arguments} gave, filled in
   * @throws RuntimeException what {@link Failures} made of the plugin's error
   */
  public void call(Function function, MemorySegment arguments) {
    MemorySegment error;
    try {
      error = (MemorySegment) CALL.invokeExact(pointer(function), arguments);
    } catch (Throwable failure) {
      throw unchecked(failure);
    }
    if (error.address() != 0) {
      throw failure(function, error);
    }
  }

  /**
   * Calls a function whose argument is one handle, such as those that free one.
   *
   * @param handle the native object's address
   */
  public void callWithHandle(Function function, long handle) {
    MemorySegment arguments = ONE_HANDLE.get();
    arguments.set(ValueLayout.JAVA_LONG, 16, handle);
    call(function, arguments);
  }

  /** Calls a deleter that the plugin handed out: {@code void deleter(void*)}. */
  public static void callDeleter(MemorySegment deleter, MemorySegment argument) {
    try {
      CALL_VOID.invokeExact(deleter, argument);
    } catch (Throwable failure) {
      throw unchecked(failure);
    }
  }

  /** Copies a string that the plugin owns. */
  public static String text(MemorySegment address, long size) {
    return size == 0
        ? ""
        : new String(
            address.reinterpret(size).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** The exception for an error that the plugin reports by itself; frees the error. */
  public RuntimeException failure(Function function, MemorySegment error) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = Function.ERROR_MESSAGE.arguments(arena);
      PJRT_Error_Message_Args.error(message, error);
      CALL_VOID.invokeExact(pointer(Function.ERROR_MESSAGE), message);
      String text =
          text(
              PJRT_Error_Message_Args.message(message),
              PJRT_Error_Message_Args.message_size(message));

      MemorySegment code = Function.ERROR_GET_CODE.arguments(arena);
      PJRT_Error_GetCode_Args.error(code, error);
      MemorySegment second =
          (MemorySegment) CALL.invokeExact(pointer(Function.ERROR_GET_CODE), code);
      int value = UNKNOWN;
      if (second.address() == 0) {
        value = PJRT_Error_GetCode_Args.code(code);
      } else {
        destroy(second, arena);
      }
      destroy(error, arena);
      return failures.of(value, function.symbol(), text);
    } catch (Throwable failure) {
      throw unchecked(failure);
    }
  }

  private void destroy(MemorySegment error, Arena arena) throws Throwable {
    MemorySegment arguments = Function.ERROR_DESTROY.arguments(arena);
    PJRT_Error_Destroy_Args.error(arguments, error);
    CALL_VOID.invokeExact(pointer(Function.ERROR_DESTROY), arguments);
  }

  private MemorySegment pointer(Function function) {
    MemorySegment pointer = pointers.get(function);
    if (pointer == null) {
      throw failures.of(
          UNIMPLEMENTED,
          function.symbol(),
          "expected a plugin that has it, got one of PJRT API "
              + PjrtHeader.PJRT_API_MAJOR()
              + "."
              + minorVersion);
    }
    return pointer;
  }

  /** What a method handle threw, as something that needs no declaration. */
  static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof RuntimeException exception) {
      return exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(failure);
  }
}
