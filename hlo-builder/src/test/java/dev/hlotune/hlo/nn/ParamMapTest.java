package dev.hlotune.hlo.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.ShapeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParamMapTest {
  private final ParamMap<Integer> map =
      ParamMap.zip(List.of("wte.weight", "h.0.bias", "h.0.weight"), List.of(1, 2, 3));

  @Test
  void keepsTheOrderOfInsertion() {
    assertEquals(List.of("wte.weight", "h.0.bias", "h.0.weight"), map.names());
    assertEquals(List.of(1, 2, 3), map.values());
    assertEquals(
        List.of("h.0.weight", "wte.weight"),
        map.subset(List.of("h.0.weight", "wte.weight")).names());
    assertEquals(List.of(1, 9, 3, 4), map.plus("h.0.bias", 9).plus("z", 4).values());
    assertEquals(List.of("0.bias", "0.weight"), map.under("h.").names());
    assertEquals(List.of("m.wte.weight", "m.h.0.bias", "m.h.0.weight"), map.prefixed("m.").names());
  }

  @Test
  void mapsAndJoinsByName() {
    assertEquals(List.of(10, 20, 30), map.map(value -> value * 10).values());
    ParamMap<Integer> reversed =
        ParamMap.zip(List.of("h.0.weight", "h.0.bias", "wte.weight"), List.of(30, 20, 10));
    assertEquals(List.of(11, 22, 33), map.with(reversed, Integer::sum).values());
    assertEquals(List.of(2, 3), map.subset((name, _) -> name.startsWith("h.")).values());
  }

  @Test
  void namesTheNearestOfAnUnknownName() {
    ShapeException thrown = assertThrows(ShapeException.class, () -> map.get("h.0.wieght"));
    assertEquals(
        "parameter \"h.0.wieght\": expected one of 3 names, the nearest is \"h.0.weight\"",
        thrown.getMessage());
  }

  @Test
  void isACopy() {
    Map<String, Integer> source = new LinkedHashMap<>(Map.of("a", 1));
    ParamMap<Integer> copy = new ParamMap<>(source);
    source.put("b", 2);
    assertEquals(1, copy.size());
    assertThrows(UnsupportedOperationException.class, () -> copy.entries().put("b", 2));
  }

  @Test
  void refusesTheSameNameTwice() {
    assertThrows(ShapeException.class, () -> ParamMap.zip(List.of("a", "a"), List.of(1, 2)));
  }
}
