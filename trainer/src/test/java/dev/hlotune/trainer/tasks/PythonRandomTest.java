package dev.hlotune.trainer.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
