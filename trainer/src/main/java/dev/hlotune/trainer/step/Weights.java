package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.Initializer;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Vocabulary;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.Storage;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Weights on their way between files and the device. In files every layer has its own tensors; a
 * model whose layers are stacked holds them as one, see {@link LayerStack#STACKED}.
 *
 * <p>On the device a weight has the type of its shape, whatever its type in the files. No weight is
 * ever on the heap: bytes go from the mapped file to the device, and those of another type through
 * small pieces of memory outside the heap.
 */
public final class Weights {
  /** Bytes of zeros that are copied at a time. */
  private static final long ZEROS = 16L << 20;

  private Weights() {}

  /**
   * Weights drawn as the model describes them, in the types it gives them.
   *
   * @param seed equal seeds give equal weights; each weight has its own stream
   */
  public static List<ShardedBuffer> random(
      Storage storage, ParamMap<ParameterSpec> specs, long seed) {
    return each(
        storage,
        specs.map(ParameterSpec::shape),
        (name, upload) ->
            draw(upload, specs.get(name).initializer(), specs.get(name).shape(), seed, name));
  }

  private static void draw(
      WeightUpload upload, Initializer initializer, Shape shape, long seed, String name) {
    RandomGenerator random = random(seed, name);
    long elements = shape.elements();
    for (long at = 0; at < elements; at += Staging.ELEMENTS) {
      float[] values = new float[(int) Math.min(Staging.ELEMENTS, elements - at)];
      fill(values, initializer, random, name);
      upload.put(MemorySegment.ofArray(values), StorageType.F32, at);
    }
  }

  /** The values of one weight, drawn as it is described, in the heap. */
  public static float[] drawn(ParameterSpec spec, long seed, String name) {
    float[] values = new float[Math.toIntExact(spec.shape().elements())];
    fill(values, spec.initializer(), random(seed, name), name);
    return values;
  }

  private static RandomGenerator random(long seed, String name) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 31 + name.hashCode());
  }

  private static void fill(
      float[] values, Initializer initializer, RandomGenerator random, String name) {
    switch (initializer) {
      case Initializer.Constant(double value) -> Arrays.fill(values, (float) value);
      case Initializer.Normal(double deviation) -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (deviation * random.nextGaussian());
        }
      }
      case Initializer.Uniform(double bound) -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
      }
      case Initializer.NormOf(String weight) ->
          throw new IllegalStateException(name + " is made of " + weight + ", not drawn");
    }
  }

  /** Zeros for every shape: the start of all optimizer state. */
  public static List<ShardedBuffer> zeros(Storage storage, ParamMap<Shape> shapes) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment zeros = arena.allocate(ZEROS);
      return each(
          storage,
          shapes,
          (name, upload) -> {
            long bytes = shapes.get(name).bytes();
            for (long at = 0; at < bytes; at += ZEROS) {
              upload.copy(zeros.asSlice(0, Math.min(ZEROS, bytes - at)), at);
            }
          });
    }
  }

  /** Tensors of files, which are of the types and sizes wanted, on the device. */
  static List<ShardedBuffer> copies(
      Storage storage, ParamMap<Shape> shapes, Function<String, TensorEntry> tensors) {
    return each(
        storage,
        shapes,
        (name, upload) -> {
          TensorEntry tensor = tensors.apply(name);
          upload.put(tensor.data(), tensor.type(), 0);
        });
  }

  /** One buffer for every shape; those already made are closed where a later one fails. */
  private static List<ShardedBuffer> each(
      Storage storage, ParamMap<Shape> shapes, BiConsumer<String, WeightUpload> content) {
    List<ShardedBuffer> buffers = new ArrayList<>();
    try (Staging staging = new Staging()) {
      shapes.stream()
          .forEach(entry -> {
            try (WeightUpload upload = new WeightUpload(storage, entry.getValue(), staging)) {
              content.accept(entry.getKey(), upload);
              buffers.add(upload.finish());
            }
          });
      return buffers;
    } catch (RuntimeException e) {
      buffers.forEach(ShardedBuffer::close);
      throw e;
    }
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
   * Weights from a model directory, in the types that the model gives them.
   *
   * @throws dev.hlotune.trainer.source.DataException if one is missing, of another shape, or of no
   *     use to the model
   */
  public static List<ShardedBuffer> load(Storage storage, CausalModel model, ModelWeights files) {
    return load(storage, model.parameters(), model, files);
  }

  /**
   * Weights from the directory of a model that has fewer rows in some of them, such as a model
   * whose vocabulary has grown. Each further row is the mean of those in the files.
   *
   * @param specs the weights wanted, in the types wanted
   * @param saved the model in the files, whose weights have the same names
   * @throws dev.hlotune.trainer.source.DataException if one is missing, of another shape, or of no
   *     use to the model
   */
  public static List<ShardedBuffer> load(
      Storage storage, ParamMap<ParameterSpec> specs, CausalModel saved, ModelWeights files) {
    Map<String, TensorEntry> found = match(saved, files);
    ParamMap<ParameterSpec> savedSpecs = saved.parameters();
    return each(
        storage,
        specs.map(ParameterSpec::shape),
        (name, upload) -> {
          Shape wanted = specs.get(name).shape();
          Shape inFiles = savedSpecs.get(name).shape();
          long at = 0;
          for (Part part : parts(name, inFiles)) {
            TensorEntry tensor = found.get(part.name());
            if (tensor == null) {
              throw new IllegalStateException("a matched weight is gone: " + part.name());
            }
            upload.put(tensor.data(), tensor.type(), at);
            at += tensor.elementCount();
            if (!wanted.axes().equals(inFiles.axes())) {
              NewRows.put(upload, tensor, wanted);
            }
          }
        });
  }

  /** Puts numbers on the device, as the type of the shape. */
  public static ShardedBuffer transfer(Storage storage, float[] values, Shape shape) {
    List<Long> sizes = Arrays.stream(shape.sizes()).boxed().toList();
    TensorEntry tensor =
        TensorEntry.ofFloats("weight", sizes, values).as(ElementTypes.stored(shape.dtype()));
    return storage.put(tensor.data(), shape);
  }

  /** Weights read back, in the types they have on the device; in memory of {@code arena}. */
  public static List<TensorEntry> read(
      ParamMap<ParameterSpec> specs, List<ShardedBuffer> buffers, Arena arena) {
    List<TensorEntry> entries = new ArrayList<>();
    List<String> names = specs.names();
    for (int i = 0; i < names.size(); i++) {
      Shape shape = specs.get(names.get(i)).shape();
      MemorySegment memory = arena.allocate(Math.max(1, shape.bytes()), 64);
      buffers.get(i).gather(memory.asSlice(0, shape.bytes()));
      long at = 0;
      for (Part part : parts(names.get(i), shape)) {
        entries.add(
            new TensorEntry(
                part.name(),
                ElementTypes.stored(shape.dtype()),
                part.sizes(),
                memory.asSlice(at, part.bytes())));
        at += part.bytes();
      }
    }
    return entries;
  }

  /**
   * Weights as files have them, still where they lie: each is read when it is written.
   *
   * @param arrays one for each weight
   * @param types the type that a tensor has in the file, by its name there and the type it has on
   *     the device
   */
  public static List<WritableTensor> stored(
      ParamMap<ParameterSpec> specs,
      List<HeldArray> arrays,
      BiFunction<String, StorageType, StorageType> types) {
    List<WritableTensor> tensors = new ArrayList<>();
    List<String> names = specs.names();
    for (int i = 0; i < names.size(); i++) {
      Shape shape = specs.get(names.get(i)).shape();
      StorageType held = ElementTypes.stored(shape.dtype());
      long first = 0;
      for (Part part : parts(names.get(i), shape)) {
        tensors.add(
            new HeldTensor(
                part.name(),
                types.apply(part.name(), held),
                part.sizes(),
                arrays.get(i),
                held,
                first));
        first += part.bytes() / held.byteSize();
      }
    }
    return tensors;
  }

  /**
   * A tensor as a file has it.
   *
   * @param bytes where its elements are of the shape's type
   */
  public record Part(String name, List<Long> sizes, long bytes) {
    /** Keeps its own copy. */
    public Part {
      sizes = List.copyOf(sizes);
    }
  }

  /** The tensors that files have in place of a weight: one for each layer where it is stacked. */
  public static List<Part> parts(String name, Shape shape) {
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

  /** Names in files of the linear layers' weights that are stored {@code [in, out]}. */
  public static Set<String> inputsFirst(ParamMap<ParameterSpec> specs) {
    Set<String> names = new HashSet<>();
    specs.stream()
        .filter(entry -> entry.getValue().isInputFirst())
        .forEach(entry ->
            parts(entry.getKey(), entry.getValue().shape())
                .forEach(part -> names.add(part.name())));
    return names;
  }

  private static Part part(String name, Shape shape) {
    return new Part(name, Arrays.stream(shape.sizes()).boxed().toList(), shape.bytes());
  }
}
