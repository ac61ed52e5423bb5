package dev.hlotune.trainer.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.LoraConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.trainer.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What adapters come to, in numbers that PEFT printed for the same model. */
final class AdaptedModelTest {
  /** PEFT, of {@code openai-community/gpt2} with rank 16 on {@code c_attn} and {@code c_proj}. */
  private static final String LINE =
      "trainable params: 1,622,016 || all params: 126,061,824 || trainable%: 1.2867";

  /** With layers one by one and stacked, and with more room than the rank takes. */
  @ParameterizedTest
  @CsvSource({"UNROLL, 16", "SCAN, 16", "UNROLL, 64", "SCAN, 64"})
  void theRecipeForGpt2TrainsAsMuchAsWithPeft(Layering layering, int room) throws IOException {
    LoraConfig lora =
        SftRecipe.read(List.of(Repository.root().resolve("configs/gpt2-lora.yaml").toString()))
            .config()
            .model()
            .lora()
            .orElseThrow();
    AdapterConfig wanted =
        new AdapterConfig(
            Optional.empty(),
            Optional.empty(),
            lora.rank(),
            lora.alpha(),
            lora.dropout(),
            new TargetModules.Names(lora.targets()),
            lora.modulesToSave(),
            lora.rsLora(),
            lora.dora(),
            AdapterBias.valueOf(lora.bias().name()));
    // Where a configuration says nothing, GPT-2 is the small one.
    CausalModel gpt2 =
        Families.of(
            new ModelConfig(Map.of("model_type", "gpt2")), new Layout(layering, Remat.NOTHING));
    AdaptedModel adapted = AdaptedModel.of(gpt2, wanted, room);
    assertEquals(LINE, adapted.line());
    assertEquals(36, adapted.paths().size());
  }

  @ParameterizedTest
  @CsvSource({"configs/gpt2-lora.yaml", "docs/adapters.md"})
  void theNumberIsDocumented(String file) throws IOException {
    String text = Files.readString(Repository.root().resolve(file));
    assertTrue(text.contains(LINE), text);
  }
}
