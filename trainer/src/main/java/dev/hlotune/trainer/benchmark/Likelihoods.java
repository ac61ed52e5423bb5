package dev.hlotune.trainer.benchmark;

import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.BucketCost;
import dev.hlotune.trainer.data.Example;
import dev.hlotune.trainer.data.Examples;
import dev.hlotune.trainer.data.LadderReport;
import dev.hlotune.trainer.data.LengthHistogram;
import dev.hlotune.trainer.data.PlanOptions;
import dev.hlotune.trainer.data.PlanStatistics;
import dev.hlotune.trainer.data.PlannedStep;
import dev.hlotune.trainer.loop.MeasuredModel;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.LogProbsProgram;
import dev.hlotune.trainer.step.StepCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How probable a model finds the ends of requests. All requests of all tasks are planned into one
 * set of shapes, which is compiled before anything runs.
 */
final class Likelihoods implements AutoCloseable {
  private final MeasuredModel model;
  private final RunObserver observer;
  private final boolean sharing;
  private final List<Sheet> sheets = new ArrayList<>();
  private final List<Integer> firsts = new ArrayList<>();
  private final double[] results;
  private final BatchPlan plan;
  private final StepCache programs;
  private long positions;

  private Likelihoods(
      MeasuredModel model, RunObserver observer, List<List<Request>> questions, boolean sharing)
      throws IOException {
    this.model = model;
    this.observer = observer;
    int requests = 0;
    for (List<Request> question : questions) {
      for (Sheet sheet : Sheet.of(question, sharing)) {
        sheets.add(sheet);
        firsts.add(requests);
        requests += sheet.requests().size();
      }
    }
    this.sharing = sheets.stream().anyMatch(sheet -> sheet.shared() > 0);
    this.results = new double[requests];
    sheets.forEach(sheet -> sheet.requests().forEach(this::check));
    this.plan = plan();
    this.programs = compiled();
  }

  /**
   * What came out.
   *
   * @param values of each request, in the order of the questions
   * @param requests how many there were
   * @param tokens in them, as if nothing were shared
   * @param positions that went through the model, padding included
   * @param seconds the model ran
   */
  @SuppressWarnings("ArrayRecordComponent") // One for each request of a run.
  record Measured(double[] values, int requests, long tokens, long positions, double seconds) {}

  /**
   * Plans requests and compiles what scores them.
   *
   * @param questions the requests of each question, which may begin alike; at least one
   * @throws DataException if a token is not the model's
   */
  static Likelihoods prepare(
      MeasuredModel model, RunObserver observer, List<List<Request>> questions) throws IOException {
    return prepare(model, observer, questions, model.sharesBeginnings());
  }

  static Likelihoods prepare(
      MeasuredModel model, RunObserver observer, List<List<Request>> questions, boolean sharing)
      throws IOException {
    return new Likelihoods(model, observer, questions, sharing);
  }

  private StepCache compiled() throws IOException {
    List<Bucket> buckets =
        plan.statistics().buckets().stream().map(PlanStatistics.BucketUse::bucket).toList();
    return model.compile(
        buckets,
        bucket ->
            sharing
                ? LogProbsProgram.sharing(model.tuning(), bucket)
                : LogProbsProgram.of(model.tuning(), bucket));
  }

  /**
   * Scores them.
   *
   * @throws DataException if a likelihood is no number
   */
  Measured run(List<ShardedBuffer> weights) {
    long tokens = 0;
    for (Sheet sheet : sheets) {
      tokens += sheet.requests().stream().mapToLong(Request::length).sum();
    }
    long start = System.nanoTime();
    score(weights);
    return new Measured(
        results, results.length, tokens, positions, (System.nanoTime() - start) / 1e9);
  }

  private void check(Request request) {
    for (int token : request.tokens()) {
      if (token >= model.vocabulary()) {
        throw new DataException(
            model.tokenizer().directory(),
            "token %d: expected a token of the model, which knows %d; is it the model's tokenizer?"
                .formatted(token, model.vocabulary()));
      }
    }
  }

  /** Several sheets to a row or one, whichever costs less, compilation included. */
  private BatchPlan plan() {
    Examples lengths = new Lengths(sheets);
    LengthHistogram histogram = LengthHistogram.of(lengths);
    BucketCost cost = BucketCost.forWidth(model.width());
    int longest = Math.max(2, histogram.longest());
    LadderReport packed =
        LadderReport.packed(histogram, model.batchSize(), longest, model.maxBuckets(), cost);
    LadderReport unpacked =
        LadderReport.unpacked(histogram, model.batchSize(), longest, model.maxBuckets(), 1, cost);
    LadderReport chosen = packed.choice().cost() < unpacked.choice().cost() ? packed : unpacked;
    return BatchPlan.of(lengths, chosen.ladder(), PlanOptions.evaluation(chosen.packed()));
  }

  private void score(List<ShardedBuffer> weights) {
    int done = 0;
    for (PlannedStep step : plan.epoch(0)) {
      SheetBatch batch = new SheetBatch(step.bucket(), sharing);
      for (int row = 0; row < step.rows().length; row++) {
        batch.row(row);
        for (int index : step.rows()[row]) {
          batch.put(sheets.get(index));
        }
      }
      List<ShardedBuffer> inputs = new ArrayList<>(weights);
      DeviceProgram program = programs.get(step.bucket());
      List<ShardedBuffer> given = batch.toDevices(program.devices());
      inputs.addAll(given);
      List<ShardedBuffer> outputs = program.run(inputs);
      given.forEach(ShardedBuffer::close);
      try (ShardedBuffer values = outputs.getFirst()) {
        done += take(values.readFloats(), step);
      }
      positions += step.bucket().tokens();
      observer.on(new RunEvent.Progressed("scoring", done, results.length));
    }
  }

  /** How many requests it was. */
  private int take(float[] values, PlannedStep step) {
    int count = 0;
    for (int row = 0; row < step.rows().length; row++) {
      int at = row * step.bucket().length();
      for (int index : step.rows()[row]) {
        Sheet sheet = sheets.get(index);
        double[] sums = SheetBatch.sums(sheet, values, at);
        for (double sum : sums) {
          if (!Double.isFinite(sum)) {
            throw new DataException(
                "log-likelihood: expected a number, got %s; look at the model's weights, or compute in float32"
                    .formatted(sum));
          }
        }
        System.arraycopy(sums, 0, results, firsts.get(index), sums.length);
        count += sums.length;
        at += sheet.length();
      }
    }
    return count;
  }

  @Override
  public void close() {
    programs.close();
  }

  /** Sheets as a plan sees them: by their lengths. */
  private record Lengths(List<Sheet> sheets) implements Examples {
    @Override
    public int size() {
      return sheets.size();
    }

    @Override
    public int length(int index) {
      return sheets.get(index).length();
    }

    @Override
    public Example get(int index) {
      int length = length(index);
      return new Example(new int[length], new float[length]);
    }
  }
}
