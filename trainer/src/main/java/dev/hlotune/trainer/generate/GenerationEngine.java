package dev.hlotune.trainer.generate;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.hlo.Program;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.Tuning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers prompts with a model: prompts are run whole, then a token at a time with the keys and
 * values of what stands before. Weights belong to the caller, so a model that is being trained can
 * be asked. Shapes are compiled before they run; the same ones are used again.
 */
public final class GenerationEngine implements AutoCloseable {
  private final DeviceMesh devices;
  private final Tuning tuning;
  private final GenerationPrograms programs;
  private final int rows;

  /**
   * An engine that has compiled nothing yet.
   *
   * @param devices that the weights are on
   * @param compile compiles a program that takes and gives the same on all devices, but for the
   *     weights; it is closed with the engine
   * @param tuning the model as its weights are held
   * @param rows the most prompts at a time
   */
  public GenerationEngine(
      DeviceMesh devices, Function<Program, DeviceProgram> compile, Tuning tuning, int rows) {
    if (rows < 1) {
      throw ConfigException.of(
          "'per_device_eval_batch_size': expected a whole number from 1, got " + rows);
    }
    this.devices = devices;
    this.tuning = tuning;
    this.programs = new GenerationPrograms(tuning, compile);
    this.rows = rows;
  }

  /** The most tokens of a prompt: there is room for one of an answer. */
  public int longestPrompt() {
    return tuning.model().maxPositions() - 1;
  }

  /** How many programs would be compiled for prompts of these lengths. */
  public int missing(List<Integer> lengths, GenerationSettings settings) {
    return programs.missing(plan(lengths, settings).shapes(), change(settings)).size();
  }

  /**
   * The programs that an engine compiles for prompts of these lengths, by name, each made when it
   * is asked for: {@code prefill_…} runs prompts, {@code decode_…} gives one more token. No device
   * is needed.
   *
   * @param rows the most prompts at a time
   */
  public static Map<String, Supplier<Program>> programs(
      Tuning tuning, int rows, List<Integer> lengths, GenerationSettings settings) {
    GenerationPrograms programs =
        new GenerationPrograms(
            tuning,
            program -> {
              throw new IllegalStateException(program.name() + ": expected no device");
            });
    Map<String, Supplier<Program>> named = new LinkedHashMap<>();
    List<GenerationShape> shapes =
        GenerationPlan.of(lengths, settings.maxNewTokens(), tuning.model().maxPositions(), rows)
            .shapes();
    for (GenerationPrograms.Key key :
        programs.missing(
            shapes, LogitsChange.of(settings.sampling(), tuning.model().vocabulary()))) {
      named.put(key.name(), () -> programs.program(key));
    }
    return named;
  }

  /** Compiles what prompts of these lengths need, where it is not there. */
  public void prepare(List<Integer> lengths, GenerationSettings settings) {
    programs.prepare(plan(lengths, settings).shapes(), change(settings));
  }

  /** All that was compiled so far. */
  public List<DeviceProgram> programs() {
    return programs.all();
  }

  /**
   * Answers prompts; what has to be compiled for it is compiled first.
   *
   * @param weights in the order of the tuning
   * @param prompts token ids, at least one each
   * @param sink hears of tokens as they come; where there is none, the device is asked less often
   * @param stop ends all answers where they are
   * @return an answer for each prompt, in their order
   * @throws ConfigException if a prompt is empty, longer than the model has positions for, or has
   *     tokens that the model has not
   */
  public List<Generated> generate(
      List<ShardedBuffer> weights,
      List<int[]> prompts,
      GenerationSettings settings,
      Optional<TokenSink> sink,
      AtomicBoolean stop) {
    List<Integer> lengths = prompts.stream().map(prompt -> prompt.length).toList();
    requireKnown(prompts);
    GenerationPlan plan = plan(lengths, settings);
    programs.prepare(plan.shapes(), change(settings));
    Generated[] results = new Generated[prompts.size()];
    try (SamplerInputs inputs = SamplerInputs.of(devices, tuning.model(), settings)) {
      for (GenerationPlan.Batch batch : plan.batches()) {
        List<GeneratedRow> some = new ArrayList<>();
        for (int number : batch.prompts()) {
          int[] prompt = prompts.get(number);
          int most = Math.min(settings.maxNewTokens(), longestPrompt() + 1 - prompt.length);
          some.add(new GeneratedRow(number, prompt, most, settings));
        }
        new BatchRun(devices, programs, weights, inputs, batch.shape(), some, sink, stop).run();
        some.forEach(row -> results[row.number()] = row.result());
      }
    }
    return List.of(results);
  }

  private void requireKnown(List<int[]> prompts) {
    int words = tuning.model().vocabulary();
    for (int[] prompt : prompts) {
      for (int token : prompt) {
        if (token < 0 || token >= words) {
          throw ConfigException.of(
              "prompt: expected token ids below the model's %d, got %d; is the tokenizer that of the model?"
                  .formatted(words, token));
        }
      }
    }
  }

  private GenerationPlan plan(List<Integer> lengths, GenerationSettings settings) {
    for (int i = 0; i < lengths.size(); i++) {
      if (lengths.get(i) < 1 || lengths.get(i) > longestPrompt()) {
        throw ConfigException.of(
            "prompt%s: expected 1 to %d tokens, as the model has %d positions, got %d"
                .formatted(
                    lengths.size() == 1 ? "" : " " + (i + 1),
                    longestPrompt(),
                    longestPrompt() + 1,
                    lengths.get(i)));
      }
    }
    return GenerationPlan.of(lengths, settings.maxNewTokens(), longestPrompt() + 1, rows);
  }

  private LogitsChange change(GenerationSettings settings) {
    return LogitsChange.of(settings.sampling(), tuning.model().vocabulary());
  }

  @Override
  public void close() {
    programs.close();
  }
}
