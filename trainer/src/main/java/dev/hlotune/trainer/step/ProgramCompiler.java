package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.pjrt.LoadedExecutable;
import dev.hlotune.sharding.ProgramPlacement;
import dev.hlotune.sharding.ShardedProgram;
import java.nio.file.Path;
import java.util.Optional;

/** Compiles programs for the devices of a model, all with the same options, and counts them. */
public final class ProgramCompiler {
  private final Spread spread;
  private final CompileOptions options;
  private final Optional<ExecutableCache> cache;
  private int programs;
  private int fromCache;

  /**
   * A compiler that has compiled nothing yet.
   *
   * @param options for as many devices as the spread has
   * @param cache where executables are looked for first and kept, if anywhere
   */
  public ProgramCompiler(Spread spread, CompileOptions options, Optional<ExecutableCache> cache) {
    this.spread = spread;
    this.options = options;
    this.cache = cache;
  }

  /**
   * A compiler that keeps what it makes.
   *
   * @param root of the caches of this program
   */
  public static ProgramCompiler cached(Spread spread, Path root) {
    return new ProgramCompiler(
        spread, spread.devices().compileOptions(), Optional.of(ExecutableCache.under(root)));
  }

  /**
   * Emits and compiles a program whose batches are split over the devices; the caller closes it.
   */
  public DeviceProgram compile(Program program) {
    return compile(program, spread.place(program));
  }

  /**
   * Emits and compiles a program that takes and gives the same on all devices, but for the weights;
   * the caller closes it.
   */
  public DeviceProgram compileWhole(Program program) {
    return compile(program, spread.placeWhole(program));
  }

  private DeviceProgram compile(Program program, ProgramPlacement placement) {
    String text = Emitter.emit(program, placement.partitioning());
    programs++;
    if (cache.isEmpty()) {
      return program(text, placement, client().compile(text, options));
    }
    ExecutableCache.Compiled compiled = cache.get().compile(client(), text, options);
    if (compiled.cached()) {
      fromCache++;
    }
    return program(text, placement, compiled.executable());
  }

  private DeviceProgram program(
      String text, ProgramPlacement placement, LoadedExecutable executable) {
    return new DeviceProgram(text, new ShardedProgram(spread.devices(), placement, executable));
  }

  /** How many programs it has made ready so far, compiled or from the cache. */
  public int programs() {
    return programs;
  }

  /** How many of them came from the cache. */
  public int fromCache() {
    return fromCache;
  }

  /** The devices, and where arrays lie on them. */
  public Spread spread() {
    return spread;
  }

  public Client client() {
    return spread.devices().client();
  }
}
