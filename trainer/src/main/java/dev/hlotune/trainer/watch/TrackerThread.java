package dev.hlotune.trainer.watch;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A tracker on a thread of its own. Events wait for it in a bounded queue; one that finds no room
 * is counted and left out, so that a slow disk or server never holds up the run.
 */
final class TrackerThread {
  private static final int CAPACITY = 4_096;

  private final Tracker tracker;
  private final Consumer<String> notes;
  private final BlockingQueue<Optional<Moment>> queue;
  private final AtomicLong leftOut = new AtomicLong();
  private final Thread thread;
  private boolean failing;

  private TrackerThread(Tracker tracker, Consumer<String> notes, int capacity) {
    this.tracker = tracker;
    this.notes = notes;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.thread =
        Thread.ofPlatform().daemon().name("hlotune-" + tracker.name()).unstarted(this::run);
  }

  /**
   * Starts it.
   *
   * @param notes hears what went wrong, on the tracker's thread
   */
  static TrackerThread start(Tracker tracker, Consumer<String> notes) {
    return start(tracker, notes, CAPACITY);
  }

  static TrackerThread start(Tracker tracker, Consumer<String> notes, int capacity) {
    TrackerThread started = new TrackerThread(tracker, notes, capacity);
    started.thread.start();
    return started;
  }

  /** Hands an event over; returns at once. */
  void offer(Moment moment) {
    if (!queue.offer(Optional.of(moment))) {
      leftOut.incrementAndGet();
    }
  }

  private void run() {
    try {
      boolean open = true;
      while (open) {
        List<Optional<Moment>> taken = new ArrayList<>();
        taken.add(queue.take());
        queue.drainTo(taken);
        open = taken.stream().allMatch(Optional::isPresent);
        deliver(taken.stream().flatMap(Optional::stream).toList());
      }
      tracker.close();
    } catch (IOException e) {
      notes.accept(tracker.name() + ": " + e.getMessage() + "; metrics.jsonl has all figures");
    } catch (InterruptedException e) {
      // Whoever waited for the end has given up, and says so.
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      notes.accept(
          tracker.name()
              + ": stopped by "
              + e
              + "; the run goes on, metrics.jsonl has all figures");
      queue.clear();
    }
  }

  private void deliver(List<Moment> moments) throws InterruptedException {
    try {
      tracker.take(moments);
      if (failing) {
        notes.accept(tracker.name() + ": what was kept is delivered");
      }
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        notes.accept(
            tracker.name()
                + ": "
                + e.getMessage()
                + "; the run goes on, metrics.jsonl has all figures, and it is tried again");
      }
      failing = true;
    }
  }

  /**
   * Waits until all is delivered, though not for ever.
   *
   * @param patience for how long
   */
  void close(Duration patience) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    boolean told = queue.offer(Optional.empty(), patience.toNanos(), TimeUnit.NANOSECONDS);
    thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
    if (!told || thread.isAlive()) {
      thread.interrupt();
      notes.accept(
          "%s: not all was delivered within %d s; metrics.jsonl has all figures"
              .formatted(tracker.name(), patience.toSeconds()));
    }
    if (leftOut.get() > 0) {
      notes.accept(
          "%s: %d events found no room in its queue and were left out; metrics.jsonl has all figures"
              .formatted(tracker.name(), leftOut.get()));
    }
  }
}
