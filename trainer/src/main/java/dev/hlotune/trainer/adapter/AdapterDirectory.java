package dev.hlotune.trainer.adapter;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.nn.NearestName;
import dev.hlotune.trainer.checkpoint.AtomicFile;
import dev.hlotune.trainer.checkpoint.JsonFile;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import dev.hlotune.trainer.checkpoint.SafetensorsWriter;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.step.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * An adapter's directory as PEFT writes it, open: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}, whose tensors are views of the mapped file.
 */
public final class AdapterDirectory implements AutoCloseable {
  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";

  private final Path directory;
  private final AdapterConfig config;
  private final SafetensorsFile file;

  private AdapterDirectory(Path directory, AdapterConfig config, SafetensorsFile file) {
    this.directory = directory;
    this.config = config;
    this.file = file;
  }

  /**
   * Opens one.
   *
   * @throws IOException if a file cannot be read
   * @throws DataException if it holds no adapter that is understood
   */
  public static AdapterDirectory open(Path directory) throws IOException {
    AdapterConfig config = readConfig(directory);
    Path weights = directory.resolve(WEIGHTS);
    if (!Files.isRegularFile(weights)) {
      throw new DataException(
          directory,
          "adapter: expected '%s' in the folder, got none; save the adapter with safetensors"
              .formatted(WEIGHTS));
    }
    return new AdapterDirectory(directory, config, SafetensorsFile.open(weights));
  }

  /** What an adapter's {@code adapter_config.json} says. */
  public static AdapterConfig readConfig(Path directory) throws IOException {
    Path path = directory.resolve(CONFIG);
    if (!Files.isRegularFile(path)) {
      throw new DataException(
          directory, "adapter: expected a folder with '%s', got none".formatted(CONFIG));
    }
    try {
      return AdapterConfig.of(JsonFile.read(path));
    } catch (DataException e) {
      throw e.path() != null ? e : new DataException(path, String.valueOf(e.getMessage()), e);
    }
  }

  /** What it was trained with. */
  public AdapterConfig config() {
    return config;
  }

  /**
   * Its tensors by the names of the weights that they are, each layer's apart.
   *
   * @throws DataException if the adapter is one of another model: tensors are missing, there are
   *     others, or shapes differ
   */
  public Map<String, TensorEntry> match(AdaptedModel model) {
    Map<String, TensorEntry> found = new LinkedHashMap<>();
    TreeSet<String> left = new TreeSet<>(file.tensors().keySet());
    List<String> problems = new ArrayList<>();
    model.trained().stream()
        .forEach(entry -> {
          Shape shape = Ranks.withRank(entry.getValue().shape(), config.rank());
          for (Weights.Part part : Weights.parts(entry.getKey(), shape)) {
            String name = model.inFile(part.name());
            TensorEntry tensor = file.tensors().get(name);
            left.remove(name);
            if (tensor == null) {
              problems.add(
                  "'%s' is missing%s"
                      .formatted(
                          name,
                          NearestName.of(name, file.tensors().keySet())
                              .map(", the nearest is '%s'"::formatted)
                              .orElse("")));
            } else if (!tensor.shape().equals(part.sizes())) {
              problems.add("'%s' has %s, not %s".formatted(name, tensor.shape(), part.sizes()));
            } else {
              found.put(part.name(), tensor);
            }
          }
        });
    // PEFT keeps the weight of an adapted head or embedding beside the adapter.
    left.removeIf(name -> name.endsWith(".base_layer.weight"));
    left.forEach(name -> problems.add("'%s' is no weight of the adapter".formatted(name)));
    if (!problems.isEmpty()) {
      int shown = Math.min(problems.size(), 8);
      throw new DataException(
          directory.resolve(WEIGHTS),
          "adapter: expected the weights of an adapter of this model, got %s%s; was it trained on another base?"
              .formatted(
                  String.join(", ", problems.subList(0, shown)),
                  shown < problems.size()
                      ? " and %d more".formatted(problems.size() - shown)
                      : ""));
    }
    return found;
  }

  /**
   * The values of its trained weights as a program takes them: layers stacked where they are, and
   * with room for the program's rank.
   */
  public Map<String, float[]> values(AdaptedModel model) {
    Map<String, TensorEntry> tensors = match(model);
    Map<String, float[]> values = new LinkedHashMap<>();
    model.trained().stream()
        .forEach(entry -> {
          Shape held = entry.getValue().shape();
          Shape shape = Ranks.withRank(held, config.rank());
          float[] all = new float[Math.toIntExact(shape.elements())];
          int at = 0;
          for (Weights.Part part : Weights.parts(entry.getKey(), shape)) {
            TensorEntry tensor = Optional.ofNullable(tensors.get(part.name())).orElseThrow();
            tensor.copyTo(all, at);
            at += Math.toIntExact(tensor.elementCount());
          }
          values.put(entry.getKey(), Ranks.resized(all, held, config.rank(), model.model().rank()));
        });
    return values;
  }

  /**
   * Writes an adapter's two files into a directory that is there.
   *
   * @param values of the trained weights, as {@link #values} gives them
   * @throws IOException if a file could not be written
   */
  public static void write(Path directory, AdaptedModel model, Map<String, float[]> values)
      throws IOException {
    List<TensorEntry> tensors = new ArrayList<>();
    tensors(model, values).forEach((name, tensor) -> tensors.add(tensor.named(model.inFile(name))));
    SafetensorsWriter.write(directory.resolve(WEIGHTS), tensors);
    AtomicFile.write(
        directory.resolve(CONFIG),
        JsonFile.print(model.config().json(model.paths(), model.fanInFanOut())));
  }

  /**
   * Trained weights as {@link #match} gives them: each layer's apart, with the ranks that are used.
   *
   * @param values as {@link #values} gives them
   */
  public static Map<String, TensorEntry> tensors(AdaptedModel model, Map<String, float[]> values) {
    Map<String, TensorEntry> tensors = new LinkedHashMap<>();
    int rank = model.config().rank();
    model.trained().stream()
        .forEach(entry -> {
          Shape held = entry.getValue().shape();
          Shape shape = Ranks.withRank(held, rank);
          float[] whole = Optional.ofNullable(values.get(entry.getKey())).orElseThrow();
          float[] all = Ranks.resized(whole, held, model.model().rank(), rank);
          int at = 0;
          for (Weights.Part part : Weights.parts(entry.getKey(), shape)) {
            int size = Math.toIntExact(part.sizes().stream().reduce(1L, Math::multiplyExact));
            float[] own = Arrays.copyOfRange(all, at, at + size);
            tensors.put(part.name(), TensorEntry.ofFloats(part.name(), part.sizes(), own));
            at += size;
          }
        });
    return tensors;
  }

  @Override
  public void close() {
    file.close();
  }
}
