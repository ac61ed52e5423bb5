package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowPackerTest {
  /** Best fit, by looking at every row. */
  private static List<Integer> slowly(int[] ladder, int[] lengths) {
    List<Integer> rows = new ArrayList<>();
    List<Integer> free = new ArrayList<>();
    for (int length : lengths) {
      int best = -1;
      for (int row = 0; row < free.size(); row++) {
        if (free.get(row) >= length && (best < 0 || free.get(row) < free.get(best))) {
          best = row;
        }
      }
      if (best < 0) {
        best = free.size();
        free.add(Arrays.stream(ladder).filter(l -> l >= length).findFirst().orElseThrow());
      }
      free.set(best, free.get(best) - length);
      rows.add(free.get(best));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithBestFitByExhaustiveSearch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int longest = random.nextInt(3, 80);
    int[] ladder = random.ints(4, 1, longest).distinct().sorted().toArray();
    ladder = Arrays.copyOf(ladder, ladder.length + 1);
    ladder[ladder.length - 1] = longest;
    int[] lengths = random.ints(500, 1, longest + 1).toArray();
    RowPacker packer = new RowPacker(ladder);
    List<Integer> free = new ArrayList<>();
    for (int length : lengths) {
      free.add(packer.rows().remaining(packer.place(length)));
    }
    // Which of several equally good rows is taken may differ; how full it gets may not.
    assertEquals(slowly(ladder, lengths), free);
  }

  @Test
  void refusesWhatIsLongerThanTheLongestRow() {
    assertEquals(
        "packing: expected examples of at most 8 tokens, got one of 9",
        assertThrows(DataException.class, () -> new RowPacker(new int[] {4, 8}).place(9))
            .getMessage());
  }

  @Test
  void needsNoMoreRowsThanTrl() throws IOException {
    JsonNode recorded = new JsonMapper().readTree(Fixtures.path("data/packing.json").toFile());
    int capacity = recorded.path("length").asInt();
    List<Integer> lengths = new ArrayList<>();
    recorded
        .path("histogram")
        .properties()
        .forEach(entry -> {
          for (int i = 0; i < entry.getValue().asInt(); i++) {
            lengths.add(Integer.parseInt(entry.getKey()));
          }
        });
    lengths.sort((a, b) -> Integer.compare(b, a));
    RowPacker packer = new RowPacker(new int[] {capacity});
    lengths.forEach(packer::place);
    long tokens = recorded.path("tokens").asLong();
    assertEquals(tokens, lengths.stream().mapToLong(Integer::longValue).sum());
    assertTrue(
        packer.rows().count() <= recorded.path("rows_whole").asInt(),
        "rows: " + packer.rows().count());
    assertTrue(packer.rows().count() <= recorded.path("rows_windows_of_1000").asInt());
    double efficiency = (double) tokens / ((double) packer.rows().count() * capacity);
    assertTrue(efficiency >= 0.99, "efficiency: " + efficiency);
  }
}
