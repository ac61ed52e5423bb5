package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.sharding.ShardingPreset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What devices tell one another in a step of a model whose layers are a loop. The compiler for CPUs
 * writes an all-reduce and a slice where others write a reduce-scatter.
 */
final class ExpectedCollectives {
  private ExpectedCollectives() {}

  static void check(ShardingPreset preset, MeshSteps.Case what, List<Collectives> found) {
    ParamMap<ParameterSpec> weights = what.model().parameters();
    long all = elements(weights);
    long layer = elements(weights.subset((name, _) -> name.contains(".*."))) / MeshSteps.LAYERS;
    long words = 64 * 32;
    long batch = MeshSteps.BUCKET.tokens();
    String text = found.stream().map(Collectives::toString).collect(Collectors.joining("\n"));
    switch (preset) {
      case DDP -> {
        // Gradients, each once, and a few numbers. Neither the batch nor states nor logits move.
        assertEquals(Set.of("all-reduce"), kinds(found), text);
        assertEquals(layer, sum(found, "all-reduce", true), text);
        long outside = sum(found, "all-reduce", false);
        assertTrue(
            outside >= all - MeshSteps.LAYERS * layer
                && outside <= all - MeshSteps.LAYERS * layer + words + 8,
            text);
      }
      case ZERO1 -> {
        // Gradients are summed whole; weights that were updated in parts are gathered.
        assertEquals(layer, sum(found, "all-reduce", true), text);
        assertEquals(0, sum(found, "all-gather", true), text);
        assertTrue(sum(found, "all-gather", false) <= all, text);
        assertTrue(sum(found, "all-gather", false) >= all * 0.95, text);
      }
      case ZERO2, ZERO3 -> {
        assertEquals(layer, sum(found, "all-reduce", true), text);
        if (preset == ShardingPreset.ZERO3) {
          // Each layer's weights in the loop forward and in the one back, what has the axis.
          long gathered = sum(found, "all-gather", true);
          assertTrue(gathered <= 2 * layer && gathered >= 1.9 * layer, text);
          assertTrue(
              sum(found, "all-gather", false) <= all - MeshSteps.LAYERS * layer + words + 2 * batch,
              text);
        } else {
          assertEquals(0, sum(found, "all-gather", true), text);
        }
      }
      case TP -> {
        // Two a layer forward, of the states; as many back, of one or more parts each.
        List<Collectives> reduced =
            found.stream()
                .filter(one -> one.looped() && one.kind().equals("all-reduce"))
                .filter(one -> one.elements() % (batch * 32) == 0)
                .toList();
        assertEquals(4, reduced.size(), text);
        assertFalse(kinds(found).contains("collective-permute"), text);
        long gathered = sum(found, "all-gather", true);
        // GPT-2 has queries, keys and values in one weight, which is split otherwise than it is
        // used: it is gathered forward and back, and so is its gradient.
        assertTrue(
            what.family().equals("gpt2") ? gathered <= 3 * 33 * 96 + 96 : gathered == 0, text);
      }
      case FSDP_TP -> {
        assertTrue(sum(found, "all-gather", true) > 0, text);
        assertTrue(sum(found, "all-reduce", true) > 0, text);
      }
      case SP -> {
        // Keys and values of whole rows, 8 heads of 4, and no states of whole rows.
        List<Collectives> gathered =
            found.stream()
                .filter(one -> one.kind().equals("all-gather"))
                .filter(one -> one.shapes().stream().anyMatch(Collectives.Array::floating))
                .toList();
        assertTrue(gathered.size() >= 2 && gathered.size() <= 4, text);
        assertTrue(gathered.stream().allMatch(one -> one.elements() == batch * 32), text);
      }
    }
  }

  private static Set<String> kinds(List<Collectives> found) {
    return found.stream().map(Collectives::kind).collect(Collectors.toCollection(TreeSet::new));
  }

  private static long sum(List<Collectives> found, String kind, boolean looped) {
    return found.stream()
        .filter(one -> one.kind().equals(kind) && one.looped() == looped)
        .mapToLong(Collectives::elements)
        .sum();
  }

  private static long elements(ParamMap<ParameterSpec> weights) {
    return weights.values().stream().mapToLong(spec -> spec.shape().elements()).sum();
  }
}
