package dev.hlotune.pjrt.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Opens shared libraries. One once opened stays until the process ends.
 *
 * <p>Each kind of native call costs some tens of milliseconds when it is first prepared, so on the
 * way to a library that opens there are as few as can be.
 */
public final class NativeLibrary {
  private static final int RTLD_NOW = 2;

  private NativeLibrary() {}

  /**
   * Opens a library and gives the address of one of its symbols.
   *
   * @throws UnsatisfiedLinkError with the loader's message
   */
  public static MemorySegment open(Path path, String symbol) {
    try {
      return SymbolLookup.libraryLookup(path, Arena.global())
          .find(symbol)
          .orElseThrow(() -> new UnsatisfiedLinkError("undefined symbol: " + symbol));
    } catch (IllegalArgumentException unexplained) {
      throw new UnsatisfiedLinkError(whyNot(path));
    }
  }

  /** Asks the system's loader again, because the JDK drops the message that says why. */
  private static String whyNot(Path path) {
    MethodHandle open =
        handle(
            "dlopen",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    MethodHandle error = handle("dlerror", FunctionDescriptor.of(ValueLayout.ADDRESS));
    // The message is per thread, so both calls are made on this one.
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment library =
          (MemorySegment) open.invokeExact(arena.allocateFrom(path.toString()), RTLD_NOW);
      MemorySegment message = (MemorySegment) error.invokeExact();
      return library.address() != 0 || message.address() == 0
          ? "unknown reason"
          : message.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable failure) {
      throw Api.unchecked(failure);
    }
  }

  /**
   * Sets a variable of the process environment as native code sees it, unless it is set already.
   * Plugins read some settings from there and nowhere else, when they are loaded.
   */
  public static void setEnvironmentDefault(String name, String value) {
    if (System.getenv(name) != null) {
      return;
    }
    MethodHandle set =
        handle(
            "setenv",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int result = (int) set.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
      if (result != 0) {
        throw new IllegalArgumentException(
            "environment variable: expected a name without '=', got '" + name + "'");
      }
    } catch (Throwable failure) {
      throw Api.unchecked(failure);
    }
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }
}
