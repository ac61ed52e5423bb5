package dev.hlotune.trainer.loop;

import dev.hlotune.trainer.eval.HeldOutLoss;
import dev.hlotune.trainer.step.TrainState;
import dev.hlotune.trainer.step.Training;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The pauses of a run: it is evaluated, compared with the best so far, and saved. */
final class RunPauses implements TrainingLoop.Pauses {
  private final IntPredicate evaluated;
  private final Evaluations evaluations;
  private final Checkpoints checkpoints;
  private final BestSoFar best;
  private final StepLog log;
  private boolean isBest;
  private int evaluatedStep;

  /**
   * Pauses of a run that begins or goes on.
   *
   * @param evaluated whether the held-out loss is measured after a step
   * @param evaluatedStep after which it was last
   */
  RunPauses(
      IntPredicate evaluated,
      Evaluations evaluations,
      Checkpoints checkpoints,
      BestSoFar best,
      StepLog log,
      int evaluatedStep) {
    this.evaluated = evaluated;
    this.evaluations = evaluations;
    this.checkpoints = checkpoints;
    this.best = best;
    this.log = log;
    this.evaluatedStep = evaluatedStep;
  }

  @Override
  public boolean isAt(int step) {
    checkpoints.poll();
    return evaluated.test(step) || checkpoints.isDue(step);
  }

  @Override
  public Optional<HeldOutLoss> look(int step, TrainState state) {
    isBest = false;
    if (!evaluated.test(step)) {
      return Optional.empty();
    }
    Optional<HeldOutLoss> measured = evaluations.measure(step, state);
    measured.ifPresent(_ -> evaluatedStep = step);
    isBest = measured.filter(held -> best.evaluated(step, held.loss())).isPresent();
    return measured;
  }

  @Override
  public void save(int step, Training training, TrainState state) {
    if (checkpoints.isDue(step) || (isBest && checkpoints.keepsBest())) {
      checkpoints.save(training, state, progress(step));
    }
  }

  @Override
  public boolean owesLook(int step) {
    return step > 0 && evaluated.test(step) && evaluatedStep != step;
  }

  @Override
  public boolean isEnough() {
    return best.isEnough();
  }

  /** How far the run is after a step, while none is under way. */
  RunProgress progress(int step) {
    return new RunProgress(step, log.state(), best.state(), evaluations.loss(), evaluatedStep);
  }

  BestSoFar best() {
    return best;
  }
}
