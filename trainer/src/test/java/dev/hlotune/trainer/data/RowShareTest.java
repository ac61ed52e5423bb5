package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several processes read together what one reads alone, each no more than its own. */
class RowShareTest {
  @TempDir private Path folder;

  /** Notes which examples are read. */
  private record Watched(Examples examples, Set<Integer> read) implements Examples {
    @Override
    public int size() {
      return examples.size();
    }

    @Override
    public int length(int index) {
      return examples.length(index);
    }

    @Override
    public synchronized Example get(int index) {
      read.add(index);
      return examples.get(index);
    }

    @Override
    public Learned learned(int index) {
      return examples.learned(index);
    }
  }

  private static BatchPlan plan(Examples examples, boolean packing, int microBatches) {
    // Two lengths of rows, with 4 and 8 of them.
    BucketLadder ladder = new BucketLadder(List.of(new Bucket(8, 16), new Bucket(4, 32)));
    return BatchPlan.of(examples, ladder, new PlanOptions(packing, true, true, 3, microBatches));
  }

  private static List<LoadedBatch> all(Loader loader) {
    List<LoadedBatch> batches = new ArrayList<>();
    try (loader) {
      loader.forEachRemaining(batches::add);
    }
    return batches;
  }

  @ParameterizedTest
  @CsvSource({"1,true,1", "2,true,1", "4,true,1", "2,true,3", "4,true,3", "4,false,2"})
  void togetherTheyReadWhatOneReadsAlone(int processes, boolean packing, int microBatches) {
    Examples examples = TestData.examples(new SplittableRandom(8), 300, 32);
    BatchPlan whole = plan(examples, packing, microBatches);
    int steps = 2 * whole.stepsPerEpoch();
    List<LoadedBatch> alone = all(Loader.start(whole, 1, steps, 2));
    List<List<LoadedBatch>> shares = new ArrayList<>();
    List<Set<Integer>> read = new ArrayList<>();
    for (int process = 0; process < processes; process++) {
      Watched watched = new Watched(examples, new TreeSet<>());
      shares.add(
          all(
              Loader.start(
                  plan(watched, packing, microBatches),
                  new RowShare(process, process + 1, processes),
                  1,
                  steps,
                  2)));
      read.add(watched.read());
    }
    for (int step = 0; step < steps; step++) {
      Batch expected = alone.get(step).batch();
      int length = expected.bucket().length();
      int own = expected.bucket().rows() / processes;
      for (int process = 0; process < processes; process++) {
        LoadedBatch loaded = shares.get(process).get(step);
        Batch share = loaded.batch();
        assertEquals(alone.get(step).epoch(), loaded.epoch());
        assertEquals(expected.bucket(), share.bucket());
        assertEquals(expected.counts(), share.counts());
        assertEquals(new RowRange(process * own, (process + 1) * own), share.rows());
        assertEquals(microBatches * own * length, share.tokens().length);
      }
      List<Batch> parts = new ArrayList<>();
      for (List<LoadedBatch> share : shares) {
        parts.add(share.get(step).batch());
      }
      assertArrayEquals(
          expected.tokens(), joined(parts.stream().map(Batch::tokens).toList(), microBatches));
      assertArrayEquals(
          expected.targets(), joined(parts.stream().map(Batch::targets).toList(), microBatches));
      assertArrayEquals(
          expected.segments(), joined(parts.stream().map(Batch::segments).toList(), microBatches));
      assertArrayEquals(
          expected.positions(),
          joined(parts.stream().map(Batch::positions).toList(), microBatches));
      assertArrayEquals(
          bits(expected.weights()),
          joined(parts.stream().map(batch -> bits(batch.weights())).toList(), microBatches));
    }
    // Every example is read by one process in each epoch, and by no other.
    Set<Integer> everything = new TreeSet<>();
    read.forEach(everything::addAll);
    assertEquals(examples.size(), everything.size());
    for (int process = 0; process < processes; process++) {
      Set<Integer> planned = new TreeSet<>();
      for (int epoch = 0; epoch < 2; epoch++) {
        for (PlannedStep step : whole.epoch(epoch)) {
          int own = step.bucket().rows() / processes;
          for (int row = 0; row < step.rows().length; row++) {
            if (row % step.bucket().rows() / own == process) {
              Arrays.stream(step.rows()[row]).forEach(planned::add);
            }
          }
        }
      }
      assertEquals(planned, read.get(process));
    }
  }

  /** The micro-batches of all processes, row after row. */
  private static int[] joined(List<int[]> parts, int microBatches) {
    int own = parts.getFirst().length / microBatches;
    int[] whole = new int[parts.size() * parts.getFirst().length];
    int at = 0;
    for (int micro = 0; micro < microBatches; micro++) {
      for (int[] part : parts) {
        System.arraycopy(part, micro * own, whole, at, own);
        at += own;
      }
    }
    return whole;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  /** What a process does not read is known from the preparation, to the last bit. */
  @Test
  void preparedDataKnowsWhatIsLearned() throws IOException {
    String[] lines = new String[700];
    for (int i = 0; i < lines.length; i++) {
      lines[i] =
          i % 2 == 0
              ? "{\"prompt\": \"say\", \"completion\": \"" + "word ".repeat(1 + i % 9) + "\"}"
              : "{\"messages\": [{\"role\": \"user\", \"content\": \"hello\"},"
                  + " {\"role\": \"assistant\", \"content\": \"a\", \"weight\": 0.1},"
                  + " {\"role\": \"user\", \"content\": \"more\"},"
                  + " {\"role\": \"assistant\", \"content\": \"bcd efg\", \"weight\": 0.7}]}";
    }
    DataOptions options =
        new DataOptions(
            DataSource.of(List.of(TestData.lines(folder, "data.jsonl", lines))),
            ChatTemplate.named("guide"),
            Supervision.DEFAULT,
            60,
            Truncation.KEEP_START,
            OnBadRecord.SKIP);
    try (Tokenizer tokenizer = TestData.smallTokenizer();
        PreparedData data = PreparedData.open(options, tokenizer, 512, folder, 2, Progress.NONE);
        Mixture mixture = Mixture.of(List.of(new Mixture.Part(data, new int[] {3, 0, 699, 3})))) {
      assertEquals(700, data.size());
      double weight = 0;
      long tokens = 0;
      for (int i = 0; i < data.size(); i++) {
        assertEquals(Learned.of(data.get(i)), data.learned(i));
        weight += data.learned(i).weight();
        tokens += data.learned(i).tokens();
      }
      assertEquals(data.statistics().supervised(), tokens);
      assertEquals(data.statistics().weight(), weight, 1e-9 * weight);
      assertTrue(weight < tokens, "some weigh less than 1");
      assertEquals(data.learned(699), mixture.learned(2));
      assertEquals(data.learned(3), mixture.learned(3));
    }
  }

  @Test
  void refusesSharesThatDoNotFit() {
    DataException failure =
        assertThrows(DataException.class, () -> new RowShare(0, 1, 3).of(new Bucket(4, 16)));
    assertTrue(
        failure.toString().contains("expected a multiple of 3 rows, got "), failure::toString);
    assertThrows(DataException.class, () -> new RowShare(1, 1, 2));
    assertThrows(DataException.class, () -> new RowShare(1, 3, 2));
    assertThrows(DataException.class, () -> new RowRange(2, 2));
    assertEquals(new RowRange(0, 4), RowShare.ALL.of(new Bucket(4, 16)));
    assertEquals(new RowRange(2, 6), new RowShare(1, 3, 4).of(new Bucket(8, 16)));
  }
}
