package dev.hlotune.trainer.eval;

import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.LoadedBatch;
import dev.hlotune.trainer.data.Loader;
import dev.hlotune.trainer.data.PlannedStep;
import dev.hlotune.trainer.step.BatchTransfer;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.StepCache;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The loss on examples that are not trained on: Σ w·loss / Σ w over all of them, whatever batches
 * they come in.
 *
 * @param loss the mean over supervised tokens
 * @param supervised how many there were
 * @param bitsPerByte Σ w·loss / (ln 2 · Σ w·bytes) over supervised tokens that are text, as
 *     nanochat measures it: special tokens count neither above nor below; empty where there is no
 *     text
 * @param sets the loss of each data set by its name, where there are several
 */
public record HeldOutLoss(
    double loss, long supervised, OptionalDouble bitsPerByte, Map<String, Double> sets) {
  private static final int AHEAD = 2;

  /** Copies the map. */
  public HeldOutLoss {
    sets = Collections.unmodifiableMap(new LinkedHashMap<>(sets));
  }

  /**
   * What {@code metrics.jsonl} says beside {@code eval_loss}, by its keys: {@code eval_perplexity},
   * {@code eval_bits_per_byte} and {@code eval_NAME_loss}.
   */
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("eval_perplexity", Math.exp(loss));
    bitsPerByte.ifPresent(bits -> figures.put("eval_bits_per_byte", bits));
    sets.forEach((name, own) -> figures.put("eval_" + name + "_loss", own));
    return figures;
  }

  /**
   * Measures it; empty if it was asked to stop meanwhile.
   *
   * @param programs {@link dev.hlotune.trainer.step.LogProbsProgram}s by bucket
   * @param weights the model's weights, which stay
   * @param tokenBytes of every token, see {@link TokenBytes}
   * @param sets which examples are told apart
   */
  public static Optional<HeldOutLoss> measure(
      StepCache programs,
      List<ShardedBuffer> weights,
      BatchPlan plan,
      int[] tokenBytes,
      HeldOutSets sets,
      AtomicBoolean stop) {
    Sums sums = new Sums(tokenBytes, sets);
    List<PlannedStep> steps = plan.epoch(0);
    int number = 0;
    try (Loader loader = Loader.epoch(plan, AHEAD)) {
      while (loader.hasNext()) {
        if (stop.get()) {
          return Optional.empty();
        }
        LoadedBatch loaded = loader.next();
        DeviceProgram program = programs.get(loaded.batch().bucket());
        List<ShardedBuffer> inputs = new ArrayList<>(weights);
        List<ShardedBuffer> batch = BatchTransfer.toDevices(program, loaded.batch());
        inputs.addAll(batch);
        List<ShardedBuffer> outputs = program.run(inputs);
        batch.forEach(ShardedBuffer::close);
        try (ShardedBuffer values = outputs.getFirst()) {
          sums.add(values.readFloats(), loaded.batch(), plan, steps.get(number++));
        }
      }
    }
    return Optional.of(sums.result());
  }

  /** What is added up. */
  private static final class Sums {
    private final int[] tokenBytes;
    private final HeldOutSets sets;
    private final double[] losses;
    private final double[] weights;
    private double textLoss;
    private double bytes;
    private long supervised;

    Sums(int[] tokenBytes, HeldOutSets sets) {
      this.tokenBytes = tokenBytes;
      this.sets = sets;
      this.losses = new double[Math.max(1, sets.names().size())];
      this.weights = new double[losses.length];
    }

    void add(float[] values, Batch batch, BatchPlan plan, PlannedStep step) {
      for (int row = 0; row < step.rows().length; row++) {
        int at = row * step.bucket().length();
        for (int example : step.rows()[row]) {
          int end = at + plan.examples().length(example);
          int set = sets.setOf().applyAsInt(example);
          for (; at < end; at++) {
            add(values[at], batch.weights()[at], batch.targets()[at], set);
          }
        }
      }
    }

    private void add(double logprob, double weight, int target, int set) {
      if (weight == 0) {
        return;
      }
      losses[set] -= weight * logprob;
      weights[set] += weight;
      supervised++;
      if (tokenBytes[target] > 0) {
        textLoss -= weight * logprob;
        bytes += weight * tokenBytes[target];
      }
    }

    HeldOutLoss result() {
      double loss = 0;
      double weight = 0;
      Map<String, Double> own = new LinkedHashMap<>();
      for (int set = 0; set < losses.length; set++) {
        loss += losses[set];
        weight += weights[set];
        if (weights[set] != 0 && !sets.names().isEmpty()) {
          own.put(sets.names().get(set), losses[set] / weights[set]);
        }
      }
      return new HeldOutLoss(
          weight == 0 ? 0 : loss / weight,
          supervised,
          bytes == 0 ? OptionalDouble.empty() : OptionalDouble.of(textLoss / (Math.log(2) * bytes)),
          own);
    }
  }
}
