package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;

/** Compiles programs for one client, all with the same options, and counts them. */
public final class ProgramCompiler {
  private final Client client;
  private final CompileOptions options;
  private int compiled;

  /** A compiler that has compiled nothing yet. */
  public ProgramCompiler(Client client, CompileOptions options) {
    this.client = client;
    this.options = options;
  }

  /** Emits and compiles a program; the caller closes it. */
  public DeviceProgram compile(Program program) {
    String text = Emitter.emit(program);
    DeviceProgram result = new DeviceProgram(text, client.compile(text, options));
    compiled++;
    return result;
  }

  /** How many programs it has compiled so far. */
  public int compiled() {
    return compiled;
  }

  /** How many of them came from a cache. */
  public int fromCache() {
    return 0;
  }

  public Client client() {
    return client;
  }
}
