package dev.hlotune.trainer.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which prompts are answered together, and in which shapes: prompts of similar length, in few
 * shapes.
 *
 * @param batches all prompts, the longest first
 */
record GenerationPlan(List<Batch> batches) {
  /** The most lengths of prompts that programs are compiled for. */
  private static final int MOST_LENGTHS = 4;

  /** Lengths are multiples of it. */
  private static final int SHORTEST = 16;

  GenerationPlan {
    batches = List.copyOf(batches);
  }

  /**
   * Prompts that are answered together.
   *
   * @param shape in which
   * @param prompts their numbers, at most as many as there are rows
   */
  record Batch(GenerationShape shape, List<Integer> prompts) {
    Batch {
      prompts = List.copyOf(prompts);
    }
  }

  /**
   * A plan.
   *
   * @param lengths of the prompts
   * @param maxNewTokens the most tokens of an answer
   * @param maxPositions the most tokens of a row
   * @param mostRows the most prompts at a time
   */
  static GenerationPlan of(
      List<Integer> lengths, int maxNewTokens, int maxPositions, int mostRows) {
    List<Integer> order =
        IntStream.range(0, lengths.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -lengths.get(i)))
            .toList();
    int rows = Math.min(mostRows, powerOfTwo(lengths.size()));
    List<List<Integer>> groups = new ArrayList<>();
    for (int i = 0; i < order.size(); i += rows) {
      groups.add(order.subList(i, Math.min(order.size(), i + rows)));
    }
    TreeMap<Integer, Integer> rungs =
        rungs(groups.stream().map(group -> lengths.get(group.getFirst())).toList());
    List<Batch> batches = new ArrayList<>();
    for (List<Integer> group : groups) {
      int longest = lengths.get(group.getFirst());
      int prompt = rungs.ceilingKey(rung(longest));
      int more =
          group.stream()
              .mapToInt(i -> Math.min(maxNewTokens, maxPositions - lengths.get(i)))
              .max()
              .orElseThrow();
      batches.add(new Batch(new GenerationShape(rows, prompt, rung(prompt + more)), group));
    }
    return new GenerationPlan(batches);
  }

  /** The shapes, each once. */
  List<GenerationShape> shapes() {
    return batches.stream().map(Batch::shape).distinct().toList();
  }

  /** Few lengths that all fit in, with the number of batches of each. */
  private static TreeMap<Integer, Integer> rungs(List<Integer> longest) {
    TreeMap<Integer, Integer> rungs = new TreeMap<>();
    longest.forEach(length -> rungs.merge(rung(length), 1, Integer::sum));
    while (rungs.size() > MOST_LENGTHS) {
      int cheapest = 0;
      long least = Long.MAX_VALUE;
      for (Map.Entry<Integer, Integer> rung : rungs.headMap(rungs.lastKey()).entrySet()) {
        long more = (long) rungs.higherKey(rung.getKey()) - rung.getKey();
        if (more * rung.getValue() < least) {
          least = more * rung.getValue();
          cheapest = rung.getKey();
        }
      }
      rungs.merge(rungs.higherKey(cheapest), rungs.remove(cheapest), Integer::sum);
    }
    return rungs;
  }

  /** At least so much, of 16, 32, 48, 64, 96, 128, 192 … */
  static int rung(int length) {
    int step = Math.max(SHORTEST, Integer.highestOneBit(Math.max(1, length - 1)) / 2);
    return Math.ceilDiv(length, step) * step;
  }

  private static int powerOfTwo(int count) {
    return count <= 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
  }
}
