package dev.hlotune.trainer.export;

import dev.hlotune.hlo.Axis;
import dev.hlotune.trainer.checkpoint.AtomicFile;
import dev.hlotune.trainer.checkpoint.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file {@code manifest.json} of an export.
 *
 * @param versions of what made it: {@code hlotune}, {@code stablehlo}, and {@code plugin} where one
 *     was used
 * @param model what it is of, for people
 * @param mesh the mesh that all programs are for, the outermost axis first; devices are numbered
 *     row by row; none for one device
 * @param weights files of weights
 * @param programs in the order in which they are listed
 */
public record ExportManifest(
    Map<String, String> versions,
    Map<String, Object> model,
    List<Axis> mesh,
    List<WeightFile> weights,
    List<ExportedProgram> programs) {
  /** The name of the file. */
  public static final String NAME = "manifest.json";

  /** What {@code format} says. */
  static final String FORMAT = "hlotune-export";

  /** What {@code format_version} says; another number is another layout. */
  static final int VERSION = 1;

  /** Keeps its own copies, in their order. */
  public ExportManifest {
    versions = new LinkedHashMap<>(versions);
    model = new LinkedHashMap<>(model);
    mesh = List.copyOf(mesh);
    weights = List.copyOf(weights);
    programs = List.copyOf(programs);
  }

  /**
   * A file of weights.
   *
   * @param file beside the manifest
   * @param sha256 of the file
   * @param bytes of the file
   */
  public record WeightFile(String file, String sha256, long bytes) {}

  /** How many devices the programs run on. */
  public int devices() {
    return mesh.stream().mapToInt(Axis::size).reduce(1, Math::multiplyExact);
  }

  /**
   * Reads the file.
   *
   * @param path the file, or the folder that it lies in
   * @throws IOException if it cannot be read
   * @throws dev.hlotune.trainer.source.DataException if it is no manifest, naming the field
   */
  public static ExportManifest read(Path path) throws IOException {
    return ManifestReader.read(path);
  }

  /**
   * Writes the file whole.
   *
   * @throws IOException if it could not be written
   */
  public void write(Path path) throws IOException {
    AtomicFile.write(path, JsonFile.print(ManifestJson.of(this)));
  }
}
