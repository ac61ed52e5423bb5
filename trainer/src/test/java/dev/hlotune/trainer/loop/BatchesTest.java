package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.Example;
import dev.hlotune.trainer.data.Examples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training and held-out batches come in one closed set of shapes. */
final class BatchesTest {
  @TempDir Path folder;
  private TinyRun tiny;

  @BeforeEach
  void files() {
    tiny = new TinyRun(folder);
  }

  private static Examples examples(long seed, int count, int shortest, int longest) {
    SplittableRandom random = new SplittableRandom(seed);
    return Examples.of(
        IntStream.range(0, count)
            .map(i -> random.nextInt(shortest, longest + 1))
            .mapToObj(length -> new Example(new int[length], new float[length]))
            .toList());
  }

  private Batches batches(Examples train, Examples heldOut, String... options) throws IOException {
    return Batches.of(
        SftRecipe.read(tiny.options(options)).config(),
        16,
        RowShares.ONE,
        train,
        Optional.of(heldOut));
  }

  private static Set<Bucket> shapes(Batches batches) {
    Set<Bucket> all = new LinkedHashSet<>(batches.train().buckets());
    batches.heldOut().map(BatchPlan::buckets).ifPresent(all::addAll);
    return all;
  }

  private static Set<Integer> lengths(List<Bucket> buckets) {
    return buckets.stream().map(Bucket::length).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void atMostMaxBucketsShapesExistInAll(String packing) throws IOException {
    for (int most = 1; most <= 4; most++) {
      Batches batches =
          batches(
              examples(1, 6_000, 20, 200),
              examples(2, 3_000, 2, 60),
              "max_length",
              "256",
              "packing",
              packing,
              "max_buckets",
              Integer.toString(most));
      Set<Bucket> shapes = shapes(batches);
      assertTrue(shapes.size() <= most, shapes.toString());
      assertTrue(batches.ladder().ladder().buckets().containsAll(shapes), shapes.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void heldOutExamplesLongerThanAnyOfTrainingFit(String packing) throws IOException {
    Batches batches =
        batches(
            examples(1, 500, 5, 40),
            examples(2, 20, 90, 120),
            "max_length",
            "128",
            "packing",
            packing,
            "max_buckets",
            "2");
    assertTrue(shapes(batches).size() <= 2);
    assertTrue(batches.ladder().ladder().longest().length() >= 90);
    assertEquals(20, batches.heldOut().orElseThrow().examples().size());
    assertTrue(batches.heldOut().orElseThrow().stepsPerEpoch() > 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void anotherBatchSizeForEvaluationKeepsTheLengths(String packing) throws IOException {
    Examples train = examples(1, 6_000, 2, 120);
    Examples heldOut = examples(2, 600, 2, 120);
    String[] options = {"max_length", "128", "packing", packing, "max_buckets", "3"};
    Batches same = batches(train, heldOut, options);
    String[] wider =
        List.of(
                "max_length",
                "128",
                "packing",
                packing,
                "max_buckets",
                "3",
                "per_device_eval_batch_size",
                "8")
            .toArray(String[]::new);
    Batches batches = batches(train, heldOut, wider);
    assertEquals(same.ladder(), batches.ladder(), "evaluation does not change training");
    List<Bucket> shapes = batches.heldOut().orElseThrow().buckets();
    assertTrue(
        lengths(batches.ladder().ladder().buckets()).containsAll(lengths(shapes)),
        shapes.toString());
    Bucket longest = batches.ladder().ladder().longest();
    assertEquals(4, longest.rows());
    assertTrue(shapes.contains(new Bucket(8, longest.length())), shapes.toString());
    assertFalse(shapes(batches).size() == shapes(same).size());
  }

  @Test
  void withoutHeldOutDataTheLadderIsThatOfTraining() throws IOException {
    Examples train = examples(1, 600, 2, 30);
    Batches alone =
        Batches.of(
            SftRecipe.read(tiny.options()).config(), 16, RowShares.ONE, train, Optional.empty());
    assertEquals(600, alone.ladder().examples());
    assertTrue(alone.heldOut().isEmpty());
    assertEquals(700, batches(train, examples(2, 100, 2, 30)).ladder().examples());
  }
}
