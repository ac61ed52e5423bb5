package dev.hlotune.trainer.loop;

import dev.hlotune.hlo.Program;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.ProgramCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Compiles the programs of a run one after another and tells how far it is. A compiler cannot be
 * interrupted, so it works on a thread of its own: a request to stop leaves it to itself, and what
 * it still makes is thrown away.
 */
final class CompileQueue {
  private static final long POLL_MILLISECONDS = 50;

  private final ProgramCompiler compiler;
  private final int total;
  private final RunObserver observer;
  private final AtomicBoolean stop;
  private final List<DeviceProgram> compiled = new ArrayList<>();

  /** A queue of {@code total} programs of which none is compiled. */
  CompileQueue(ProgramCompiler compiler, int total, RunObserver observer, AtomicBoolean stop) {
    this.compiler = compiler;
    this.total = total;
    this.observer = observer;
    this.stop = stop;
    tell();
  }

  /**
   * Compiles the next one.
   *
   * @throws CancellationException if asked to stop
   */
  DeviceProgram compile(Program program) {
    return compile(() -> compiler.compile(program));
  }

  /**
   * Compiles the next one, which takes and gives the same on all devices, but for the weights.
   *
   * @throws CancellationException if asked to stop
   */
  DeviceProgram compileWhole(Program program) {
    return compile(() -> compiler.compileWhole(program));
  }

  private DeviceProgram compile(Supplier<DeviceProgram> compiling) {
    if (stop.get()) {
      throw new CancellationException("asked to stop");
    }
    CompletableFuture<DeviceProgram> making = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("hlotune-compiler")
        .start(() -> {
          try {
            making.complete(compiling.get());
          } catch (RuntimeException | Error e) {
            making.completeExceptionally(e);
          }
        });
    DeviceProgram result = await(making);
    compiled.add(result);
    tell();
    return result;
  }

  private DeviceProgram await(CompletableFuture<DeviceProgram> making) {
    while (true) {
      try {
        return making.get(POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (stop.get()) {
          discard(making);
          throw new CancellationException("asked to stop");
        }
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case RuntimeException failed -> throw failed;
          case Error failed -> throw failed;
          case null, default -> throw new IllegalStateException(e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        discard(making);
        throw new CancellationException("interrupted");
      }
    }
  }

  /** Closes what is still being made once it is there. */
  private static void discard(CompletableFuture<DeviceProgram> making) {
    var _ = making.thenAccept(DeviceProgram::close);
  }

  /** Gives up what was compiled. */
  void abandon() {
    compiled.forEach(DeviceProgram::close);
  }

  private void tell() {
    observer.on(new RunEvent.Progressed("compiling", compiled.size(), total));
  }
}
