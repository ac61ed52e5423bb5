package dev.hlotune.trainer.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Ctrl-C and SIGTERM during a run. The first asks the run to end at its next step; the second ends
 * the process at once.
 *
 * <p>A shutdown hook would not do: the virtual machine does not hear a second signal while the
 * hooks run. The JDK's {@code sun.misc.Signal} is supported ({@code jdk.unsupported}) but javac
 * warns of every mention and cannot be told not to, so it is reached by reflection.
 */
final class StopSignal {
  private final Console console;
  private final IntConsumer halt;
  private final AtomicBoolean flag = new AtomicBoolean();
  private volatile ExitCode code = ExitCode.INTERRUPTED;

  StopSignal(Console console, IntConsumer halt) {
    this.console = console;
    this.halt = halt;
  }

  /** Listens from now on, for the rest of the process. */
  static StopSignal install(Console console) {
    StopSignal stop = new StopSignal(console, Runtime.getRuntime()::halt);
    listen("INT", () -> stop.received(ExitCode.INTERRUPTED));
    listen("TERM", () -> stop.received(ExitCode.TERMINATED));
    return stop;
  }

  private static void listen(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle run =
          MethodHandles.lookup()
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(action);
      Object listener =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "signals: expected a JDK with the module 'jdk.unsupported', got one without; use a whole"
              + " JDK 25",
          e);
    }
  }

  void received(ExitCode how) {
    if (flag.compareAndSet(false, true)) {
      code = how;
      console.note("stopping after this step; once more stops at once");
    } else {
      console.note("stopped at once");
      halt.accept(how.number());
    }
  }

  /** True once the run should end. */
  AtomicBoolean flag() {
    return flag;
  }

  /** How the process ends after it was asked to stop. */
  ExitCode code() {
    return code;
  }
}
