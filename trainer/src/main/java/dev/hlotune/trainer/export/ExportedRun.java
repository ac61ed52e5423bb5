package dev.hlotune.trainer.export;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.symbolic.SymbolicProgram;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.pjrt.LoadedExecutable;
import dev.hlotune.pjrt.web.Checksum;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.Mesh;
import dev.hlotune.sharding.Placement;
import dev.hlotune.sharding.ProgramPlacement;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.ShardedProgram;
import dev.hlotune.trainer.checkpoint.SafetensorsWriter;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A program of an export, to be run with arrays by name.
 *
 * @param folder the export's
 * @param manifest read from it
 * @param program one of the manifest's
 */
public record ExportedRun(Path folder, ExportManifest manifest, ExportedProgram program) {

  /**
   * How a program is compiled.
   *
   * @param cache where it is looked for first and kept, if anywhere
   * @param flags values of XLA's flags, by name
   */
  public record Compiling(Optional<ExecutableCache> cache, Map<String, Object> flags) {
    /** With the cache of this program's other commands. */
    public static Compiling cached(Path root) {
      return new Compiling(Optional.of(ExecutableCache.under(root)), Map.of());
    }

    private LoadedExecutable compile(DeviceMesh devices, String text) {
      CompileOptions options = devices.compileOptions();
      for (Map.Entry<String, Object> flag : new TreeMap<>(flags).entrySet()) {
        options = options.withOverride(flag.getKey(), flag.getValue());
      }
      return cache.isPresent()
          ? cache.get().compile(devices.client(), text, options).executable()
          : devices.client().compile(text, options);
    }
  }

  /**
   * What took how long, in seconds.
   *
   * @param compiling the program
   * @param running it, with inputs that change from run to run
   */
  public record Times(double compiling, double running) {}

  /**
   * Opens an export.
   *
   * @param path its manifest, or its folder
   * @param name of the program, or its kind where there is one of that kind; without, the only one
   * @throws IOException if the manifest cannot be read
   * @throws DataException if it is none
   * @throws ConfigException if there is no such program, or more than one
   */
  public static ExportedRun open(Path path, Optional<String> name) throws IOException {
    ExportManifest manifest = ExportManifest.read(path);
    List<ExportedProgram> found = found(manifest, name);
    if (found.size() != 1) {
      throw ConfigException.of(
          "'program': expected one of %s, got %s"
              .formatted(
                  manifest.programs().stream().map(ExportedProgram::name).toList(),
                  name.map(text -> "'" + text + "'").orElse("none")));
    }
    Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().resolveSibling("");
    return new ExportedRun(folder, manifest, found.getFirst());
  }

  private static List<ExportedProgram> found(ExportManifest manifest, Optional<String> name) {
    if (name.isEmpty()) {
      return manifest.programs();
    }
    List<ExportedProgram> exact =
        manifest.programs().stream().filter(one -> one.name().equals(name.get())).toList();
    return exact.isEmpty()
        ? manifest.programs().stream()
            .filter(one -> one.kind().spelled().equals(name.get()))
            .toList()
        : exact;
  }

  /**
   * Runs the program once, or several times, and writes what comes out.
   *
   * @param client has a device for each of the mesh
   * @param compiling how the program is compiled
   * @param inputs what goes in
   * @param steps how often; what is donated goes into the next run as the output that took its
   *     memory. Other outputs are then written for every run, along a first dimension
   * @param output the file of outputs, by name
   * @return what took how long
   * @throws IOException if a file cannot be read or written
   * @throws DataException if the text is not as it was written
   * @throws ConfigException if there are too few devices
   */
  public Times run(
      Client client, Compiling compiling, RunInputs inputs, OptionalInt steps, Path output)
      throws IOException {
    // In the sizes of the inputs, where it is for many.
    return new ExportedRun(folder, manifest, inputs.program())
        .runSized(client, compiling, inputs, steps, output);
  }

  private Times runSized(
      Client client, Compiling compiling, RunInputs inputs, OptionalInt steps, Path output)
      throws IOException {
    DeviceMesh devices = devices(client);
    ProgramPlacement placement = placement(devices.mesh());
    String text = SymbolicProgram.withSizes(text(), inputs.sizes());
    long start = System.nanoTime();
    List<ShardedBuffer> held = new ArrayList<>();
    try (Arena arena = Arena.ofConfined();
        ShardedProgram loaded =
            new ShardedProgram(devices, placement, compiling.compile(devices, text))) {
      double compiled = (System.nanoTime() - start) / 1e9;
      for (int i = 0; i < program.inputs().size(); i++) {
        held.add(scatter(loaded, inputs, i, 0));
      }
      start = System.nanoTime();
      Results results = new Results(program, steps, arena);
      for (int step = 0; step < steps.orElse(1); step++) {
        if (step > 0) {
          renew(loaded, inputs, held, step);
        }
        step(loaded, held, results, step);
      }
      double running = (System.nanoTime() - start) / 1e9;
      List<WritableTensor> tensors = new ArrayList<>(results.tensors());
      for (int i = 0; i < program.outputs().size(); i++) {
        String name = program.outputs().get(i).name();
        program
            .fedBackTo(i)
            .ifPresent(input -> tensors.add(new GatheredTensor(name, held.get(input))));
      }
      SafetensorsWriter.write(output, tensors);
      return new Times(compiled, running);
    } finally {
      held.forEach(ShardedBuffer::close);
    }
  }

  private void step(ShardedProgram compiled, List<ShardedBuffer> held, Results results, int step) {
    List<ShardedBuffer> outputs = compiled.run(held);
    for (int i = 0; i < outputs.size(); i++) {
      OptionalInt input = program.fedBackTo(i);
      if (input.isPresent()) {
        held.set(input.getAsInt(), outputs.get(i));
      } else {
        results.keep(i, step, outputs.get(i));
      }
    }
  }

  private void renew(
      ShardedProgram compiled, RunInputs inputs, List<ShardedBuffer> held, int step) {
    for (int i = 0; i < held.size(); i++) {
      if (program.inputs().get(i).donatedTo().isEmpty() && inputs.sources().get(i).changes()) {
        held.get(i).close();
        held.set(i, scatter(compiled, inputs, i, step));
      }
    }
  }

  private ShardedBuffer scatter(ShardedProgram compiled, RunInputs inputs, int index, int step) {
    Placement placement = compiled.placement().inputs().values().get(index);
    try (Arena arena = Arena.ofConfined()) {
      return ShardedBuffer.scatter(
          compiled.devices(),
          placement,
          inputs.sources().get(index).bytes(placement.shape(), step, arena));
    }
  }

  private DeviceMesh devices(Client client) {
    int wanted = manifest.devices();
    int there = client.addressableDevices().size();
    if (there < wanted) {
      throw ConfigException.of(
          "'%s': expected %d devices for its mesh %s, got %d of platform '%s'"
              .formatted(program.name(), wanted, manifest.mesh(), there, client.platformName()));
    }
    return new DeviceMesh(
        new Mesh(manifest.mesh()), client, client.addressableDevices().subList(0, wanted));
  }

  private ProgramPlacement placement(Mesh mesh) {
    return new ProgramPlacement(
        mesh,
        placements(mesh, program.inputs().stream().map(ExportedInput::array).toList()),
        placements(mesh, program.outputs()));
  }

  private static ParamMap<Placement> placements(Mesh mesh, List<ExportedArray> arrays) {
    return ParamMap.zip(
        arrays.stream().map(ExportedArray::name).toList(),
        arrays.stream()
            .map(array -> new Placement(mesh, array.shape(), array.sharding()))
            .toList());
  }

  private String text() throws IOException {
    Path file = folder.resolve(program.file());
    verify(file, program.sha256());
    return Files.readString(file);
  }

  /** Looks whether a file of the export is as it was written. */
  static void verify(Path file, String sha256) throws IOException {
    String found = Checksum.of(Checksum.Kind.SHA256, file).hex();
    if (!found.equals(sha256)) {
      throw new DataException(
          file,
          "expected sha256 %s, as the manifest has it, got %s; the file was changed, or is of another export"
              .formatted(sha256, found));
    }
  }
}
