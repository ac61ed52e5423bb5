package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs with dropout, noise, other losses and float16. */
@Tag("slow")
class RegularizedRunTest {
  @TempDir Path folder;
  private TinyRun tiny;
  private final List<RunEvent> events = new ArrayList<>();

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  private double[] losses(String output, String config, String... options) throws IOException {
    events.clear();
    List<String> all =
        new ArrayList<>(
            List.of(
                "model_name_or_path", tiny.model("model", config).toString(),
                "output_dir", tiny.path(output).toString()));
    all.addAll(List.of(options));
    RunSummary summary =
        SftRun.run(
            SftRecipe.read(tiny.options(all.toArray(String[]::new))).config(),
            events::add,
            new AtomicBoolean());
    assertEquals(RunSummary.Outcome.DONE, summary.outcome());
    assertEquals(0, summary.recompiles());
    return tiny.figures(output, "loss");
  }

  @ParameterizedTest
  @CsvSource({
    "attention_dropout,0.3",
    "resid_pdrop,0.3",
    "embd_pdrop,0.3",
    "neftune_noise_alpha,20",
    "label_smoothing_factor,0.2",
    "z_loss,0.01",
    "loss_type,dft"
  })
  void eachChangesTheRunAndIsTheSameForOneSeed(String key, String value) throws IOException {
    double[] plain = losses("plain", TinyRun.GPT2);
    double[] once = losses("once", TinyRun.GPT2, key, value);
    double[] again = losses("again", TinyRun.GPT2, key, value);
    assertArrayEquals(once, again);
    assertFalse(Arrays.equals(plain, once), key);
    // A token's loss times its probability rises at first, while the probability does.
    assertTrue(
        key.equals("loss_type") || once[once.length - 1] < once[0], () -> Arrays.toString(once));
  }

  /** What config.json says is done, as in transformers, and a key goes over it. */
  @Test
  void theModelsOwnDropoutIsItsDefault() throws IOException {
    String dropping = TinyRun.GPT2.replace("\"attn_pdrop\": 0.0", "\"attn_pdrop\": 0.4");
    double[] plain = losses("plain", TinyRun.GPT2);
    double[] own = losses("own", dropping);
    double[] named = losses("named", TinyRun.GPT2, "attention_dropout", "0.4");
    double[] none = losses("none", dropping, "attention_dropout", "0");
    assertArrayEquals(own, named);
    assertArrayEquals(plain, none);
    assertFalse(Arrays.equals(plain, own));
  }

  /** Micro-batches drop apart from one another, and layers as a loop drop as one by one. */
  @Test
  void dropsTheSameHoweverLayersAreComputed() throws IOException {
    String[] options = {
      "attention_dropout", "0.2",
      "resid_pdrop", "0.2",
      "embd_pdrop", "0.1",
      "neftune_noise_alpha", "5",
      "gradient_accumulation_steps", "2"
    };
    losses("base", TinyRun.GPT2);
    List<String> each = new ArrayList<>(List.of(options));
    each.addAll(List.of("model_name_or_path", tiny.path("base/final").toString()));
    double[] unrolled = losses("unrolled", TinyRun.GPT2, each.toArray(String[]::new));
    each.addAll(List.of("gradient_checkpointing", "full"));
    double[] scanned = losses("scanned", TinyRun.GPT2, each.toArray(String[]::new));
    assertArrayEquals(unrolled, scanned, 1e-4);
  }

  @Test
  void learnsInFloat16() throws IOException {
    double[] wide = losses("wide", TinyRun.GPT2);
    double[] narrow = losses("narrow", TinyRun.GPT2, "fp16", "true");
    // A step that is left out while the scale falls costs some.
    assertEquals(wide[wide.length - 1], narrow[narrow.length - 1], 0.5);
    assertTrue(narrow[narrow.length - 1] < narrow[0]);
    assertFalse(Arrays.equals(wide, narrow));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          embd_pdrop=0.1 | expected 0 for a model of type 'llama'
          resid_pdrop=0.1 | expected 0 for a model of type 'llama'
          attention_dropout=1 | expected a number of at least 0 and below 1
          label_smoothing_factor=0.1;loss_type=dft | expected 0 beside 'loss_type' 'dft'
          """)
  void whatCannotBeIsSaid(String options, String message) {
    List<String> all = new ArrayList<>();
    for (String option : options.split(";", -1)) {
      all.addAll(List.of(option.split("=", 2)));
    }
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> losses("out", TinyRun.LLAMA, all.toArray(String[]::new)));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }
}
