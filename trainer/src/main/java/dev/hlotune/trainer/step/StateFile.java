package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.Storage;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import dev.hlotune.trainer.checkpoint.SafetensorsWriter;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The file {@code optimizer.safetensors} of a checkpoint: the optimizer's state under the names it
 * has in the program, and, where the model's own files do not hold them as they are trained, the
 * trained weights, with {@code weights.} before their names. Every tensor is as it lies on the
 * device, layers stacked where they are.
 */
public final class StateFile {
  /** Its name. */
  public static final String NAME = "optimizer.safetensors";

  private static final String WEIGHTS = "weights.";

  private StateFile() {}

  /**
   * Writes it.
   *
   * @param weights whether trained weights go into it
   */
  public static void write(Path path, Training training, HeldState state, boolean weights)
      throws IOException {
    List<WritableTensor> tensors = new ArrayList<>();
    add(tensors, "", TrainProgram.state(training), state.optimizer());
    if (weights) {
      ParamMap<HeldArray> held =
          ParamMap.zip(training.tuning().parameters().names(), state.weights());
      ParamMap<Shape> shapes = masters(training.tuning());
      add(tensors, WEIGHTS, shapes, held.subset(shapes.names()).values());
    }
    SafetensorsWriter.write(path, tensors);
  }

  private static void add(
      List<WritableTensor> tensors, String prefix, ParamMap<Shape> shapes, List<HeldArray> arrays) {
    tensors.addAll(tensors(prefix, shapes, arrays));
  }

  /**
   * Arrays as they lie on the device, layers stacked where they are; each is read when it is
   * written.
   *
   * @param prefix goes before the names
   * @param arrays one for each shape
   */
  public static List<WritableTensor> tensors(
      String prefix, ParamMap<Shape> shapes, List<HeldArray> arrays) {
    List<WritableTensor> tensors = new ArrayList<>();
    List<String> names = shapes.names();
    for (int i = 0; i < names.size(); i++) {
      Shape shape = shapes.get(names.get(i));
      tensors.add(
          new HeldTensor(
              prefix + names.get(i),
              ElementTypes.stored(shape.dtype()),
              sizes(shape),
              arrays.get(i),
              ElementTypes.stored(shape.dtype()),
              0));
    }
    return tensors;
  }

  /** The weights that any stage of a run trains. */
  public static ParamMap<Shape> masters(Tuning tuning) {
    return tuning
        .parameters()
        .subset((name, _) -> tuning.masters().contains(name))
        .map(ParameterSpec::shape);
  }

  /** Whether a file has the trained weights. */
  public static boolean hasWeights(SafetensorsFile file) {
    return file.tensors().keySet().stream().anyMatch(name -> name.startsWith(WEIGHTS));
  }

  /**
   * The trained weights of a file, on the device.
   *
   * @param shapes as {@link #masters} gives them
   * @throws DataException if one is missing or of another shape or type
   */
  public static List<ShardedBuffer> weights(
      Storage storage, SafetensorsFile file, ParamMap<Shape> shapes) {
    return read(storage, file, WEIGHTS, shapes);
  }

  /**
   * The optimizer's state of a file, on the device.
   *
   * @throws DataException if a piece is missing or of another shape or type
   */
  public static List<ShardedBuffer> optimizer(
      Storage storage, SafetensorsFile file, Training training) {
    return read(storage, file, "", TrainProgram.state(training));
  }

  private static List<ShardedBuffer> read(
      Storage storage, SafetensorsFile file, String prefix, ParamMap<Shape> shapes) {
    shapes.stream()
        .forEach(entry -> {
          TensorEntry tensor = file.tensor(prefix + entry.getKey());
          Shape shape = entry.getValue();
          if (tensor.type() != ElementTypes.stored(shape.dtype())
              || !tensor.shape().equals(sizes(shape))) {
            throw new DataException(
                file.path(),
                "checkpoint: expected '%s' to be %s %s, got %s %s; it is of another model or optimizer"
                    .formatted(
                        tensor.name(),
                        ElementTypes.stored(shape.dtype()),
                        sizes(shape),
                        tensor.type(),
                        tensor.shape()));
          }
        });
    return Weights.copies(storage, shapes, name -> file.tensor(prefix + name));
  }

  private static List<Long> sizes(Shape shape) {
    return Arrays.stream(shape.sizes()).boxed().toList();
  }
}
