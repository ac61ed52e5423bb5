package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureTest {
  @TempDir private Path folder;

  private static MixtureShares.Wish times(double repeat) {
    return new MixtureShares.Wish(OptionalDouble.empty(), repeat, 1);
  }

  private static MixtureShares.Wish part(double weight) {
    return new MixtureShares.Wish(OptionalDouble.of(weight), 1, 1);
  }

  @Test
  void repeatsMultiply() {
    assertArrayEquals(
        new long[] {20, 5, 7},
        MixtureShares.of(
            new int[] {10, 10, 7},
            List.of(times(2), times(0.5), times(1)),
            MixtureShares.Stop.FIRST_EXHAUSTED));
  }

  @Test
  void weightsAreParts() {
    int[] sizes = {1_000, 100};
    List<MixtureShares.Wish> wishes = List.of(part(3), part(1));
    assertArrayEquals(
        new long[] {300, 100}, MixtureShares.of(sizes, wishes, MixtureShares.Stop.FIRST_EXHAUSTED));
    assertArrayEquals(
        new long[] {1_000, 333}, MixtureShares.of(sizes, wishes, MixtureShares.Stop.ALL_EXHAUSTED));
  }

  @Test
  void weightsAreForAllOrNone() {
    DataException some =
        assertThrows(
            DataException.class,
            () ->
                MixtureShares.of(
                    new int[] {1, 1},
                    List.of(part(1), times(1)),
                    MixtureShares.Stop.ALL_EXHAUSTED));
    assertEquals(
        "mixture: expected a weight for every data set or for none, got 1 of 2", some.getMessage());
  }

  @Test
  void whatIsDrawnIsDecidedByTheSeed() {
    int[] all = IntStream.range(0, 100).toArray();
    int[] drawn = MixtureShares.draw(all, 230, 5);
    int[] count = new int[100];
    for (int index : drawn) {
      count[index]++;
    }
    assertEquals(230, drawn.length);
    assertEquals(30, Arrays.stream(count).filter(times -> times == 3).count());
    assertEquals(70, Arrays.stream(count).filter(times -> times == 2).count());
    assertArrayEquals(drawn, MixtureShares.draw(all, 230, 5));
    assertTrue(!Arrays.equals(drawn, MixtureShares.draw(all, 230, 6)));
  }

  private PreparedData prepare(Tokenizer tokenizer, String name, int count, int maxLength)
      throws IOException {
    String[] lines = new String[count];
    Arrays.setAll(lines, i -> "{\"text\": \"" + name + " " + "word ".repeat(i % 7) + i + "\"}");
    Path file = TestData.lines(folder, name + ".jsonl", lines);
    DataOptions options =
        new DataOptions(
            DataSource.of(List.of(file)),
            ChatTemplate.named("chatml"),
            Supervision.DEFAULT,
            maxLength,
            Truncation.SPLIT,
            OnBadRecord.ERROR);
    return PreparedData.open(options, tokenizer, 512, folder.resolve("cache"), 1, Progress.NONE);
  }

  @Test
  void examplesComeFromTheirSources() throws IOException {
    try (Tokenizer tokenizer = TestData.smallTokenizer();
        PreparedData a = prepare(tokenizer, "a", 5, 64);
        PreparedData b = prepare(tokenizer, "b", 3, 64)) {
      Mixture mixed =
          Mixture.of(
              List.of(
                  Mixture.Part.all(a),
                  new Mixture.Part(b, new int[] {2, 0, 2}),
                  new Mixture.Part(a, new int[] {4})));
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < mixed.size(); i++) {
        int[] ids = mixed.get(i).ids();
        assertEquals(ids.length, mixed.length(i));
        texts.add(tokenizer.decode(ids, true).replaceAll("( word)+", ""));
        assertTrue(mixed.origin(i).toString().contains(texts.getLast().charAt(0) + ".jsonl:"));
      }
      assertEquals(
          List.of("a 0", "a 1", "a 2", "a 3", "a 4", "b 2", "b 0", "b 2", "a 4"),
          texts.stream().map(text -> text.replace("  ", " ")).toList());
      assertEquals(5 + 3 + 5, mixed.statistics().examples());
      assertEquals(
          List.of("[0, 1, 2, 3, 4]", "[0, 2]", "[4]"),
          mixed.distinct().stream().map(part -> Arrays.toString(part.examples())).toList());
      assertEquals("[0, 1, 2]", Arrays.toString(Mixture.of(b).distinct().getFirst().examples()));
    }
  }

  @Test
  void piecesOfOneRecordAreHeldOutTogether() throws IOException {
    try (Tokenizer tokenizer = TestData.smallTokenizer();
        PreparedData data = prepare(tokenizer, "long", 40, 8)) {
      assertTrue(data.size() > 40);
      HeldOutSplit split = HeldOutSplit.of(data, 0.25, 3);
      List<String> train = origins(data, split.train());
      List<String> heldOut = origins(data, split.heldOut());
      assertEquals(30, train.size());
      assertEquals(10, heldOut.size());
      assertTrue(train.stream().noneMatch(heldOut::contains));
      assertEquals(data.size(), split.train().length + split.heldOut().length);
      assertArrayEquals(split.heldOut(), HeldOutSplit.of(data, 10, 3).heldOut());
      assertEquals(
          "test_size: expected to leave records on both sides of 40, got 40 held out",
          assertThrows(DataException.class, () -> HeldOutSplit.of(data, 40, 3)).getMessage());
    }
  }

  private static List<String> origins(PreparedData data, int[] examples) {
    return Arrays.stream(examples)
        .mapToObj(example -> data.origin(example).toString())
        .distinct()
        .toList();
  }
}
