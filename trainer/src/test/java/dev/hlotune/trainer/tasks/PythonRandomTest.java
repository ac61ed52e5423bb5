package dev.hlotune.trainer.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The numbers of Python's {@code random}, as they were recorded. */
class PythonRandomTest {
  @Test
  void numbersAreThoseOfPython() throws IOException {
    JsonNode recorded =
        new JsonMapper().readTree(Fixtures.path("tasks/nanochat.json").toFile()).path("random");
    assertEquals(6, recorded.size());
    for (JsonNode one : recorded) {
      PythonRandom random = new PythonRandom(one.path("seed").longValue());
      for (JsonNode number : one.path("random")) {
        assertEquals(number.doubleValue(), random.random());
      }
      for (JsonNode below : one.path("below")) {
        assertEquals(below.get(1).intValue(), random.below(below.get(0).intValue()));
      }
      List<Integer> order = new ArrayList<>(IntStream.range(0, 9).boxed().toList());
      random.shuffle(order);
      assertEquals(
          one.path("shuffled").valueStream().map(JsonNode::intValue).toList(),
          order,
          one::toString);
      // Beyond the first round of the generator's state.
      for (int i = 0; i < 700; i++) {
        random.random();
      }
      assertEquals(one.path("later").doubleValue(), random.random());
    }
  }

  /** From lists that are moved about and from such as are drawn from again, one after the other. */
  @Test
  void samplesAreThoseOfPython() {
    PythonRandom random = new PythonRandom(1234);
    assertArrayEquals(new int[] {989, 796, 451, 119, 7}, random.sample(1000, 5));
    assertArrayEquals(new int[] {1, 9, 0, 11}, random.sample(12, 4));
    assertArrayEquals(new int[] {12, 98, 45, 30, 2, 3, 44, 82}, random.sample(100, 8));
    assertArrayEquals(new int[] {79, 61, 59, 19, 11, 23, 14, 1}, random.sample(80, 8));
    assertArrayEquals(new int[] {4, 3, 1, 0, 2, 6, 5}, random.sample(7, 7));
    assertArrayEquals(
        new int[] {39417, 5828, 33753, 37945, 3012, 17667, 36466, 4133, 19819, 31525, 23280},
        random.sample(39905, 11));
    assertThrows(IllegalArgumentException.class, () -> random.sample(3, 4));
  }
}
