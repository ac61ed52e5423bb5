package dev.hlotune.trainer.audit;

import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Works through examples on all cores, in stretches whose results are taken in order: the outcome
 * does not depend on the number of cores.
 */
final class Waves {
  private static final int STRETCH = 1 << 11;

  /** Stretches between two reports, enough for many cores. */
  private static final int WAVE = 1 << 8;

  private Waves() {}

  /** What is done with a stretch of examples, by any thread. */
  @FunctionalInterface
  interface Work<T> {
    T apply(int from, int to);
  }

  /**
   * Works through the examples of some sources.
   *
   * @param work makes something of a stretch of a source
   * @param taken gets it, in order, in the calling thread
   * @param progress hears in the calling thread how far it is, and may end the work by an exception
   */
  static <T> void run(int size, Work<T> work, Consumer<T> taken, AuditProgress progress) {
    int stretches = Math.ceilDiv(size, STRETCH);
    for (int wave = 0; wave < stretches; wave += WAVE) {
      int end = Math.min(stretches, wave + WAVE);
      IntStream.range(wave, end)
          .parallel()
          .mapToObj(i -> work.apply(i * STRETCH, (int) Math.min(size, (i + 1L) * STRETCH)))
          .toList()
          .forEach(taken);
      progress.advanced(Math.min(size, (long) end * STRETCH), size);
    }
  }
}
