package dev.hlotune.pjrt.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The system's loader, called directly because {@code SymbolLookup.libraryLookup} drops the message
 * that says why a library cannot be opened. A library once opened stays until the process ends.
 */
public final class NativeLibrary {
  private static final int RTLD_NOW = 2;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle OPEN =
      handle(
          "dlopen",
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
  private static final MethodHandle SYMBOL =
      handle(
          "dlsym",
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
  private static final MethodHandle ERROR =
      handle("dlerror", FunctionDescriptor.of(ValueLayout.ADDRESS));
  private static final MethodHandle SET_ENVIRONMENT =
      handle(
          "setenv",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));

  private NativeLibrary() {}

  /**
   * Opens a library and gives the address of one of its symbols.
   *
   * @throws UnsatisfiedLinkError with the loader's message
   */
  public static MemorySegment open(Path path, String symbol) {
    // The library's own descriptor of an open failure is per thread, so the three calls stay
    // together on this one.
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment library =
          (MemorySegment) OPEN.invokeExact(arena.allocateFrom(path.toString()), RTLD_NOW);
      if (library.address() == 0) {
        throw new UnsatisfiedLinkError(lastError());
      }
      MemorySegment found = (MemorySegment) SYMBOL.invokeExact(library, arena.allocateFrom(symbol));
      if (found.address() == 0) {
        throw new UnsatisfiedLinkError(lastError());
      }
      return found;
    } catch (Throwable failure) {
      throw Api.unchecked(failure);
    }
  }

  /**
   * Sets a variable of the process environment as native code sees it, unless it is set already.
   * Plugins read some settings from there and nowhere else, when they are loaded.
   */
  public static void setEnvironmentDefault(String name, String value) {
    try (Arena arena = Arena.ofConfined()) {
      int result =
          (int) SET_ENVIRONMENT.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
      if (result != 0) {
        throw new IllegalArgumentException(
            "environment variable: expected a name without '=', got '" + name + "'");
      }
    } catch (Throwable failure) {
      throw Api.unchecked(failure);
    }
  }

  private static String lastError() throws Throwable {
    MemorySegment message = (MemorySegment) ERROR.invokeExact();
    return message.address() == 0
        ? "unknown reason"
        : message.reinterpret(Long.MAX_VALUE).getString(0);
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
  }
}
