package dev.hlotune.trainer.loop;

import dev.hlotune.pjrt.Event;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.sharding.ShardedBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Notes when the device ends a step. The host reads a step's figures only after it has started
 * others, so the moment at which it reads them says nothing about how long the step took.
 */
final class StepClock implements AutoCloseable {
  private final ExecutorService waiting =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("hlotune-clock").factory());

  /** When this result of a step is there, as {@link System#nanoTime} has it. */
  CompletableFuture<Long> ended(ShardedBuffer result) {
    Event ready = result.first().ready();
    if (ready.isReady()) {
      ready.close();
      return CompletableFuture.completedFuture(System.nanoTime());
    }
    return CompletableFuture.supplyAsync(
        () -> {
          try (ready) {
            ready.await();
          } catch (PjrtException failed) {
            // Whoever reads the result sees it; here only the end matters.
          }
          return System.nanoTime();
        },
        waiting);
  }

  /** Waits for the steps that were started. */
  @Override
  public void close() {
    waiting.close();
  }
}
