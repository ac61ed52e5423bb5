package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.Llama;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.Rope;
import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Configurations as transformers reads them, recorded by {@code record_configs.py}. */
class ConfigFixturesTest {
  /** A file that leaves much out is the model that transformers makes of it. */
  @TestFactory
  Stream<DynamicTest> filesAreReadAsTransformersReadsThem() throws IOException {
    return Fixtures.json("configs.json").entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey(),
                () -> {
                  ModelConfig both = new ModelConfig(object(entry.getValue()));
                  CausalModel expected = model(both.object("read").keys());
                  assertEquals(expected, model(both.object("file").keys()));
                }));
  }

  /** Every family is among them, with nothing but its name. */
  @Test
  void everyFamilyHasItsDefaults() throws IOException {
    TreeSet<Object> found = new TreeSet<>();
    for (Object both : Fixtures.json("configs.json").values()) {
      Map<String, Object> file = new ModelConfig(object(both)).object("file").keys();
      if (file.size() == 1) {
        found.add(file.get("model_type"));
      }
    }
    assertEquals(new TreeSet<>(Families.names()), found);
  }

  @TestFactory
  Stream<DynamicTest> frequenciesAreThoseOfTransformers() throws IOException {
    return Fixtures.json("ropes.json").entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey(),
                () -> {
                  ModelConfig recorded = new ModelConfig(object(entry.getValue()));
                  CausalModel model = model(recorded.object("config").keys());
                  Rope rope = assertInstanceOf(Llama.class, model).rope();
                  List<Double> expected = recorded.numbers("frequencies");
                  float[] got = rope.frequencies();
                  assertEquals(expected.size(), got.length);
                  for (int i = 0; i < got.length; i++) {
                    // A rounding or two of f32: at position 100,000 a hundredth of a radian.
                    assertEquals(expected.get(i), got[i], 2e-7 * expected.get(i), "pair " + i);
                  }
                  double amplitude = recorded.number("amplitude");
                  assertEquals(amplitude, rope.scaling().amplitude(), 1e-12 * amplitude);
                }));
  }

  private static CausalModel model(Map<String, Object> config) {
    return Families.of(new ModelConfig(config), new Layout(Layering.SCAN, Remat.NOTHING));
  }

  @SuppressWarnings("unchecked") // A parsed JSON object has string keys.
  private static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }
}
