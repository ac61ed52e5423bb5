package dev.hlotune.trainer.loop;

import dev.hlotune.hlo.Program;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.ProgramCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Compiles the programs of a run one after another and tells how far it is. */
final class CompileQueue {
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
    if (stop.get()) {
      throw new CancellationException("asked to stop");
    }
    DeviceProgram result = compiler.compile(program);
    compiled.add(result);
    tell();
    return result;
  }

  /** Gives up what was compiled. */
  void abandon() {
    compiled.forEach(DeviceProgram::close);
  }

  private void tell() {
    observer.on(new RunEvent.Progressed("compiling", compiled.size(), total));
  }
}
