package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.StepCache;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * What a run stands on, for a command that looks at a recipe and trains nothing: the model, the
 * training examples in their batches, and a device. All of it is opened as a run opens it.
 */
public final class OpenedRun implements AutoCloseable {
  private final SftConfig config;
  private final BaseModel base;
  private final DataSets data;
  private final Client client;
  private final RunObserver observer;
  private final AtomicBoolean stop;

  private OpenedRun(
      SftConfig config,
      BaseModel base,
      DataSets data,
      Client client,
      RunObserver observer,
      AtomicBoolean stop) {
    this.config = config;
    this.base = base;
    this.data = data;
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
    SftConfig fetched = FetchedModel.of(config, System.getenv(), observer, stop).config();
    BaseModel base = BaseModel.open(fetched);
    Tokenizer tokenizer =
        Tokenizer.load(
            fetched.model().tokenizerPath(),
            Recipes.tokens(fetched.model().tokens()),
            fetched.machine().cacheRoot());
    try {
      return open(
          fetched, TokenRows.add(fetched, base, tokenizer, observer), tokenizer, observer, stop);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static OpenedRun open(
      SftConfig config,
      BaseModel base,
      Tokenizer tokenizer,
      RunObserver observer,
      AtomicBoolean stop) {
    DataSets data =
        DataSets.open(
            config,
            tokenizer,
            base.model().vocabulary(),
            base.width(),
            config.machine().cacheRoot(),
            observer,
            stop);
    try {
      return new OpenedRun(
          config, base, data, Devices.open(config.machine(), observer, stop), observer, stop);
    } catch (RuntimeException e) {
      data.close();
      throw e;
    }
  }

  /** The model, in the layout that the recipe asks for. */
  public CausalModel model() {
    return base.model();
  }

  /** The size of the model's residual stream. */
  public int width() {
    return base.width();
  }

  /** The type in which the model runs. */
  public DType compute() {
    return Recipes.compute(config.model());
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
    ProgramCompiler compiler =
        new ProgramCompiler(
            client,
            CompileOptions.singleDevice(),
            Optional.of(ExecutableCache.under(config.machine().cacheRoot())));
    CompileQueue queue = new CompileQueue(compiler, buckets.size(), observer, stop);
    try {
      Map<Bucket, DeviceProgram> programs = new LinkedHashMap<>();
      for (Bucket bucket : buckets) {
        programs.put(bucket, queue.compile(program.apply(bucket)));
      }
      MemoryNeed.ofPrograms(base.model(), programs.values(), besides)
          .require(Devices.freeMemory(client));
      return new StepCache(programs);
    } catch (IOException | RuntimeException e) {
      queue.abandon();
      throw e;
    }
  }

  /** Puts the weights on the device: those of the model, or random ones by the recipe's seed. */
  public List<DeviceBuffer> weights() throws IOException {
    return base.weights(client, config.machine().seed());
  }

  @Override
  public void close() {
    client.close();
    data.close();
    data.tokenizer().close();
  }
}
