package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.Program;
import dev.hlotune.pjrt.Client;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.ModelMesh;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.StepCache;
import dev.hlotune.trainer.step.Tuning;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * What a run stands on, for a command that looks at a recipe and trains nothing: the model, the
 * training examples in their batches, and a device. All of it is opened as a run opens it.
 */
public final class OpenedRun implements AutoCloseable {
  private final RecipeInputs inputs;
  private final DataSets data;
  private final Client client;
  private final RunObserver observer;
  private final AtomicBoolean stop;

  private OpenedRun(RecipeInputs inputs, Client client, RunObserver observer, AtomicBoolean stop) {
    this.inputs = inputs;
    this.data = inputs.data().orElseThrow();
    this.client = client;
    this.observer = observer;
    this.stop = stop;
  }

  /**
   * Reads the model's configuration, fetching what is on the hub, prepares the data, plans its
   * batches and opens the device.
   *
   * @param stop set by another thread to give up
   * @throws IOException if a file cannot be read or written
   * @throws java.util.concurrent.CancellationException if asked to stop meanwhile
   */
  public static OpenedRun open(SftConfig config, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    RecipeInputs inputs = RecipeInputs.open(config.onOneDevice(), observer, stop);
    try {
      return new OpenedRun(
          inputs, Devices.open(inputs.config().machine(), observer, stop), observer, stop);
    } catch (RuntimeException e) {
      inputs.close();
      throw e;
    }
  }

  /** The model, in the layout that the recipe asks for, and what is trained of it. */
  public Tuning tuning() {
    return inputs.tuned().tuning();
  }

  /** The size of the model's residual stream. */
  public int width() {
    return inputs.tuned().base().width();
  }

  /** The batches of training examples. */
  public BatchPlan plan() {
    return data.plan();
  }

  /** Where a training example was read. */
  public Origin origin(int index) {
    return data.train().origin(index);
  }

  /** The device, open as long as this is. */
  public Client client() {
    return client;
  }

  /**
   * Compiles a program for each bucket, or finds it in the cache, and looks whether the device has
   * room for the weights and the largest of them.
   *
   * @param besides bytes of device memory that are needed besides
   * @throws dev.hlotune.configs.ConfigException if there is not enough memory
   */
  public StepCache compile(List<Bucket> buckets, Function<Bucket, Program> program, long besides)
      throws IOException {
    CompileQueue queue = new CompileQueue(compiler(), buckets.size(), observer, stop);
    try {
      Map<Bucket, DeviceProgram> programs = new LinkedHashMap<>();
      for (Bucket bucket : buckets) {
        programs.put(bucket, queue.compile(program.apply(bucket)));
      }
      MemoryNeed.ofPrograms(inputs.tuned(), programs.values(), compiler().mesh(), besides)
          .require(Devices.freeMemory(client));
      return new StepCache(programs);
    } catch (IOException | RuntimeException e) {
      queue.abandon();
      throw e;
    }
  }

  private ProgramCompiler compiler() {
    return ProgramCompiler.cached(ModelMesh.single(client), inputs.config().machine().cacheRoot());
  }

  /** Puts the weights on the device: those of the model, or random ones by the recipe's seed. */
  public List<ShardedBuffer> weights() throws IOException {
    return inputs.tuned().weights(compiler(), inputs.config().machine().seed());
  }

  @Override
  public void close() {
    client.close();
    inputs.close();
  }
}
