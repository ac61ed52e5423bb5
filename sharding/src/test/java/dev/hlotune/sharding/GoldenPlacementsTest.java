package dev.hlotune.sharding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.LoraModel;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Where every preset puts what two families are made of. {@code ./mvnw test -pl sharding -am
 * -Dtest=GoldenPlacementsTest -Dgolden.update} records it anew.
 */
class GoldenPlacementsTest {
  private static final Path FOLDER = root().resolve("src/test/resources/placements");
  private static final boolean UPDATE = System.getProperty("golden.update") != null;
  private static final List<String> FAMILIES = List.of("gpt2", "llama");

  private static final Map<String, Object> SIZES =
      Map.of(
          "vocab_size", 64,
          "hidden_size", 32,
          "intermediate_size", 96,
          "num_attention_heads", 8,
          "num_key_value_heads", 4,
          "n_positions", 128,
          "max_position_embeddings", 128,
          "n_embd", 32,
          "n_head", 8);

  @TestFactory
  Stream<DynamicTest> areAsRecorded() {
    return Stream.of(ShardingPreset.values())
        .flatMap(preset ->
            FAMILIES.stream()
                .map(family ->
                    DynamicTest.dynamicTest(file(preset, family), () -> check(preset, family))));
  }

  private static void check(ShardingPreset preset, String family) throws IOException {
    String text = text(preset.on(mesh(preset)), model(family));
    Path file = FOLDER.resolve(file(preset, family));
    if (UPDATE) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, text);
    }
    assertTrue(Files.exists(file), () -> file + ": none; record it with -Dgolden.update");
    assertEquals(Files.readString(file), text, file + "; record it with -Dgolden.update");
  }

  @Test
  void noFileIsLeftOver() throws IOException {
    Set<String> expected = new TreeSet<>();
    for (ShardingPreset preset : ShardingPreset.values()) {
      FAMILIES.forEach(family -> expected.add(file(preset, family)));
    }
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertEquals(
          expected,
          files
              .map(path -> path.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new)));
    }
  }

  private static String file(ShardingPreset preset, String family) {
    return preset.spelled() + "-" + family + ".txt";
  }

  /** Two or four devices along the axes that a preset is about. */
  private static Mesh mesh(ShardingPreset preset) {
    return Mesh.of(
        new Axis("data", preset.mainAxis().equals("data") ? 4 : 1),
        new Axis("fsdp", preset.mainAxis().equals("fsdp") ? 4 : 1),
        new Axis("sequence", preset.mainAxis().equals("sequence") ? 2 : 1),
        new Axis(
            "tensor", preset == ShardingPreset.TP || preset == ShardingPreset.FSDP_TP ? 2 : 1));
  }

  private static CausalModel model(String family) {
    Map<String, Object> config = new HashMap<>(SIZES);
    config.putAll(Map.of("model_type", family, "num_hidden_layers", 2, "n_layer", 2));
    CausalModel base =
        Families.of(new ModelConfig(config), new Layout(Layering.SCAN, Remat.NOTHING));
    List<String> layers = LoraModel.linearLayers(base);
    return new LoraModel(base, 4, layers.subList(0, layers.size() - 1), false);
  }

  private static String text(ShardingRules rules, CausalModel model) {
    StringBuilder text = new StringBuilder("mesh " + rules.mesh().axes() + "\n\nweights\n");
    model
        .parameters()
        .map((name, spec) -> text.append(line(name, spec.shape(), rules)).append('\n'));
    text.append("\nbatch\n");
    Shape ids = Shape.of(DType.I32, new Axis("batch", 8), new Axis("seq", 16));
    text.append("tokens ").append(split(rules.computation().place(ids))).append('\n');
    Shape states = ids.withDtype(DType.BF16).append(new Axis("embed", 32));
    text.append("states ").append(split(rules.computation().place(states))).append('\n');
    Spread spread = rules.spread();
    text.append(
        "spread Spread[rows=%d, length=%d, width=%d]\n"
            .formatted(spread.rows(), spread.length(), spread.width()));
    return text.toString();
  }

  /** Where a weight is stored, and where else what belongs to it lies somewhere else. */
  private static String line(String name, Shape shape, ShardingRules rules) {
    String stored = split(rules.weights().place(shape));
    String line = name + " " + stored;
    Map<String, AxisRules> others = new LinkedHashMap<>();
    others.put("used", rules.computation());
    others.put("gradient", rules.gradients());
    others.put("state", rules.state());
    for (Map.Entry<String, AxisRules> other : others.entrySet()) {
      String placed = split(other.getValue().place(shape));
      if (!placed.equals(stored)) {
        line += ", " + other.getKey() + " " + placed;
      }
    }
    return line;
  }

  /** Mesh axes of size 1 split nothing. */
  private static String split(Placement placement) {
    return new Placement(
            placement.mesh(),
            placement.shape(),
            placement.splits().stream()
                .map(split ->
                    split.stream().filter(axis -> placement.mesh().size(axis) > 1).toList())
                .toList())
        .toString();
  }

  private static Path root() {
    String property = System.getProperty("hlotune.root", "");
    return property.isEmpty() ? Path.of("") : Path.of(property).resolve("sharding");
  }
}
