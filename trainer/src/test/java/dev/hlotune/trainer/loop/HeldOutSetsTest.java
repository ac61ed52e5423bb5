package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.DatasetSpec;
import dev.hlotune.configs.Location;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several held-out data sets have a loss each, as transformers has for several. */
final class HeldOutSetsTest {
  @TempDir Path folder;

  @Test
  void eachHasItsLoss() throws IOException {
    TestClient.get();
    TinyRun tiny = new TinyRun(folder);
    Path one = tiny.data("one.jsonl", TinyRun.conversations(3));
    Path other =
        tiny.data(
            "other set.jsonl",
            List.of(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"no, not at all\"}]}"));
    run(tiny, "eval_datasets", "[{\"path\": \"%s\"}, {\"path\": \"%s\"}]".formatted(one, other));
    double first = tiny.figures("out", "eval_one_loss")[0];
    double second = tiny.figures("out", "eval_other_set_loss")[0];
    double all = tiny.figures("out", "eval_loss")[0];
    assertNotEquals(first, second);
    assertTrue(Math.min(first, second) < all && all < Math.max(first, second));
    assertEquals(Math.exp(all), tiny.figures("out", "eval_perplexity")[0], 1e-9);

    TinyRun alone = new TinyRun(folder.resolve("alone"));
    run(alone, "eval_dataset_name", one.toString());
    assertEquals(alone.figures("out", "eval_loss")[0], first, 1e-6);
    assertEquals(0, alone.figures("out", "eval_one_loss").length);
  }

  @Test
  void namesTellSetsApart() {
    assertEquals(
        List.of(
            "no_robots_main_test",
            "no_robots_main_train_10",
            "held_out",
            "spelling_bee",
            "held_out_2"),
        HeldOutNames.of(
            List.of(
                spec(new Location.OnHub("HuggingFaceH4/no_robots"), "main", "test"),
                spec(new Location.OnHub("HuggingFaceH4/no_robots"), "main", "train[:10%]"),
                DatasetSpec.of(new Location.Local(Path.of("a", "held-out.jsonl.gz"))),
                DatasetSpec.of(new Location.Task("spelling_bee")),
                DatasetSpec.of(new Location.Local(Path.of("b", "held-out.jsonl"))))));
  }

  private static DatasetSpec spec(Location path, String config, String split) {
    DatasetSpec all = DatasetSpec.of(path);
    return new DatasetSpec(
        path,
        Optional.of(config),
        Optional.of(split),
        all.dataDir(),
        all.dataFiles(),
        all.revision(),
        all.format(),
        all.columns(),
        all.textField(),
        all.weight(),
        all.repeat(),
        all.seed());
  }

  private static void run(TinyRun tiny, String key, String value) throws IOException {
    SftRun.run(
        SftRecipe.read(tiny.options("max_steps", "2", "eval_steps", "2", key, value)).config(),
        _ -> {},
        new AtomicBoolean());
  }
}
