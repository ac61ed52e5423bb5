package dev.hlotune.hlo.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.hlo.nn.LayerPattern.Stretch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers as stretches that repeat; a letter stands for a kind. */
class LayerPatternTest {
  @ParameterizedTest
  @CsvSource({
    // As Llama's, Gemma 2's, Qwen's, SmolLM3's and Gemma 3's, with and without a rest.
    "aaaaaaaa, 0:1x8",
    "abababababab, 0:2x6",
    "aaaaabbb, 0:1x5 5:1x3",
    "aaabaaabaaab, 0:4x3",
    "aaaaabaaaaabaaaaab, 0:6x3",
    "aaaaabaaaaabaaaaabaaaaabaa, 0:6x4 24:1x2",
    "abababa, 0:2x3 6:1x1",
    "a, 0:1x1",
    "abc, 0:3x1"
  })
  void areTheFewestLayers(String kinds, String stretches) {
    List<String> found = new ArrayList<>();
    for (Stretch stretch : LayerPattern.of(kinds.chars().boxed().toList())) {
      found.add(stretch.start() + ":" + stretch.period() + "x" + stretch.repeats());
    }
    assertEquals(stretches, String.join(" ", found));
  }

  /** Whatever the kinds, each layer is in one stretch and is of the kind that stands there. */
  @Test
  void coverEveryLayerOnce() {
    for (int code = 0; code < 3 * 3 * 3 * 3 * 3 * 3 * 3; code++) {
      List<Integer> kinds = new ArrayList<>();
      for (int rest = code, i = 0; i < 7; i++, rest /= 3) {
        kinds.add(rest % 3);
      }
      List<Integer> again = new ArrayList<>();
      for (Stretch stretch : LayerPattern.of(kinds)) {
        assertEquals(again.size(), stretch.start());
        for (int i = 0; i < stretch.layers(); i++) {
          again.add(kinds.get(stretch.start() + i % stretch.period()));
        }
      }
      assertEquals(kinds, again);
    }
  }
}
