package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.ExecutableCache;
import java.nio.file.Path;
import java.util.Optional;

/** Compiles programs for one client, all with the same options, and counts them. */
public final class ProgramCompiler {
  private final Client client;
  private final CompileOptions options;
  private final Optional<ExecutableCache> cache;
  private int programs;
  private int fromCache;

  /**
   * A compiler that has compiled nothing yet.
   *
   * @param cache where executables are looked for first and kept, if anywhere
   */
  public ProgramCompiler(Client client, CompileOptions options, Optional<ExecutableCache> cache) {
    this.client = client;
    this.options = options;
    this.cache = cache;
  }

  /**
   * A compiler for one device that keeps what it makes.
   *
   * @param root of the caches of this program
   */
  public static ProgramCompiler cached(Client client, Path root) {
    return new ProgramCompiler(
        client, CompileOptions.singleDevice(), Optional.of(ExecutableCache.under(root)));
  }

  /** Emits and compiles a program; the caller closes it. */
  public DeviceProgram compile(Program program) {
    String text = Emitter.emit(program);
    programs++;
    if (cache.isEmpty()) {
      return new DeviceProgram(text, client.compile(text, options));
    }
    ExecutableCache.Compiled compiled = cache.get().compile(client, text, options);
    if (compiled.cached()) {
      fromCache++;
    }
    return new DeviceProgram(text, compiled.executable());
  }

  /** How many programs it has made ready so far, compiled or from the cache. */
  public int programs() {
    return programs;
  }

  /** How many of them came from the cache. */
  public int fromCache() {
    return fromCache;
  }

  public Client client() {
    return client;
  }
}
