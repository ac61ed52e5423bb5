package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.Program;
import dev.hlotune.pjrt.Client;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.Tokenizer;
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
import org.jspecify.annotations.Nullable;

/**
 * A model with its tokenizer, opened to be measured: nothing is trained. The device is opened when
 * it is first asked for, so that what is wrong with files is known before. For one thread.
 */
public final class MeasuredModel implements AutoCloseable {
  private final SftConfig config;
  private final TunedModel tuned;
  private final Tokenizer tokenizer;
  private final RunObserver observer;
  private final AtomicBoolean stop = new AtomicBoolean();
  private @Nullable Client client;

  private MeasuredModel(
      SftConfig config, TunedModel tuned, Tokenizer tokenizer, RunObserver observer) {
    this.config = config;
    this.tuned = tuned;
    this.tokenizer = tokenizer;
    this.observer = observer;
  }

  /**
   * Reads the model's configuration and its tokenizer, and looks at its weights; fetches what is on
   * the hub.
   *
   * @param config model, tokenizer, template, batch sizes and machine; the rest is of no account
   * @param observer hears how it goes
   * @throws IOException if a file cannot be read or written
   * @throws dev.hlotune.trainer.source.DataException if the model cannot be used, or has no weights
   */
  public static MeasuredModel open(SftConfig config, RunObserver observer) throws IOException {
    SftConfig fetched =
        FetchedModel.of(config.onOneDevice(), System.getenv(), observer, new AtomicBoolean())
            .config();
    return new MeasuredModel(
        fetched,
        TunedModel.frozen(fetched),
        Tokenizer.load(
            fetched.model().tokenizerPath(),
            Recipes.tokens(fetched.model().tokens()),
            fetched.machine().cacheRoot()),
        observer);
  }

  /** What it was opened by, with paths in place of ids of the hub. */
  public SftConfig config() {
    return config;
  }

  /** The model, perhaps with an adapter, in the layout that the configuration asks for. */
  public Tuning tuning() {
    return tuned.tuning();
  }

  /** Encodes text; open as long as this is. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * The chat template that the configuration names, or the tokenizer's own.
   *
   * @throws dev.hlotune.trainer.source.DataException if there is none of that name, or a file
   *     cannot be read
   */
  public ChatTemplate template() {
    return Templates.of(config.data(), tokenizer);
  }

  /** The size of the model's residual stream. */
  public int width() {
    return tuned.base().width();
  }

  /** How many tokens the model knows. */
  public int vocabulary() {
    return tuned.base().model().vocabulary();
  }

  /** The longest text that the model has positions for, in tokens. */
  public int maxPositions() {
    return tuned.base().model().maxPositions();
  }

  /**
   * Whether states of a text do not depend on what follows it, so that texts that begin alike can
   * share them. LongRoPE's do: it turns all positions of a long text by other angles.
   */
  public boolean sharesBeginnings() {
    return !String.valueOf(json().get("rope_scaling")).contains("longrope")
        && !String.valueOf(json().get("rope_parameters")).contains("longrope");
  }

  /** Rows of the longest shape that go through the model at a time. */
  public int batchSize() {
    return config.batch().evalBatchSize();
  }

  /** The most shapes to compile. */
  public int maxBuckets() {
    return config.batch().maxBuckets();
  }

  /** The device, open as long as this is. */
  public Client client() {
    if (client == null) {
      client = Devices.open(config.machine(), observer, stop);
    }
    return client;
  }

  /**
   * Compiles a program for each bucket, or finds it in the cache, and looks whether the device has
   * room for the weights and the largest of them.
   *
   * @throws ConfigException if there is not enough memory
   */
  public StepCache compile(List<Bucket> buckets, Function<Bucket, Program> program)
      throws IOException {
    CompileQueue queue = new CompileQueue(compiler(), buckets.size(), observer, stop);
    try {
      Map<Bucket, DeviceProgram> programs = new LinkedHashMap<>();
      for (Bucket bucket : buckets) {
        programs.put(bucket, queue.compile(program.apply(bucket)));
      }
      MemoryNeed.ofPrograms(tuned, programs.values(), compiler().mesh(), 0)
          .requireToScore(Devices.freeMemory(client()));
      return new StepCache(programs);
    } catch (IOException | RuntimeException e) {
      queue.abandon();
      throw e;
    }
  }

  /** What the model's {@code config.json} says. */
  Map<String, Object> json() {
    return tuned.base().json();
  }

  /**
   * Looks whether the device has room for the weights.
   *
   * @throws ConfigException if it has not
   */
  void requireRoom() throws IOException {
    MemoryNeed.ofPrograms(tuned, List.of(), compiler().mesh(), 0)
        .requireToScore(Devices.freeMemory(client()));
  }

  /** Compiles one program, or finds it in the cache; the caller closes it. */
  public DeviceProgram compile(Program program) {
    observer.on(new RunEvent.Progressed("compiling", 0, 0));
    return compiler().compile(program);
  }

  /** Puts the weights on the device, in the type in which the model runs. */
  public List<ShardedBuffer> weights() throws IOException {
    return tuned.weights(compiler(), config.machine().seed());
  }

  /** The device as programs take it. */
  public DeviceMesh devices() {
    return DeviceMesh.single(client());
  }

  private ProgramCompiler compiler() {
    return ProgramCompiler.cached(ModelMesh.single(client()), config.machine().cacheRoot());
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    tokenizer.close();
  }
}
