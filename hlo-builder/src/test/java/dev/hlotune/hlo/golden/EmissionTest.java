package dev.hlotune.hlo.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.hlo.nn.Layering;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the text of whole models has to look like to run fast, and to be traced back. */
class EmissionTest {
  private static final Pattern DOT =
      Pattern.compile("stablehlo\\.dot_general .* : \\((.*), (.*)\\) -> (\\S+)");

  /**
   * Transposes of a training step: how many there are besides those of the layers, and how many in
   * each layer; at a length of one block of queries and at one of four. The eight are those of
   * queries, keys, values and the result, and of their gradients.
   */
  @ParameterizedTest
  @CsvSource({
    "gpt2, 64, 0, 8",
    "gpt2, 512, 0, 8",
    "llama, 64, 0, 8",
    "llama, 512, 0, 8",
    "qwen3, 512, 0, 8",
    "phi3, 512, 0, 8",
    "gemma2, 512, 0, 8",
    "nanochat, 512, 0, 8"
  })
  void hasNoMoreTransposesThanKnown(String family, int length, int outside, int perLayer) {
    for (int layers = 1; layers <= 3; layers++) {
      assertEquals(
          outside + layers * perLayer,
          count(text(family, layers, length), "stablehlo.transpose"),
          layers + " layers");
    }
  }

  @ParameterizedTest
  @CsvSource({"gpt2", "llama", "qwen3", "phi3", "gemma2", "nanochat"})
  void multipliesMatricesAndBatchesOfThem(String family) {
    Matcher dots = DOT.matcher(text(family, 1, 512));
    int found = 0;
    while (dots.find()) {
      found++;
      for (int group = 1; group <= 3; group++) {
        long rank = dots.group(group).chars().filter(c -> c == 'x').count();
        assertTrue(rank <= 3, dots.group());
      }
    }
    assertTrue(found > 20, "products found: " + found);
  }

  @Test
  void namesTheLineThatANodeCameFrom() {
    String text = text("llama", 1, 8);
    Set<String> files = new TreeSet<>();
    Matcher locations = Pattern.compile("loc\\(\"(\\w+)\\.java\":[1-9]\\d*:1\\)").matcher(text);
    while (locations.find()) {
      files.add(locations.group(1));
    }
    assertTrue(
        files.containsAll(
            List.of("Llama", "Layers", "Attention", "Rotary", "CrossEntropy", "Activation")),
        () -> "got " + files);
    assertFalse(text.contains("unknown"), "a location without a file");
    for (String line : text.lines().toList()) {
      assertTrue(
          !line.strip().startsWith("%")
              || line.endsWith("({")
              || line.contains("stablehlo.while")
              || line.contains(" loc("),
          () -> "no location: " + line);
    }
  }

  /** Loops and rematerialized blocks do not change what is computed once per step. */
  @ParameterizedTest
  @CsvSource({"gpt2, 2, 9, DOTS", "gemma2, 4, 26, NOTHING", "gemma2, 4, 26, DOTS"})
  void printsALoopOfLayersOnce(String family, int few, int many, Remat remat) {
    assertEquals(
        looped(family, few, remat).lines().count(), looped(family, many, remat).lines().count());
  }

  /** A loop over layers of two kinds keeps their activations, and no copy of a weight. */
  @Test
  void keepsNoWeights() {
    String text = looped("gemma2", 6, Remat.NOTHING);
    // 3 repetitions; embed 8, mlp 12: the MLP's weights as a loop would stack them, one by one.
    assertTrue(text.contains("tensor<3x2x12x8xf32>"), "weights by repetition and place in it");
    assertFalse(text.contains("tensor<3x12x8xf32>"), "a stack of single weights");
  }

  private static String looped(String family, int layers, Remat remat) {
    return Emitter.emit(
        ModelPrograms.gradient(
            "step", ModelPrograms.model(family, layers, Layering.SCAN, remat), DType.F32, 7));
  }

  private static String text(String family, int layers, int length) {
    return Emitter.emit(
        ModelPrograms.gradient(
            "step",
            ModelPrograms.model(family, layers, Layering.UNROLL, Remat.NOTHING),
            DType.F32,
            length));
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
