package dev.hlotune.trainer.export;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.hlo.emit.Partitioning;
import dev.hlotune.hlo.symbolic.SizePolynomial;
import dev.hlotune.hlo.symbolic.SymbolicProgram;
import dev.hlotune.pjrt.web.Checksum;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.checkpoint.AtomicFile;
import dev.hlotune.trainer.checkpoint.SafetensorsWriter;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.generate.ServingPrograms;
import dev.hlotune.trainer.loop.BuildVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** Writes programs and weights into a folder, and a manifest beside them. */
public final class Exporter {
  /** The version of StableHLO that texts are written in. */
  public static final String STABLEHLO = "1.13";

  /** The name of the file of weights. */
  public static final String WEIGHTS = "weights.safetensors";

  private final Path folder;
  private final ShardingRules rules;
  private final List<ExportedProgram> programs = new ArrayList<>();
  private final List<ExportManifest.WeightFile> weights = new ArrayList<>();

  /**
   * An export without content.
   *
   * @param folder where it goes; it must be there
   * @param rules where arrays lie, on the mesh that all programs are for
   */
  public Exporter(Path folder, ShardingRules rules) {
    this.folder = folder;
    this.rules = rules;
  }

  /**
   * Writes the text of a program.
   *
   * @throws IOException if it could not be written
   * @throws dev.hlotune.hlo.ShapeException if the rules do not fit one of its shapes
   */
  public ExportedProgram add(ExportSource source) throws IOException {
    Printed printed = print(source);
    byte[] text = printed.text().getBytes(StandardCharsets.UTF_8);
    String file = source.name() + ".mlir";
    AtomicFile.write(folder.resolve(file), text);
    ExportedProgram exported =
        new ExportedProgram(
            source.name(),
            source.kind(),
            printed.sizes(),
            source.microBatches(),
            file,
            HexFormat.of().formatHex(Checksum.sha256().digest(text)),
            printed.inputs(),
            printed.outputs());
    programs.add(exported);
    return exported;
  }

  /**
   * Writes the weights, under the names that they have as inputs.
   *
   * @throws IOException if they could not be written
   */
  public void addWeights(Collection<? extends WritableTensor> tensors) throws IOException {
    Path file = folder.resolve(WEIGHTS);
    SafetensorsWriter.write(file, tensors);
    weights.add(
        new ExportManifest.WeightFile(
            WEIGHTS, Checksum.of(Checksum.Kind.SHA256, file).hex(), Files.size(file)));
  }

  /**
   * Writes the manifest.
   *
   * @param plugin the plugin that weights were made with; empty where none was
   * @param model what the programs are of, for people
   * @throws IOException if it could not be written
   */
  public ExportManifest finish(String plugin, Map<String, Object> model) throws IOException {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("hlotune", BuildVersion.current().toString());
    versions.put("stablehlo", STABLEHLO);
    if (!plugin.isEmpty()) {
      versions.put("plugin", plugin);
    }
    ExportManifest manifest =
        new ExportManifest(
            versions,
            model,
            // As the texts have it: an axis of one device splits nothing.
            rules.mesh().axes().stream().filter(axis -> axis.size() > 1).toList(),
            weights,
            programs);
    manifest.write(folder.resolve(ExportManifest.NAME));
    return manifest;
  }

  /** A program as a text, and what goes in and comes out. */
  private record Printed(
      String text, ExportedSizes sizes, List<ExportedInput> inputs, List<ExportedArray> outputs) {}

  private Printed print(ExportSource source) {
    Program program = source.graph().program();
    Partitioning partitioning = rules.place(program, source.weights()).partitioning();
    List<ExportedInput> inputs =
        program.inputs().stream().map(input -> input(source, input, partitioning)).toList();
    List<ExportedArray> outputs =
        program.outputs().stream()
            .map(output ->
                array(
                    output.name(),
                    outputRole(output.name(), source.weights()),
                    output.shape(),
                    partitioning.outputs()))
            .toList();
    return switch (source.graph()) {
      case ExportGraph.Fixed(_, Bucket bucket) ->
          new Printed(
              Emitter.emit(program, partitioning), ExportedSizes.of(bucket), inputs, outputs);
      case ExportGraph.Ranged(
              SymbolicProgram symbolic,
              _,
              SizePolynomial rows,
              SizePolynomial length) ->
          new Printed(
              symbolic.text(),
              new ExportedSizes(rows, length, symbolic.symbols()),
              IntStream.range(0, inputs.size())
                  .mapToObj(i -> inputs.get(i).sized(symbolic.inputs().get(i)))
                  .toList(),
              IntStream.range(0, outputs.size())
                  .mapToObj(i -> outputs.get(i).sized(symbolic.outputs().get(i)))
                  .toList());
    };
  }

  private static ExportedInput input(
      ExportSource source, Program.Input input, Partitioning partitioning) {
    String name = input.name();
    Shape shape = input.parameter().shape();
    Role role = inputRole(name, shape, source.weights());
    Fill fill =
        switch (role) {
          case WEIGHT -> new Fill.Weights();
          case OPTIMIZER -> new Fill.Zeros();
          case BATCH, SETTING, CACHE, RESULT -> source.fills().getOrDefault(name, Fill.caller());
        };
    return new ExportedInput(
        array(name, role, shape, partitioning.inputs()),
        fill,
        input.donatedTo() < 0 ? OptionalInt.empty() : OptionalInt.of(input.donatedTo()),
        InputNotes.of(name, role));
  }

  private static ExportedArray array(
      String name, Role role, Shape shape, Map<String, List<List<String>>> placements) {
    return ExportedArray.of(
        name,
        role,
        shape,
        placements.getOrDefault(name, Collections.nCopies(shape.rank(), List.of())));
  }

  private static Role inputRole(String name, Shape shape, Set<String> weights) {
    Role role = outputRole(name, weights);
    if (role != Role.RESULT) {
      return role;
    }
    return shape.rank() == 0 ? Role.SETTING : Role.BATCH;
  }

  private static Role outputRole(String name, Set<String> weights) {
    if (weights.contains(name)) {
      return Role.WEIGHT;
    }
    if (name.startsWith(ShardingRules.STATE)) {
      return Role.OPTIMIZER;
    }
    return name.startsWith(ServingPrograms.CACHE) ? Role.CACHE : Role.RESULT;
  }
}
