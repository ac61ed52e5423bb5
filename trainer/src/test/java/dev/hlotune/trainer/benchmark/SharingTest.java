package dev.hlotune.trainer.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.loop.MeasuredModel;
import dev.hlotune.trainer.source.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that share their beginning come out as they do alone, whatever the model. */
final class SharingTest {
  private static final Origin ORIGIN = new Origin(Path.of("made"), 1);

  @BeforeEach
  void needsADevice() {
    TestClient.get();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "mistral", "gemma3"})
  void givesTheSameAsAlone(String name) throws IOException {
    try (MeasuredModel model = open(name)) {
      assertTrue(model.sharesBeginnings());
      List<List<Request>> questions = questions(model);
      Likelihoods.Measured shared = measured(model, questions, true);
      Likelihoods.Measured alone = measured(model, questions, false);
      assertEquals(alone.tokens(), shared.tokens());
      assertTrue(shared.positions() < alone.positions());
      double worst = 0;
      for (int i = 0; i < alone.values().length; i++) {
        assertTrue(alone.values()[i] < -1);
        worst = Math.max(worst, Math.abs(alone.values()[i] - shared.values()[i]));
      }
      assertTrue(worst < 1e-4, "largest difference " + worst);
    }
  }

  /** Its angles depend on how a text goes on. */
  @Test
  void longRopeSharesNothing() throws IOException {
    for (String name : List.of("phi3-longrope", "llama-longrope")) {
      try (MeasuredModel model = open(name)) {
        assertFalse(model.sharesBeginnings());
      }
    }
  }

  /** What is scored is never shared, and texts that begin otherwise have sheets of their own. */
  @Test
  void sharesWhatComesBeforeTheAnswer() {
    Request first = Request.of(new int[] {1, 2, 3}, new int[] {4, 5}, 9, ORIGIN);
    Request second = Request.of(new int[] {1, 2, 3}, new int[] {4, 6, 7}, 9, ORIGIN);
    Sheet sheet = Sheet.of(List.of(first, second), true).getFirst();
    assertEquals(2, sheet.shared());
    assertEquals(2 + 2 + 3, sheet.length());
    assertEquals(2, Sheet.of(List.of(first, second), false).size());
    Request other = Request.of(new int[] {2, 2, 3}, new int[] {4}, 9, ORIGIN);
    assertEquals(2, Sheet.of(List.of(first, other), true).size());
    Request cut = Request.of(new int[] {1, 2, 3}, new int[] {4, 5}, 3, ORIGIN);
    assertTrue(cut.cut() && cut.length() == 3 && cut.start() == 1, cut::toString);
  }

  private static Likelihoods.Measured measured(
      MeasuredModel model, List<List<Request>> questions, boolean sharing) throws IOException {
    List<ShardedBuffer> weights = model.weights();
    try (Likelihoods likelihoods = Likelihoods.prepare(model, _ -> {}, questions, sharing)) {
      return likelihoods.run(weights);
    } finally {
      weights.forEach(ShardedBuffer::close);
    }
  }

  private static MeasuredModel open(String name) throws IOException {
    return MeasuredModel.open(
        SftRecipe.read(
                List.of(
                    "--model_name_or_path",
                    Fixtures.path("models/" + name).toString(),
                    "--tokenizer_name_or_path",
                    Fixtures.path("data/tokenizer").toString(),
                    "--dataset_name",
                    "task:none",
                    "--cache_dir",
                    TinyRun.CACHE.toString(),
                    "--max_buckets",
                    "1",
                    "--per_device_eval_batch_size",
                    "2"))
            .config(),
        _ -> {});
  }

  private static List<List<Request>> questions(MeasuredModel model) {
    Random random = new Random(5);
    List<List<Request>> questions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int[] context = ids(random, 4 + 3 * i, model);
      List<Request> requests = new ArrayList<>();
      for (int choice = 0; choice < 2 + i % 3; choice++) {
        requests.add(Request.of(context, ids(random, 1 + (i + 2 * choice) % 6, model), 60, ORIGIN));
      }
      questions.add(requests);
    }
    return questions;
  }

  private static int[] ids(Random random, int count, MeasuredModel model) {
    return random.ints(count, 3, model.vocabulary()).toArray();
  }
}
