package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.pjrt.Client;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import dev.hlotune.trainer.step.HeldArray;
import dev.hlotune.trainer.step.ModelMesh;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.StateFile;
import dev.hlotune.trainer.step.Tuning;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a run of a recipe would begin with: its programs, and the weights that go into them. */
public final class RecipeStart implements AutoCloseable {
  /** Takes the weights, which are read from where they lie as they are written. */
  @FunctionalInterface
  public interface WeightSink {
    /** Writes them. */
    void write(List<WritableTensor> weights) throws IOException;
  }

  private final RecipeInputs inputs;
  private final RecipePrograms programs;
  private final RunObserver observer;
  private final AtomicBoolean stop;

  private RecipeStart(RecipeInputs inputs, RunObserver observer, AtomicBoolean stop) {
    this.inputs = inputs;
    this.programs = RecipePrograms.of(inputs);
    this.observer = observer;
    this.stop = stop;
  }

  /**
   * Opens a recipe's model and, where it names any, its data; fetches what is on the hub.
   *
   * @param config on the devices of its mesh, so that batches have rows for all of them
   * @param weights whether the weights will be asked for
   * @throws IOException if a file cannot be read or written
   * @throws java.util.concurrent.CancellationException if asked to stop meanwhile
   */
  public static RecipeStart open(
      SftConfig config, boolean weights, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    RecipeInputs inputs =
        weights
            ? RecipeInputs.withWeights(config, observer, stop)
            : RecipeInputs.describe(config, observer, stop);
    try {
      return new RecipeStart(inputs, observer, stop);
    } catch (RuntimeException e) {
      inputs.close();
      throw e;
    }
  }

  /** The programs that a run would compile. */
  public RecipePrograms programs() {
    return programs;
  }

  /** The model where nothing of it is trained: weights in the type that it computes in. */
  public Tuning frozen() {
    return inputs.tuned().frozen().tuning();
  }

  /** The type of the model, as its configuration says it. */
  public String modelType() {
    return String.valueOf(inputs.tuned().base().json().get("model_type"));
  }

  /** Whether the model comes with weights; without, they are drawn by the recipe's seed. */
  public boolean hasWeights() {
    return inputs.tuned().base().hasWeights();
  }

  /**
   * Puts the weights on a device of the recipe's machine and gives them to be written, under the
   * names that the programs have for them.
   *
   * @param frozen whether they are those of {@link #frozen}
   * @return which plugin had them
   * @throws IOException if a file cannot be read or written
   */
  public String weights(boolean frozen, WeightSink sink) throws IOException {
    TunedModel tuned = frozen ? inputs.tuned().frozen() : inputs.tuned();
    SftConfig config = inputs.config();
    try (Client client = Devices.open(config.machine(), observer, stop)) {
      List<ShardedBuffer> buffers =
          tuned.weights(
              ProgramCompiler.cached(ModelMesh.single(client), config.machine().cacheRoot()),
              config.machine().seed());
      try {
        sink.write(
            StateFile.tensors(
                "",
                tuned.tuning().parameters().map(ParameterSpec::shape),
                HeldArray.onDevice(buffers)));
      } finally {
        buffers.forEach(ShardedBuffer::close);
      }
      return client.plugin().identity();
    }
  }

  @Override
  public void close() {
    inputs.close();
  }
}
