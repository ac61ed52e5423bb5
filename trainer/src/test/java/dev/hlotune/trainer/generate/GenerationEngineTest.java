package dev.hlotune.trainer.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.hlo.nn.Layering;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What an engine does beside taking the likeliest token; a Llama of 97 tokens, 64 positions. */
@TestInstance(Lifecycle.PER_CLASS)
class GenerationEngineTest {
  private static final List<int[]> PROMPTS =
      List.of(
          new int[] {37, 24, 44, 53, 42, 66, 34},
          new int[] {94, 26, 8},
          new int[] {38, 3, 13, 72, 37},
          new int[] {59, 65});

  private static final Sampling DRAWN = new Sampling(true, 0.9, 20, 0.95, 0.01, 1.2, 5);

  private final TinyEngine four = TinyEngine.of("llama", Layering.UNROLL, 4);
  private final TinyEngine one = TinyEngine.of("llama", Layering.UNROLL, 1);

  GenerationEngineTest() throws IOException {}

  @AfterAll
  void close() {
    four.close();
    one.close();
  }

  @Test
  void batchesDoNotMatter() {
    GenerationSettings settings = new GenerationSettings(20, DRAWN, Set.of(), Watching.NONE);
    List<Generated> together = four.generate(PROMPTS, settings);
    List<Generated> apart = one.generate(PROMPTS, settings);
    for (int i = 0; i < PROMPTS.size(); i++) {
      assertArrayEquals(apart.get(i).tokens(), together.get(i).tokens());
    }
    assertArrayEquals(together.get(1).tokens(), four.generate(PROMPTS, settings).get(1).tokens());
    Sampling other = new Sampling(true, 0.9, 20, 0.95, 0.01, 1.2, 6);
    assertNotEquals(
        Arrays.toString(together.get(0).tokens()),
        Arrays.toString(
            four.generate(PROMPTS, new GenerationSettings(20, other, Set.of(), Watching.NONE))
                .get(0)
                .tokens()));
  }

  /** Equal prompts are different rows, so their answers differ. */
  @Test
  void samplesOfOnePromptDiffer() {
    List<Generated> answers =
        four.generate(
            List.of(PROMPTS.get(0), PROMPTS.get(0), PROMPTS.get(0), PROMPTS.get(0)),
            new GenerationSettings(20, DRAWN, Set.of(), Watching.NONE));
    assertEquals(
        4, answers.stream().map(answer -> Arrays.toString(answer.tokens())).distinct().count());
  }

  /** With top_k 1 the likeliest token is drawn, whatever the noise. */
  @Test
  void theLikeliestOfOneIsGreedy() {
    // A penalty that is none, so that the same program serves.
    Sampling single = new Sampling(true, 1.5, 1, 0.95, 0.01, Math.nextUp(1.0), 3);
    assertArrayEquals(
        greedy(0, 20), four.generate(PROMPTS, settings(20, single)).getFirst().tokens());
  }

  /** What is forced stands in the answer, and the model goes on as if it had been in the prompt. */
  @Test
  void forcedTokensAreAsIfPrompted() {
    int[] plain = greedy(0, 24);
    int at = plain[5];
    int[] forced = {3, 88, 17};
    Watching force = watching(Set.of(at), token -> token == at, forced);
    int[] got =
        four.generate(PROMPTS, new GenerationSettings(24, Sampling.GREEDY, Set.of(), force))
            .getFirst()
            .tokens();
    int first = IntStream.range(0, 24).filter(i -> plain[i] == at).findFirst().orElseThrow();
    int[] begun = Arrays.copyOf(plain, first + 1);
    assertArrayEquals(begun, Arrays.copyOf(got, first + 1));
    assertArrayEquals(forced, Arrays.copyOfRange(got, first + 1, first + 4));
    int[] longer =
        IntStream.concat(
                IntStream.of(PROMPTS.get(0)),
                IntStream.concat(IntStream.of(begun), IntStream.of(forced)))
            .toArray();
    int left = 24 - first - 4;
    int[] after =
        one.generate(List.of(longer), GenerationSettings.greedy(24, Set.of())).getFirst().tokens();
    int same = IntStream.range(0, left).filter(i -> after[i] == at).findFirst().orElse(left - 1);
    assertArrayEquals(
        Arrays.copyOf(after, same + 1), Arrays.copyOfRange(got, first + 4, first + 5 + same));
  }

  @Test
  void aWatchEndsAnAnswer() {
    int[] plain = greedy(1, 24);
    Watching stop =
        new Watching() {
          @Override
          public RowWatch watch() {
            int[] seen = {0};
            return _ -> ++seen[0] == 7 ? RowWatch.STOP : RowWatch.GO_ON;
          }

          @Override
          public boolean pauses(int token) {
            return false;
          }
        };
    Generated got =
        four.generate(PROMPTS, new GenerationSettings(24, Sampling.GREEDY, Set.of(), stop)).get(1);
    assertArrayEquals(Arrays.copyOf(plain, 7), got.tokens());
    assertEquals(FinishReason.STOP, got.reason());
  }

  @Test
  void tokensAreToldAsTheyCome() {
    List<List<Integer>> told = new ArrayList<>();
    PROMPTS.forEach(_ -> told.add(new ArrayList<>()));
    List<Integer> sizes = new ArrayList<>();
    List<Generated> answers =
        four.engine()
            .generate(
                four.weights(),
                PROMPTS,
                GenerationSettings.greedy(20, Set.of()),
                Optional.of((prompt, tokens) -> {
                  sizes.add(tokens.length);
                  IntStream.of(tokens).forEach(told.get(prompt)::add);
                }),
                new AtomicBoolean());
    for (int i = 0; i < PROMPTS.size(); i++) {
      assertEquals(IntStream.of(answers.get(i).tokens()).boxed().toList(), told.get(i));
      assertArrayEquals(greedy(i, 20), answers.get(i).tokens());
    }
    assertEquals(1, sizes.getFirst());
    assertTrue(sizes.stream().allMatch(size -> size <= 4), sizes::toString);
  }

  @Test
  void aRowEndsWithThePositionsOfTheModel() {
    int[] prompt = IntStream.range(0, 60).map(i -> 3 + i).toArray();
    Generated answer =
        one.generate(List.of(prompt), GenerationSettings.greedy(20, Set.of())).getFirst();
    assertEquals(4, answer.tokens().length);
    assertEquals(FinishReason.LENGTH, answer.reason());
  }

  @Test
  void saysWhatIsWrongWithAPrompt() {
    assertEquals(
        "prompt: expected 1 to 63 tokens, as the model has 64 positions, got 64",
        message(List.of(new int[64])));
    assertEquals(
        "prompt 2: expected 1 to 63 tokens, as the model has 64 positions, got 0",
        message(List.of(new int[3], new int[0])));
    assertEquals(
        "prompt: expected token ids below the model's 97, got 97; is the tokenizer that of the model?",
        message(List.of(new int[] {5, 97})));
  }

  private String message(List<int[]> prompts) {
    return String.valueOf(
        assertThrows(
                ConfigException.class,
                () -> one.generate(prompts, GenerationSettings.greedy(4, Set.of())))
            .getMessage());
  }

  @Test
  void endsWhereItIsAskedToStop() {
    AtomicBoolean stop = new AtomicBoolean();
    Generated answer =
        one.engine()
            .generate(
                one.weights(),
                PROMPTS.subList(0, 1),
                GenerationSettings.greedy(24, Set.of()),
                Optional.of((_, _) -> stop.set(true)),
                stop)
            .getFirst();
    assertEquals(FinishReason.INTERRUPTED, answer.reason());
    assertEquals(1, answer.tokens().length);
  }

  @Test
  void nothingIsCompiledTwice() {
    GenerationSettings settings = GenerationSettings.greedy(20, Set.of());
    List<Integer> lengths = PROMPTS.stream().map(prompt -> prompt.length).toList();
    four.engine().prepare(lengths, settings);
    assertEquals(0, four.engine().missing(lengths, settings));
    assertFalse(four.engine().programs().isEmpty());
    assertTrue(four.engine().missing(List.of(40), settings) > 0);
  }

  private static GenerationSettings settings(int tokens, Sampling sampling) {
    return new GenerationSettings(tokens, sampling, Set.of(), Watching.NONE);
  }

  private int[] greedy(int prompt, int tokens) {
    return four.generate(PROMPTS, GenerationSettings.greedy(tokens, Set.of())).get(prompt).tokens();
  }

  /** Forces tokens the first time that one of some comes. */
  private static Watching watching(Set<Integer> pauses, IntPredicate when, int[] forced) {
    return new Watching() {
      @Override
      public RowWatch watch() {
        boolean[] done = {false};
        return token -> {
          if (!done[0] && when.test(token)) {
            done[0] = true;
            return new RowWatch.Verdict.Force(forced);
          }
          return RowWatch.GO_ON;
        };
      }

      @Override
      public boolean pauses(int token) {
        return pauses.contains(token);
      }
    };
  }
}
