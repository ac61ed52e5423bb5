package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.pjrt.LoadedExecutable;
import dev.hlotune.sharding.ProgramPlacement;
import dev.hlotune.sharding.ShardedProgram;
import dev.hlotune.trainer.archive.CompiledArchive;
import java.nio.file.Path;
import java.util.Optional;

/** Compiles programs for the devices of a model, all with the same options, and counts them. */
public final class ProgramCompiler {
  private final ModelMesh mesh;
  private final CompileOptions options;
  private final Optional<ExecutableCache> cache;
  private final Optional<CompiledArchive> archive;
  private int programs;
  private int fromCache;
  private int fromArchive;

  /**
   * A compiler that has compiled nothing yet.
   *
   * @param options for as many devices as the mesh has
   * @param cache where executables are looked for first and kept, if anywhere
   */
  public ProgramCompiler(ModelMesh mesh, CompileOptions options, Optional<ExecutableCache> cache) {
    this(mesh, options, cache, Optional.empty());
  }

  private ProgramCompiler(
      ModelMesh mesh,
      CompileOptions options,
      Optional<ExecutableCache> cache,
      Optional<CompiledArchive> archive) {
    this.mesh = mesh;
    this.options = options;
    this.cache = cache;
    this.archive = archive;
  }

  /**
   * A compiler that keeps what it makes.
   *
   * @param root of the caches of this program
   */
  public static ProgramCompiler cached(ModelMesh mesh, Path root) {
    return new ProgramCompiler(
        mesh, mesh.devices().compileOptions(), Optional.of(ExecutableCache.under(root)));
  }

  /**
   * The same where programs are looked for in an archive first.
   *
   * @throws dev.hlotune.trainer.source.DataException if it is for other devices, or another plugin
   */
  public static ProgramCompiler cached(
      ModelMesh mesh, Path root, Optional<CompiledArchive> archive) {
    archive.ifPresent(own -> own.require(mesh.devices().client(), mesh.devices().devices().size()));
    return new ProgramCompiler(
        mesh, mesh.devices().compileOptions(), Optional.of(ExecutableCache.under(root)), archive);
  }

  /**
   * Emits and compiles a program whose batches are split over the devices; the caller closes it.
   */
  public DeviceProgram compile(Program program) {
    return compile(program, mesh.place(program));
  }

  /**
   * Emits and compiles a program that takes and gives the same on all devices, but for the weights;
   * the caller closes it.
   */
  public DeviceProgram compileWhole(Program program) {
    return compile(program, mesh.placeWhole(program));
  }

  /** The same with a placement of its own. */
  DeviceProgram compile(Program program, ProgramPlacement placement) {
    String text = Emitter.emit(program, placement.partitioning(), mesh.onHost(program));
    programs++;
    Optional<byte[]> archived = archive.flatMap(own -> own.find(text, options));
    if (archived.isPresent()) {
      fromArchive++;
      return program(text, placement, client().load(archived.get()));
    }
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
    return new DeviceProgram(text, new ShardedProgram(mesh.devices(), placement, executable));
  }

  /** How many programs it has made ready so far, compiled or from the cache. */
  public int programs() {
    return programs;
  }

  /** How many of them came from the cache, or from an archive. */
  public int fromCache() {
    return fromCache + fromArchive;
  }

  /** How many of them came from the archive. */
  public int fromArchive() {
    return fromArchive;
  }

  /** The devices, and where arrays lie on them. */
  public ModelMesh mesh() {
    return mesh;
  }

  public Client client() {
    return mesh.devices().client();
  }
}
