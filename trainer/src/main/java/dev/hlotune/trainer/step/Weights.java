package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.Initializer;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Vocabulary;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Weights on their way between files and the device. In files every layer has its own tensors; a
 * model whose layers are stacked holds them as one, see {@link LayerStack#STACKED}.
 */
public final class Weights {
  private Weights() {}

  /**
   * Weights drawn as the model describes them.
   *
   * @param seed equal seeds give equal weights; each weight has its own stream
   */
  public static List<DeviceBuffer> random(Client client, ParamMap<ParameterSpec> specs, long seed) {
    List<DeviceBuffer> buffers = new ArrayList<>();
    specs.stream()
        .forEach(entry -> {
          Shape shape = entry.getValue().shape();
          float[] values =
              draw(entry.getValue().initializer(), shape.elements(), seed, entry.getKey());
          buffers.add(client.transfer(values, client.device(), shape.sizes()));
        });
    return buffers;
  }

  private static float[] draw(Initializer initializer, long elements, long seed, String name) {
    float[] values = new float[Math.toIntExact(elements)];
    switch (initializer) {
      case Initializer.Constant(double value) -> Arrays.fill(values, (float) value);
      case Initializer.Normal(double deviation) -> {
        RandomGenerator random = random(seed, name);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (deviation * random.nextGaussian());
        }
      }
      case Initializer.Uniform(double bound) -> {
        RandomGenerator random = random(seed, name);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
      }
    }
    return values;
  }

  private static RandomGenerator random(long seed, String name) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 31 + name.hashCode());
  }

  /** Zeros for every shape: the start of all optimizer state. */
  public static List<DeviceBuffer> zeros(Client client, ParamMap<Shape> shapes) {
    List<DeviceBuffer> buffers = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      long largest = shapes.values().stream().mapToLong(Shape::bytes).max().orElse(0);
      MemorySegment zeros = arena.allocate(Math.max(1, largest));
      for (Shape shape : shapes.values()) {
        buffers.add(
            client.transfer(
                zeros.asSlice(0, shape.bytes()), ElementTypes.buffer(shape), client.device()));
      }
    }
    return buffers;
  }

  /**
   * Looks whether files hold the weights of a model, without reading them.
   *
   * @throws dev.hlotune.trainer.source.DataException if one is missing, of another shape, or of no
   *     use to the model
   */
  public static void check(CausalModel model, ModelWeights files) {
    match(model, files);
  }

  private static Map<String, TensorEntry> match(CausalModel model, ModelWeights files) {
    Map<String, List<Long>> expected = new LinkedHashMap<>();
    model.parameters().stream()
        .forEach(entry ->
            parts(entry.getKey(), entry.getValue().shape())
                .forEach(part -> expected.put(part.name(), part.sizes())));
    Vocabulary words = model.words();
    return files.match(expected, words.tied() ? Map.of(words.head(), words.embedding()) : Map.of());
  }

  /**
   * Weights from a model directory.
   *
   * @throws dev.hlotune.trainer.source.DataException if one is missing, of another shape, or of no
   *     use to the model
   */
  public static List<DeviceBuffer> load(Client client, CausalModel model, ModelWeights files) {
    return load(client, model, model, files);
  }

  /**
   * Weights from the directory of a model that has fewer rows in some of them, such as a model
   * whose vocabulary has grown. Each further row is the mean of those in the files.
   *
   * @param model whose weights are wanted
   * @param saved the model in the files, whose weights have the same names
   * @throws dev.hlotune.trainer.source.DataException if one is missing, of another shape, or of no
   *     use to the model
   */
  public static List<DeviceBuffer> load(
      Client client, CausalModel model, CausalModel saved, ModelWeights files) {
    Map<String, TensorEntry> found = match(saved, files);
    ParamMap<ParameterSpec> specs = saved.parameters();
    List<DeviceBuffer> buffers = new ArrayList<>();
    model.parameters().stream()
        .forEach(entry -> {
          Shape shape = entry.getValue().shape();
          Shape inFiles = specs.get(entry.getKey()).shape();
          float[] values = new float[Math.toIntExact(shape.elements())];
          int at = 0;
          for (Part part : parts(entry.getKey(), inFiles)) {
            TensorEntry tensor = found.get(part.name());
            if (tensor == null) {
              throw new IllegalStateException("a matched weight is gone: " + part.name());
            }
            tensor.copyTo(values, at);
            at += Math.toIntExact(tensor.elementCount());
          }
          if (!shape.equals(inFiles)) {
            NewRows.fill(values, inFiles, shape);
          }
          buffers.add(client.transfer(values, client.device(), shape.sizes()));
        });
    return buffers;
  }

  /** Weights read back, as they are stored in files; in memory of {@code arena}. */
  public static List<TensorEntry> read(
      ParamMap<ParameterSpec> specs, List<DeviceBuffer> buffers, Arena arena) {
    List<TensorEntry> entries = new ArrayList<>();
    List<String> names = specs.names();
    for (int i = 0; i < names.size(); i++) {
      Shape shape = specs.get(names.get(i)).shape();
      MemorySegment memory = arena.allocate(shape.bytes(), ValueLayout.JAVA_FLOAT.byteSize());
      buffers.get(i).read(memory);
      long at = 0;
      for (Part part : parts(names.get(i), shape)) {
        entries.add(
            new TensorEntry(
                part.name(), StorageType.F32, part.sizes(), memory.asSlice(at, part.bytes())));
        at += part.bytes();
      }
    }
    return entries;
  }

  /** A tensor as a file has it. */
  private record Part(String name, List<Long> sizes, long bytes) {}

  private static List<Part> parts(String name, Shape shape) {
    if (!shape.has(LayerStack.AXIS)) {
      return List.of(part(name, shape));
    }
    int layers = shape.axis(LayerStack.AXIS).size();
    Shape one = shape.without(List.of(LayerStack.AXIS));
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      parts.add(part(name.replace("." + LayerStack.STACKED + ".", "." + i + "."), one));
    }
    return parts;
  }

  private static Part part(String name, Shape shape) {
    return new Part(name, Arrays.stream(shape.sizes()).boxed().toList(), shape.bytes());
  }
}
