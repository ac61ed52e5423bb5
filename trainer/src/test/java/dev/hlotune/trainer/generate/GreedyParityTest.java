package dev.hlotune.trainer.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Greedy answers of tiny models, token for token those that transformers recorded. */
class GreedyParityTest {
  /** One of each family, with the windows, kinds of layers and angles that it can have. */
  private static final List<String> FAMILIES =
      List.of(
          "gpt2",
          "llama",
          "mistral",
          "qwen2-windows",
          "qwen3-variant",
          "smollm3",
          "phi3-longrope",
          "gemma",
          "gemma2",
          "gemma3",
          "nanochat-transformers");

  static Stream<String> families() {
    return FAMILIES.stream();
  }

  static Stream<String> others() throws IOException {
    return Fixtures.json("generation/greedy.json").keySet().stream()
        .filter(name -> !FAMILIES.contains(name));
  }

  @ParameterizedTest
  @MethodSource("families")
  void oneBatchOfPromptsOfSeveralLengths(String name) throws IOException {
    check(name);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("others")
  void furtherModels(String name) throws IOException {
    check(name);
  }

  private static void check(String name) throws IOException {
    Case recorded = Case.of(Fixtures.json("generation/greedy.json"), name);
    try (TinyEngine tiny = TinyEngine.of(name, Layering.UNROLL, 4)) {
      List<Generated> got =
          tiny.generate(recorded.prompts, GenerationSettings.greedy(32, Set.of()));
      for (int i = 0; i < got.size(); i++) {
        assertEquals(
            Arrays.toString(recorded.answers.get(i)), Arrays.toString(got.get(i).tokens()));
        assertEquals(FinishReason.LENGTH, got.get(i).reason());
      }
    }
  }

  @Test
  void endsWithTheFirstEndToken() throws IOException {
    Map<String, Object> file = Fixtures.json("generation/ended.json");
    Case recorded = Case.of(file, "llama");
    Map<?, ?> llama = (Map<?, ?>) Objects.requireNonNull(file.get("llama"));
    List<?> ends = (List<?>) Objects.requireNonNull(llama.get("ends"));
    try (TinyEngine tiny = TinyEngine.of("llama", Layering.UNROLL, 2)) {
      List<Generated> got =
          tiny.generate(
              recorded.prompts,
              GenerationSettings.greedy(32, Set.of((Integer) ends.get(0), (Integer) ends.get(1))));
      for (int i = 0; i < got.size(); i++) {
        int[] expected = recorded.answers.get(i);
        assertEquals(Arrays.toString(expected), Arrays.toString(got.get(i).tokens()));
        boolean ended = ends.contains(expected[expected.length - 1]);
        assertEquals(ended ? FinishReason.END_TOKEN : FinishReason.LENGTH, got.get(i).reason());
        assertEquals(expected.length - (ended ? 1 : 0), got.get(i).answer().length);
      }
    }
  }

  /** What was recorded of one model. */
  private record Case(List<int[]> prompts, List<int[]> answers) {
    static Case of(Map<String, Object> file, String name) {
      Map<?, ?> model = (Map<?, ?>) Objects.requireNonNull(file.get(name));
      return new Case(
          rows(Objects.requireNonNull(model.get("prompts"))),
          rows(Objects.requireNonNull(model.get("answers"))));
    }

    private static List<int[]> rows(Object value) {
      return ((List<?>) value)
          .stream()
              .map(row ->
                  ((List<?>) row).stream().mapToInt(token -> ((Number) token).intValue()).toArray())
              .toList();
    }
  }
}
