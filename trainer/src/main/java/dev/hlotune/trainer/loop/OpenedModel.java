package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.Program;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.EndTokens;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.generate.Generated;
import dev.hlotune.trainer.generate.GenerationDefaults;
import dev.hlotune.trainer.generate.GenerationEngine;
import dev.hlotune.trainer.generate.GenerationSettings;
import dev.hlotune.trainer.generate.PythonTool;
import dev.hlotune.trainer.generate.TokenSink;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.Tuning;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A model with its tokenizer and template, its weights on the device, ready to be asked. A model
 * directory, one of the hub, or either with an adapter; nothing is trained.
 */
public final class OpenedModel implements AutoCloseable {
  private final SftConfig config;
  private final Tuning tuning;
  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final GenerationDefaults defaults;
  private final ProgramCompiler compiler;
  private final List<DeviceBuffer> weights;
  private final GenerationEngine engine;

  private OpenedModel(
      SftConfig config,
      Tuning tuning,
      Tokenizer tokenizer,
      ChatTemplate template,
      GenerationDefaults defaults,
      ProgramCompiler compiler,
      List<DeviceBuffer> weights,
      RunObserver observer) {
    this.config = config;
    this.tuning = tuning;
    this.tokenizer = tokenizer;
    this.template = template;
    this.defaults = defaults;
    this.compiler = compiler;
    this.weights = weights;
    this.engine =
        new GenerationEngine(
            compiler.client(),
            program -> compile(program, observer),
            tuning,
            config.batch().evalBatchSize());
  }

  /**
   * Opens model and device and loads the weights; fetches what is on the hub.
   *
   * @param config model, tokenizer, template, {@code per_device_eval_batch_size}, machine; the rest
   *     is of no account
   * @param observer hears how it goes
   * @throws IOException if a file cannot be read
   * @throws dev.hlotune.trainer.source.DataException if the model cannot be used
   * @throws dev.hlotune.configs.ConfigException if the device has no room for it
   */
  public static OpenedModel open(SftConfig config, RunObserver observer) throws IOException {
    AtomicBoolean stop = new AtomicBoolean();
    SftConfig fetched = FetchedModel.of(config, System.getenv(), observer, stop).config();
    TunedModel tuned = TunedModel.frozen(fetched);
    Tokenizer tokenizer =
        Tokenizer.load(
            fetched.model().tokenizerPath(),
            Recipes.tokens(fetched.model().tokens()),
            fetched.machine().cacheRoot());
    Optional<Client> client = Optional.empty();
    try {
      ChatTemplate template = Templates.of(fetched.data(), tokenizer);
      GenerationDefaults defaults =
          GenerationDefaults.of(
              ModelDirectory.readGenerationConfig(fetched.model().modelDirectory())
                  .orElse(tuned.base().json()));
      client = Optional.of(Devices.open(fetched.machine(), observer, stop));
      MemoryNeed.ofPrograms(tuned, List.of(), 0).requireToScore(Devices.freeMemory(client.get()));
      ProgramCompiler compiler =
          new ProgramCompiler(
              client.get(),
              CompileOptions.singleDevice(),
              Optional.of(ExecutableCache.under(fetched.machine().cacheRoot())));
      observer.on(new RunEvent.Progressed("loading the model", 0, 0));
      List<DeviceBuffer> weights = tuned.weights(compiler, fetched.machine().seed());
      return new OpenedModel(
          fetched, tuned.tuning(), tokenizer, template, defaults, compiler, weights, observer);
    } catch (IOException | RuntimeException e) {
      client.ifPresent(Client::close);
      tokenizer.close();
      throw e;
    }
  }

  private DeviceProgram compile(Program program, RunObserver observer) {
    observer.on(new RunEvent.Progressed("compiling", 0, 0));
    return compiler.compile(program);
  }

  /** The configuration, what was on the hub replaced by where it was fetched to. */
  public SftConfig config() {
    return config;
  }

  /** The model as its weights are held. */
  public Tuning tuning() {
    return tuning;
  }

  /** The weights, in the order of the tuning; open as long as this is. */
  public List<DeviceBuffer> weights() {
    return List.copyOf(weights);
  }

  /** Compiles for the device, whose programs are kept in the cache. */
  public ProgramCompiler compiler() {
    return compiler;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  public ChatTemplate template() {
    return template;
  }

  /** What the model's own files say of generation. */
  public GenerationDefaults defaults() {
    return defaults;
  }

  /**
   * The tokens that end an answer: those that the model's files name, and those that the template
   * and the tokenizer end a turn and a text with; with nanochat's tokens also the one that begins a
   * text, as in nanochat.
   */
  public Set<Integer> ends() {
    Set<Integer> ends = new LinkedHashSet<>(defaults.ends());
    ends.addAll(EndTokens.of(template, tokenizer).ids());
    if (PythonTool.of(tokenizer).isPresent()) {
      tokenizer.bosToken().ifPresent(token -> tokenizer.idOf(token).ifPresent(ends::add));
    }
    return ends;
  }

  /** The most tokens of a prompt. */
  public int longestPrompt() {
    return engine.longestPrompt();
  }

  /**
   * Answers prompts of tokens, in their order.
   *
   * @param sink hears of tokens as they come
   * @param stop ends all answers where they are
   */
  public List<Generated> generate(
      List<int[]> prompts,
      GenerationSettings settings,
      Optional<TokenSink> sink,
      AtomicBoolean stop) {
    return engine.generate(weights, prompts, settings, sink, stop);
  }

  @Override
  public void close() {
    engine.close();
    weights.forEach(DeviceBuffer::close);
    compiler.client().close();
    tokenizer.close();
  }
}
