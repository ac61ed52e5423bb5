package dev.hlotune.trainer.sweep;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SweepRecipe;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.loop.RunSummary;
import dev.hlotune.trainer.loop.SftRun;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the points of a sweep one after another. */
public final class Sweep {

  /** What trains a point: the seam at which a test puts itself. */
  @FunctionalInterface
  public interface Training {
    /** As {@link SftRun#run}. */
    RunSummary run(SftConfig config, RunObserver observer, AtomicBoolean stop) throws IOException;
  }

  /**
   * What a sweep came to.
   *
   * @param report of all points
   * @param failure that of the first point that failed
   */
  public record Outcome(SweepReport report, Optional<Exception> failure) {}

  private Sweep() {}

  /** What is there of each point, nothing run. */
  public static List<PointResult> found(SweepRecipe recipe) throws IOException {
    return PointPlan.of(recipe).stream().map(PointPlan::found).toList();
  }

  /**
   * Runs what is not complete yet. The table and the plots in the sweep's directory are of the
   * points so far after each of them.
   *
   * @param stop set by another thread to end the sweep after the step that it is in; what is there
   *     stays, and the same sweep goes on from it
   * @throws ConfigException if a point's directory holds another recipe's results, before anything
   *     runs
   * @throws IOException if table or plots cannot be written
   */
  public static Outcome run(SweepRecipe recipe, SweepObserver observer, AtomicBoolean stop)
      throws IOException {
    return run(recipe, SftRun::run, observer, stop);
  }

  /** The same with another training. */
  public static Outcome run(
      SweepRecipe recipe, Training training, SweepObserver observer, AtomicBoolean stop)
      throws IOException {
    List<PointPlan> plans = PointPlan.of(recipe);
    List<PointResult> results = new ArrayList<>(plans.stream().map(PointPlan::found).toList());
    Optional<Exception> failure = Optional.empty();
    Files.createDirectories(recipe.directory());
    for (int i = 0; i < plans.size() && !stop.get(); i++) {
      PointPlan plan = plans.get(i);
      PointResult found = plan.found();
      RunObserver watching = observer.begins(found.point(), i + 1, plans.size(), found.state());
      if (found.state().isComplete()) {
        continue;
      }
      Compiling compiling = new Compiling(watching);
      PointResult result;
      try {
        RunSummary summary = training.run(plan.config(), compiling, stop);
        result = PointResult.of(found.point(), summary, compiling.programs, compiling.compiled);
        if (result.state() == PointState.INTERRUPTED && summary.plannedSteps() == 0) {
          result = PointResult.none(found.point(), found.state()); // It was not begun.
        }
      } catch (RuntimeException | IOException e) {
        failure = failure.or(() -> Optional.of(e));
        result = PointResult.failed(found.point(), compiling.programs, compiling.compiled, e);
      }
      results.set(i, result);
      if (result.state() != PointState.WAITING && Files.isDirectory(result.directory())) {
        result.write();
      }
      SweepReport.of(recipe, results).write();
    }
    SweepReport report = SweepReport.of(recipe, results);
    report.write();
    return new Outcome(report, failure);
  }

  /** Counts what a run compiles. */
  private static final class Compiling implements RunObserver {
    private final RunObserver next;
    private int programs;
    private int compiled;

    Compiling(RunObserver next) {
      this.next = next;
    }

    @Override
    public void on(RunEvent event) {
      if (event instanceof RunEvent.Compiled done) {
        programs = done.programs();
        compiled = done.programs() - done.fromCache();
      }
      next.on(event);
    }
  }
}
