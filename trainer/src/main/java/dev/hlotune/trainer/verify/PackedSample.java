package dev.hlotune.trainer.verify;

import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.Examples;
import dev.hlotune.trainer.data.PlannedStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Some examples of a plan, and micro-batches of the plan's rows that hold them.
 *
 * @param batches micro-batches of one bucket each, whole wherever the plan has rows enough
 * @param places where in them the chosen examples are, shortest first
 */
record PackedSample(List<PlannedStep> batches, List<Place> places) {

  /**
   * Where an example is.
   *
   * @param example its index
   * @param batch the micro-batch, as a place in {@link #batches}
   * @param row its row
   * @param segment its place in the row, from 0
   */
  record Place(int example, int batch, int row, int segment) {}

  PackedSample {
    batches = List.copyOf(batches);
    places = List.copyOf(places);
  }

  /** A row of the plan and the examples in it. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, as the plan has them
  private record Row(Bucket bucket, int[] members) {}

  /**
   * Chooses at least {@code wanted} examples, or all where there are not more: the longest, one in
   * each bucket, and the rest spread evenly over the examples in the order of their lengths. The
   * same plan and seed give the same choice.
   */
  static PackedSample of(BatchPlan plan, int wanted, long seed) {
    List<Row> rows = rows(plan);
    Map<Integer, Row> rowOf = new HashMap<>();
    for (Row row : rows) {
      Arrays.stream(row.members).forEach(example -> rowOf.put(example, row));
    }
    return arranged(rows, rowOf, choose(plan.examples(), rows, rowOf, wanted, seed));
  }

  private static List<Row> rows(BatchPlan plan) {
    List<Row> rows = new ArrayList<>();
    for (PlannedStep step : plan.epoch(0)) {
      for (int[] members : step.rows()) {
        if (members.length > 0) {
          rows.add(new Row(step.bucket(), members));
        }
      }
    }
    return rows;
  }

  /** In the order of their lengths. */
  private static List<Integer> choose(
      Examples examples, List<Row> rows, Map<Integer, Row> rowOf, int wanted, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Integer[] byLength = new Integer[examples.size()];
    Arrays.setAll(byLength, i -> i);
    Arrays.sort(byLength, Comparator.comparingInt(examples::length));
    Set<Integer> chosen = new LinkedHashSet<>();
    chosen.add(byLength[byLength.length - 1]);
    Map<Bucket, List<Row>> byBucket = new LinkedHashMap<>();
    for (Row row : rows) {
      byBucket.computeIfAbsent(row.bucket, _ -> new ArrayList<>()).add(row);
    }
    for (Map.Entry<Bucket, List<Row>> entry : byBucket.entrySet()) {
      boolean there = chosen.stream().anyMatch(i -> bucket(rowOf, i).equals(entry.getKey()));
      if (!there) {
        List<Row> shared = entry.getValue().stream().filter(row -> row.members.length > 1).toList();
        List<Row> of = shared.isEmpty() ? entry.getValue() : shared;
        Row row = of.get(random.nextInt(of.size()));
        chosen.add(row.members[random.nextInt(row.members.length)]);
      }
    }
    int enough = Math.min(wanted, byLength.length);
    int strata = Math.max(0, enough - chosen.size());
    for (int i = 0; i < strata; i++) {
      int from = (int) ((long) i * byLength.length / strata);
      int to = (int) ((i + 1L) * byLength.length / strata);
      chosen.add(byLength[random.nextInt(from, to)]);
    }
    while (chosen.size() < enough) {
      chosen.add(byLength[random.nextInt(byLength.length)]);
    }
    return chosen.stream().sorted(Comparator.comparingInt(examples::length)).toList();
  }

  private static Bucket bucket(Map<Integer, Row> rowOf, int example) {
    return row(rowOf, example).bucket;
  }

  private static Row row(Map<Integer, Row> rowOf, int example) {
    Row row = rowOf.get(example);
    if (row == null) {
      throw new IllegalStateException("plan: expected example " + example + " in a row, got none");
    }
    return row;
  }

  /**
   * Puts the rows of the chosen examples into micro-batches, and others where those are not full.
   */
  private static PackedSample arranged(
      List<Row> rows, Map<Integer, Row> rowOf, List<Integer> chosen) {
    Map<Bucket, Set<Row>> wanted = new LinkedHashMap<>();
    for (int example : chosen) {
      Row row = row(rowOf, example);
      wanted.computeIfAbsent(row.bucket, _ -> new LinkedHashSet<>()).add(row);
    }
    List<PlannedStep> batches = new ArrayList<>();
    Map<Integer, Place> places = new HashMap<>();
    wanted.forEach((bucket, needed) -> {
      List<Row> all = new ArrayList<>(needed);
      rows.stream()
          .filter(row -> row.bucket.equals(bucket) && !needed.contains(row))
          .limit(Math.floorMod(-needed.size(), bucket.rows()))
          .forEach(all::add);
      for (int from = 0; from < all.size(); from += bucket.rows()) {
        int[][] members = new int[bucket.rows()][0];
        for (int row = 0; row < Math.min(bucket.rows(), all.size() - from); row++) {
          members[row] = all.get(from + row).members;
          for (int segment = 0; segment < members[row].length; segment++) {
            int example = members[row][segment];
            places.put(example, new Place(example, batches.size(), row, segment));
          }
        }
        batches.add(new PlannedStep(bucket, members));
      }
    });
    return new PackedSample(
        batches,
        chosen.stream().map(example -> places.get(example)).filter(Objects::nonNull).toList());
  }
}
