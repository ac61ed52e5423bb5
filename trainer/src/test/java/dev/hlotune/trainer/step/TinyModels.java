package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.BatchCounts;
import dev.hlotune.trainer.data.Bucket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Models of two narrow layers, and random batches for them. */
final class TinyModels {
  static final int WORDS = 23;

  private TinyModels() {}

  private static final Map<String, Object> SIZES =
      Map.of(
          "vocab_size", WORDS,
          "hidden_size", 16,
          "intermediate_size", 24,
          "num_hidden_layers", 2,
          "num_attention_heads", 4,
          "num_key_value_heads", 2,
          "max_position_embeddings", 128);

  private static final Map<String, Map<String, Object>> FAMILIES =
      Map.of(
          "gpt2", Map.of("n_positions", 128, "n_embd", 16, "n_layer", 2, "n_head", 2),
          "llama", Map.of(),
          "gemma2", Map.of("head_dim", 4, "sliding_window", 30));

  /** The family {@code gpt2}, or {@code llama} or {@code gemma2} with queries in groups. */
  static CausalModel of(String family, Layering layering) {
    Map<String, Object> config = new HashMap<>(SIZES);
    config.putAll(Objects.requireNonNull(FAMILIES.get(family)));
    config.put("model_type", family);
    return Families.of(new ModelConfig(config), new Layout(layering, Remat.NOTHING));
  }

  /** One document in each row, half of its tokens supervised, those of some rows not at all. */
  static Batch batch(long seed, Bucket bucket, int microBatches) {
    Random random = new Random(seed);
    int length = bucket.length();
    int size = microBatches * bucket.tokens();
    int[] tokens = random.ints(size, 0, WORDS).toArray();
    int[] targets = new int[size];
    int[] segments = new int[size];
    int[] positions = new int[size];
    float[] weights = new float[size];
    Arrays.fill(segments, 1);
    for (int i = 0; i < size; i++) {
      positions[i] = i % length;
      boolean silent = i / length / 2 % 4 == 1;
      if (positions[i] < length - 1) {
        targets[i] = tokens[i + 1];
        weights[i] = silent ? 0 : random.nextInt(2) * 0.5f;
      }
    }
    double weight = 0;
    long supervised = 0;
    for (float value : weights) {
      weight += value;
      supervised += value == 0 ? 0 : 1;
    }
    return new Batch(
        bucket,
        microBatches,
        tokens,
        targets,
        segments,
        positions,
        weights,
        new BatchCounts(size / length, size, supervised, weight, 0, 0));
  }
}
