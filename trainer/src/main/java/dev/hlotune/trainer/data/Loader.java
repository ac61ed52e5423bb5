package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a run in order, the next ones prepared by a background thread while the device
 * works. What goes wrong there is thrown by {@link #next}. To be used by one thread; closing ends
 * the background thread, and closing twice is fine.
 */
public final class Loader implements Iterator<LoadedBatch>, AutoCloseable {
  private sealed interface Item {}

  private record Ready(LoadedBatch batch) implements Item {}

  private record Failed(Throwable cause) implements Item {}

  private final BatchPlan plan;
  private final RowShare share;
  private final int totalSteps;
  private final BlockingQueue<Item> queue;
  private final Thread thread;
  private int nextStep;
  private long waited;
  private boolean closed;

  private Loader(BatchPlan plan, RowShare share, int firstStep, int totalSteps, int ahead) {
    this.plan = plan;
    this.share = share;
    this.totalSteps = totalSteps;
    this.nextStep = firstStep;
    this.queue = new ArrayBlockingQueue<>(ahead);
    this.thread =
        Thread.ofPlatform().daemon().name("hlotune-loader").unstarted(() -> fill(firstStep));
  }

  /**
   * Starts preparing batches. Epoch follows epoch until {@code totalSteps}; a run that resumes
   * names the step to go on with, and gets what the uninterrupted run would have got.
   *
   * @param plan what to load
   * @param firstStep the first step to give, from 1
   * @param totalSteps the last step to give
   * @param ahead batches prepared in advance, at least 1
   */
  public static Loader start(BatchPlan plan, int firstStep, int totalSteps, int ahead) {
    return start(plan, RowShare.ALL, firstStep, totalSteps, ahead);
  }

  /**
   * Starts preparing the rows of one process of several, and reads no others. All processes have
   * the same plan, so together their rows are the batches of a process alone, in the same order;
   * the counts of each batch are those of all its rows.
   *
   * @param share which rows
   */
  public static Loader start(
      BatchPlan plan, RowShare share, int firstStep, int totalSteps, int ahead) {
    if (firstStep < 1 || totalSteps < firstStep - 1 || ahead < 1) {
      throw new DataException(
          "loader: expected a first step from 1, no later than the total, and at least one batch"
              + " ahead, got "
              + firstStep
              + ", "
              + totalSteps
              + " and "
              + ahead);
    }
    Loader loader = new Loader(plan, share, firstStep, totalSteps, ahead);
    loader.thread.start();
    return loader;
  }

  /** Starts preparing one epoch, for evaluation. */
  public static Loader epoch(BatchPlan plan, int ahead) {
    return epoch(plan, RowShare.ALL, ahead);
  }

  /** Starts preparing the rows of one process of several, of one epoch. */
  public static Loader epoch(BatchPlan plan, RowShare share, int ahead) {
    return start(plan, share, 1, plan.stepsPerEpoch(), ahead);
  }

  @Override
  public boolean hasNext() {
    return nextStep <= totalSteps;
  }

  /**
   * The next batch; waits for it where it is not ready.
   *
   * @throws DataException or whatever else the background thread met
   * @throws IllegalStateException if the loader is closed, or the thread interrupted
   */
  @Override
  public LoadedBatch next() {
    if (closed) {
      throw new IllegalStateException("loader: is closed");
    }
    if (!hasNext()) {
      throw new NoSuchElementException("loader: all " + totalSteps + " steps were given");
    }
    return switch (take()) {
      case Ready(LoadedBatch batch) -> {
        nextStep++;
        yield batch;
      }
      case Failed(RuntimeException cause) -> {
        close();
        throw cause;
      }
      case Failed(Throwable cause) -> {
        close();
        throw new IllegalStateException("loader: failed: " + cause, cause);
      }
    };
  }

  private Item take() {
    @Nullable Item item = queue.poll();
    if (item != null) {
      return item;
    }
    long start = System.nanoTime();
    try {
      return queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("loader: interrupted while waiting for a batch", e);
    } finally {
      waited += System.nanoTime() - start;
    }
  }

  /** Nanoseconds that {@link #next} has waited so far: what the data cost the run. */
  public long waitedNanos() {
    return waited;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queue.clear();
  }

  private void fill(int firstStep) {
    try {
      int perEpoch = plan.stepsPerEpoch();
      int epoch = -1;
      List<PlannedStep> steps = List.of();
      for (int step = firstStep; step <= totalSteps; step++) {
        if (epoch != (step - 1) / perEpoch) {
          epoch = (step - 1) / perEpoch;
          steps = plan.epoch(epoch);
        }
        PlannedStep planned = steps.get((step - 1) % perEpoch);
        Batch batch = BatchAssembler.assemble(plan.examples(), planned, share.of(planned.bucket()));
        queue.put(new Ready(new LoadedBatch(step, (double) step / perEpoch, batch)));
      }
    } catch (InterruptedException e) {
      // Closed: nobody waits for more.
      return;
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void fail(Throwable cause) {
    try {
      queue.put(new Failed(cause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
