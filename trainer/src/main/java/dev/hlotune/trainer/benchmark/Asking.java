package dev.hlotune.trainer.benchmark;

import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.generate.GenerationEngine;
import dev.hlotune.trainer.loop.MeasuredModel;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a model what was prepared: all choices first, then what is answered in words. */
final class Asking {
  private final MeasuredModel model;
  private final RunObserver observer;
  private final List<Prepared> choosing;
  private final List<PreparedAnswers> answering;
  private BenchmarkResult.Work work = new BenchmarkResult.Work(0, 0, 0, 0, 0, 0);

  Asking(
      MeasuredModel model,
      RunObserver observer,
      List<Prepared> choosing,
      List<PreparedAnswers> answering) {
    this.model = model;
    this.observer = observer;
    this.choosing = List.copyOf(choosing);
    this.answering = List.copyOf(answering);
  }

  /** Compiles, loads the weights and asks. */
  List<TaskResult> run() throws IOException {
    List<List<Request>> requests =
        choosing.stream()
            .flatMap(task -> task.questions().stream().map(Prepared.Asked::requests))
            .toList();
    Optional<Likelihoods> likelihoods = Optional.empty();
    try (GenerationEngine engine =
        new GenerationEngine(model.devices(), model::compile, model.tuning(), model.batchSize())) {
      if (!requests.isEmpty()) {
        likelihoods = Optional.of(Likelihoods.prepare(model, observer, requests));
      }
      answering.forEach(task -> engine.prepare(task.lengths(), task.settings()));
      observer.on(new RunEvent.Progressed("loading the model", 0, 0));
      List<ShardedBuffer> weights = model.weights();
      try {
        List<TaskResult> results = new ArrayList<>();
        likelihoods.ifPresent(scoring -> score(scoring, weights, results));
        answer(engine, weights, results);
        return results;
      } finally {
        weights.forEach(ShardedBuffer::close);
      }
    } finally {
      likelihoods.ifPresent(Likelihoods::close);
    }
  }

  private void score(
      Likelihoods likelihoods, List<ShardedBuffer> weights, List<TaskResult> results) {
    Likelihoods.Measured measured = likelihoods.run(weights);
    int from = 0;
    for (Prepared task : choosing) {
      results.add(task.result(measured.values(), from));
      from += task.requests();
    }
    work =
        new BenchmarkResult.Work(
            measured.requests(), measured.tokens(), measured.positions(), measured.seconds(), 0, 0);
  }

  private void answer(
      GenerationEngine engine, List<ShardedBuffer> weights, List<TaskResult> results) {
    long start = System.nanoTime();
    int answers = 0;
    for (PreparedAnswers task : answering) {
      observer.on(new RunEvent.Progressed("answering " + task.task().name(), 0, 0));
      results.add(task.result(engine, weights));
      answers += task.questions().size();
    }
    work =
        new BenchmarkResult.Work(
            work.requests(),
            work.tokens(),
            work.positions(),
            work.scoring(),
            answers,
            answers == 0 ? 0 : (System.nanoTime() - start) / 1e9);
  }

  /** What it took. */
  BenchmarkResult.Work work() {
    return work;
  }
}
