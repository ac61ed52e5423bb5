package dev.hlotune.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitPartTest {
  /** What {@code datasets} made of the same expressions; where it gives no record, we refuse. */
  @Test
  void expressionsMeanWhatDatasetsMakesOfThem() throws IOException {
    JsonNode recorded = new JsonMapper().readTree(Sources.path("splits.json").toFile());
    assertTrue(recorded.size() > 100);
    for (JsonNode one : recorded) {
      String expression = one.get(0).textValue();
      long count = one.get(1).longValue();
      JsonNode expected = one.get(2);
      String what = expression + " of " + count;
      if (expected.isNull()) {
        assertThrows(DataException.class, () -> resolved(expression, count), what);
        continue;
      }
      boolean anyEmpty = false;
      for (JsonNode part : expected) {
        anyEmpty |= part.get(1).longValue() >= part.get(2).longValue();
      }
      if (anyEmpty) {
        DataException none =
            assertThrows(DataException.class, () -> resolved(expression, count), what);
        String expectedEnd = "expected at least one record, got none of " + count;
        assertTrue(String.valueOf(none.getMessage()).endsWith(expectedEnd), what);
      } else {
        assertEquals(expected.toString(), resolved(expression, count), what);
      }
    }
  }

  /** In the form of the recorded file. */
  private static String resolved(String expression, long count) {
    return SplitPart.parse(expression).stream()
        .map(part -> {
          Slice slice = part.resolve(count);
          return "[\"%s\",%d,%d]".formatted(part.split(), slice.from(), slice.to());
        })
        .toList()
        .toString()
        .replace(", ", ",");
  }

  @Test
  void partsAreWrittenAsTheyAreRead() {
    for (String expression :
        List.of(
            "train",
            "train[:10%]",
            "train[100:200]",
            "train[-500:]",
            "train[10%:20%]",
            "train[:50%](pct1_dropremainder)",
            "train_sft+a.b[:3]")) {
      List<String> parts = SplitPart.parse(expression).stream().map(SplitPart::toString).toList();
      assertEquals(expression, String.join("+", parts));
    }
    assertTrue(SplitPart.parse("train[:]").getFirst().isWhole());
    assertEquals(7, SplitPart.parse("train[3:10]").getFirst().resolve(100).size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train[      | split: expected the form "train", "train[:10%]", "train[100:200]", "train[-500:]" or "train+validation[:50%]", got "train["
          train[5]    | split: expected the form "train", "train[:10%]", "train[100:200]", "train[-500:]" or "train+validation[:50%]", got "train[5]"
          train+      | split: expected the form "train", "train[:10%]", "train[100:200]", "train[-500:]" or "train+validation[:50%]", got "train+"
          train[:101%] | split "train": expected percents from -100 to 100, got null and 101
          train[1:5%] | split: expected both bounds in percent or neither, got "train[1:5%]"
          train[:5%](up) | split: expected the rounding "closest" or "pct1_dropremainder", got "train[:5%](up)"
          train[:5](closest) | split: expected a rounding only where bounds are in percent, got "train[:5](closest)"
          train[:_]   | split: expected bounds that are numbers, got "train[:_]"
          train[9:3]  | split "train[9:3]": expected at least one record, got none of 20
          train[:2%]  | split "train[:2%]": expected at least one record, got none of 20
          """)
  void whatIsWrongIsSaid(String expression, String message) {
    assertEquals(
        message,
        assertThrows(DataException.class, () -> SplitPart.parse(expression).getFirst().resolve(20))
            .getMessage());
  }
}
