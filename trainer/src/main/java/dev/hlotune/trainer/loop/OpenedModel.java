package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.sharding.ShardedBuffer;
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
  private final MeasuredModel model;
  private final ChatTemplate template;
  private final GenerationDefaults defaults;
  private final List<ShardedBuffer> weights;
  private final GenerationEngine engine;

  private OpenedModel(
      MeasuredModel model,
      ChatTemplate template,
      GenerationDefaults defaults,
      List<ShardedBuffer> weights) {
    this.model = model;
    this.template = template;
    this.defaults = defaults;
    this.weights = weights;
    this.engine =
        new GenerationEngine(model.devices(), model::compile, model.tuning(), model.batchSize());
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
    MeasuredModel model = MeasuredModel.open(config, observer);
    try {
      ChatTemplate template = model.template();
      GenerationDefaults defaults =
          GenerationDefaults.of(
              ModelDirectory.readGenerationConfig(model.config().model().modelDirectory())
                  .orElse(model.json()));
      model.requireRoom();
      observer.on(new RunEvent.Progressed("loading the model", 0, 0));
      return new OpenedModel(model, template, defaults, model.weights());
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  public Tokenizer tokenizer() {
    return model.tokenizer();
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
    Tokenizer tokenizer = model.tokenizer();
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
    weights.forEach(ShardedBuffer::close);
    model.close();
  }
}
