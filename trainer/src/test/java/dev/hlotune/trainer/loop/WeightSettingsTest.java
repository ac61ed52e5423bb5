package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.trainer.TinyRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rates and decays by weight, as a recipe asks for them, whether layers are stacked or not. */
class WeightSettingsTest {
  private static final int WIDTH = 48;

  @TempDir private Path folder;

  private static ParamMap<Shape> weights(Layering layering) {
    CausalModel model =
        Families.of(
            new ModelConfig(
                Map.of(
                    "model_type", "llama",
                    "vocab_size", 10,
                    "hidden_size", WIDTH,
                    "intermediate_size", 8,
                    "num_hidden_layers", 3,
                    "num_attention_heads", 2,
                    "num_key_value_heads", 1,
                    "max_position_embeddings", 16,
                    "tie_word_embeddings", false)),
            new Layout(layering, Remat.NOTHING));
    return model.parameters().map(ParameterSpec::shape);
  }

  private WeightSettings settings(Layering layering, String... keys) throws IOException {
    SftConfig config = config(keys);
    return WeightSettings.of(
        config.optimizer(), config.schedule().learningRate(), weights(layering), WIDTH);
  }

  private SftConfig config(String... keys) throws IOException {
    return SftRecipe.read(new TinyRun(folder).options(keys)).config();
  }

  private static void check(WeightSettings settings, String name, double factor, double decay) {
    WeightSettings.Setting setting = settings.of(name);
    assertEquals(factor, setting.factor(), 1e-12 * factor, name);
    assertEquals(decay, setting.decay(), name);
  }

  @ParameterizedTest
  @EnumSource
  void groupsGoByNamesInFiles(Layering layering) throws IOException {
    WeightSettings settings =
        settings(
            layering,
            "learning_rate",
            "0.01",
            "weight_decay",
            "0.1",
            "parameter_groups",
            """
            [{"params": "layers\\\\.[01]\\\\.", "learning_rate": 0.005},
             {"params": "^lm_head|^model\\\\.norm", "weight_decay": 0.3}]
            """);
    check(settings, "model.layers.0.mlp.up_proj.weight", 0.5, 0.1);
    check(settings, "model.layers.1.input_layernorm.weight", 0.5, 0);
    check(settings, "model.layers.2.mlp.up_proj.weight", 1, 0.1);
    check(settings, "model.layers.2.input_layernorm.weight", 1, 0);
    check(settings, "lm_head.weight", 1, 0.3);
    check(settings, "model.norm.weight", 1, 0.3);
    check(settings, "model.embed_tokens.weight", 1, 0.1);
  }

  /** nanochat: rates of embedding and head times (width / 768)^-0.5, all times init_lr_frac. */
  @ParameterizedTest
  @EnumSource
  void ratesBesideMuonAreThoseOfNanochat(Layering layering) throws IOException {
    String[] keys = {
      "optim", "muon",
      "matrix_lr", "0.02",
      "learning_rate", "0.02",
      "embedding_lr", "0.2",
      "unembedding_lr", "0.004",
      "scalar_lr", "0.005",
      "init_lr_frac", "0.02",
      "weight_decay", "0.1",
      "optim_args", "matrix_weight_decay=0.2",
      "parameter_groups", "[{\"params\": \"layers.2.mlp.down_proj\", \"lr\": 0.06}]"
    };
    keys[2] = "optim_state_dtype";
    keys[3] = "bfloat16";
    WeightSettings settings = settings(layering, keys);
    double scale = Math.pow(WIDTH / 768.0, -0.5);
    assertEquals(4, scale);
    check(settings, "model.embed_tokens.weight", 0.2 * scale / 0.02, 0.1);
    check(settings, "lm_head.weight", 0.004 * scale / 0.02, 0.1);
    check(settings, "model.norm.weight", 0.25, 0);
    check(settings, "model.layers.1.mlp.down_proj.weight", 1, 0.2);
    check(settings, "model.layers.2.mlp.down_proj.weight", 3, 0.2);
    assertEquals(0.02 * 0.02, config(keys).schedule().highestRate());
    assertEquals(
        List.of(
            "'layers.2.mlp.down_proj': 384 weights in 1 tensor, rate 1.20e-03, decay 0.2",
            "biases and norms: 336 weights in 7 tensors, rate 1.00e-04, decay 0.0",
            "embeddings: 480 weights in 1 tensor, rate 1.60e-02, decay 0.1",
            "head: 480 weights in 1 tensor, rate 3.20e-04, decay 0.1",
            "matrices, by muon: 23,808 weights in 20 tensors, rate 4.00e-04, decay 0.2"),
        settings.lines(4e-4));
  }

  @Test
  void aPlainRecipeHasOneLine() throws IOException {
    OptimizerRecipe recipe =
        OptimizerRecipe.of(config(), weights(Layering.SCAN), WIDTH, _ -> false);
    assertEquals(List.of("adamw, state of 8.00 bytes for each weight"), recipe.lines());
  }

  @ParameterizedTest
  @EnumSource
  void groupsThatDoNotFitAreAllTold(Layering layering) {
    ConfigException thrown =
        assertThrows(
            ConfigException.class,
            () ->
                settings(
                    layering,
                    "parameter_groups",
                    """
                    [{"params": "layers", "learning_rate": 0.005},
                     {"params": "wte", "weight_decay": 0.3},
                     {"params": "layers\\\\.1\\\\.mlp", "weight_decay": 0}]
                    """));
    List<String> problems = thrown.problems().stream().map(p -> p.message()).toList();
    assertEquals(2, problems.size());
    assertTrue(
        problems
            .get(0)
            .startsWith(
                "'parameter_groups': entry 2: expected 'params' to be found in the name of a trained weight, got 'wte', which is in none of 30; one of them is 'model.layers."),
        problems.get(0));
    assertTrue(
        problems
            .get(1)
            .matches(
                "'parameter_groups': expected each weight in one group, got"
                    + " 'model.layers.1.mlp.\\w+.weight' in entries 1 and 3"),
        problems.get(1));
  }
}
