package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedDataTest {
  private static Tokenizer tokenizer;
  @TempDir private Path folder;

  @BeforeAll
  static void load() {
    tokenizer = TestData.smallTokenizer();
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  /** More lines than fit one chunk, of all kinds, some of them bad. */
  private static String[] lines(int count) {
    SplittableRandom random = new SplittableRandom(count);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String words = "word ".repeat(random.nextInt(1, 40)) + i;
      lines.add(
          switch (i % 5) {
            case 0 -> "{\"text\": \"" + words + " é 🎉\"}";
            case 1 -> "{\"prompt\": \"say\", \"completion\": \"" + words + "\"}";
            case 2 -> "{\"question\": \"" + words + "\", \"answer\": \"" + i + "\"}";
            case 3 -> "{\"messages\": [{\"role\": \"user\", \"content\": \"" + words + "\"}]}";
            default -> i % 10 == 4 ? "{\"broken\"" : "{\"instruction\": \"x\", \"output\": \"y\"}";
          });
    }
    return lines.toArray(String[]::new);
  }

  private DataOptions options(Path... files) {
    return new DataOptions(
        DataSource.of(List.of(files)),
        ChatTemplate.named("guide"),
        Supervision.DEFAULT,
        60,
        Truncation.KEEP_START,
        OnBadRecord.SKIP);
  }

  private static PreparedData open(DataOptions options, Path cache, int threads) {
    return PreparedData.open(options, tokenizer, 512, cache, threads, Progress.NONE);
  }

  private static void assertSame(PreparedData a, PreparedData b) {
    assertEquals(a.statistics(), b.statistics());
    assertEquals(a.key(), b.key());
    for (int i = 0; i < a.size(); i++) {
      assertArrayEquals(a.get(i).ids(), b.get(i).ids());
      assertArrayEquals(a.get(i).weights(), b.get(i).weights());
      assertEquals(a.origin(i), b.origin(i));
      assertEquals(a.get(i).length(), a.length(i));
    }
  }

  @Test
  void theNumberOfThreadsDoesNotMatter() throws IOException {
    Path a = TestData.lines(folder, "a.jsonl", lines(3_000));
    Path b = TestData.lines(folder, "b.jsonl", lines(700));
    try (PreparedData one = open(options(a, b), folder.resolve("1"), 1);
        PreparedData many = open(options(a, b), folder.resolve("7"), 7)) {
      assertSame(one, many);
      assertEquals(3_700, one.statistics().records());
      assertEquals(370, one.statistics().dropped().get(DropReason.BAD_RECORD));
      assertEquals(740, one.statistics().dropped().get(DropReason.NO_ASSISTANT_TURN));
      assertEquals(PreparationStatistics.MOST_REPORTS, one.statistics().reports().size());
    }
  }

  @Test
  void theFirstBadLineIsNamedWhateverTheThreads() throws IOException {
    String[] lines = lines(3_000);
    Path file = TestData.lines(folder, "a.jsonl", lines);
    DataOptions options = DataOptions.of(List.of(file), ChatTemplate.named("guide"), 60);
    for (int threads : new int[] {1, 5}) {
      Path cache = folder.resolve("cache");
      DataException refused =
          assertThrows(DataException.class, () -> open(options, cache, threads).close());
      assertEquals(5, refused.line());
      try (Stream<Path> left = Files.list(cache.resolve("data"))) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @Test
  void whatWasPreparedIsOpenedAgain() throws IOException {
    Path file = TestData.lines(folder, "a.jsonl", lines(400));
    AtomicLong calls = new AtomicLong();
    Progress counting = (bytes, total, tokens) -> calls.incrementAndGet();
    try (PreparedData first =
        PreparedData.open(options(file), tokenizer, 512, folder, 2, counting)) {
      assertFalse(first.reused());
      assertTrue(calls.get() > 0);
      long before = calls.get();
      try (PreparedData second =
          PreparedData.open(options(file), tokenizer, 512, folder, 2, counting)) {
        assertTrue(second.reused());
        assertEquals(before, calls.get());
        assertSame(first, second);
      }
    }
  }

  @Test
  void whateverDecidesTheTokensIsInTheKey() throws IOException {
    Path file = TestData.lines(folder, "a.jsonl", lines(40));
    DataOptions base = options(file);
    List<String> keys = new ArrayList<>();
    for (DataOptions options :
        List.of(
            base,
            new DataOptions(
                DataSource.of(base.files()),
                ChatTemplate.named("chatml"),
                Supervision.DEFAULT,
                60,
                Truncation.KEEP_START,
                OnBadRecord.SKIP),
            new DataOptions(
                DataSource.of(base.files()),
                ChatTemplate.named("guide"),
                Supervision.DEFAULT,
                61,
                Truncation.KEEP_START,
                OnBadRecord.SKIP),
            new DataOptions(
                DataSource.of(base.files()),
                ChatTemplate.named("guide"),
                Supervision.DEFAULT,
                60,
                Truncation.DROP,
                OnBadRecord.SKIP))) {
      try (PreparedData data = open(options, folder, 1)) {
        assertFalse(data.reused());
        keys.add(data.key());
      }
    }
    assertEquals(keys.size(), keys.stream().distinct().count());
    Files.writeString(file, "{\"text\": \"one more\"}\n", java.nio.file.StandardOpenOption.APPEND);
    try (PreparedData data = open(base, folder, 1)) {
      assertFalse(data.reused());
      assertNotEquals(keys.getFirst(), data.key());
    }
  }

  @Test
  void aDamagedDataSetIsMadeAgain() throws IOException {
    Path file = TestData.lines(folder, "a.jsonl", lines(40));
    String key;
    try (PreparedData data = open(options(file), folder, 1)) {
      key = data.key();
    }
    Path made = folder.resolve("data").resolve(key);
    for (String name : List.of("ids.i32", "meta.json", "ends.i64")) {
      Files.write(made.resolve(name), new byte[] {1, 2, 3});
      try (PreparedData data = open(options(file), folder, 1)) {
        assertFalse(data.reused());
        assertEquals(data.statistics().examples(), data.size());
      }
    }
  }

  /** The other one, which is quicker, may be reading its own already. */
  @Test
  void aDataSetThatAnotherProcessMadeMeanwhileStays() throws IOException {
    PreparedCache cache = new PreparedCache(folder.resolve("data"));
    Path made = cache.files("key").meta();
    cache.create(
        "key",
        () -> Files.exists(made),
        own -> {
          cache.create(
              "key", () -> Files.exists(made), theirs -> Files.writeString(theirs.meta(), "first"));
          Files.writeString(own.meta(), "second");
        });
    assertEquals("first", Files.readString(made));
    try (Stream<Path> left = Files.list(folder.resolve("data"))) {
      assertEquals(List.of(cache.files("key").directory()), left.toList());
    }
  }

  @Test
  void packedFilesAndWindowsLinesReadTheSame() throws IOException {
    String[] lines = lines(50);
    Path plain = TestData.lines(folder, "a.jsonl", lines);
    Path packed = folder.resolve("b.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(("\uFEFF" + String.join("\r\n", lines)).getBytes(StandardCharsets.UTF_8));
    }
    try (PreparedData a = open(options(plain), folder, 1);
        PreparedData b = open(options(packed), folder, 1)) {
      assertEquals(a.size(), b.size());
      for (int i = 0; i < a.size(); i++) {
        assertArrayEquals(a.get(i).ids(), b.get(i).ids());
        assertEquals(a.origin(i).number(), b.origin(i).number());
      }
    }
  }

  @Test
  void everyFormatGivesTheSameExamples() throws IOException {
    List<Path> files =
        Fixtures.json("sources/index.json").keySet().stream()
            .filter(name -> name.startsWith("plain"))
            .map(name -> Fixtures.path("sources/" + name))
            .toList();
    assertTrue(files.size() > 15);
    try (PreparedData lines = open(options(files.getFirst()), folder, 1)) {
      assertEquals(5, lines.size());
      for (Path file : files) {
        try (PreparedData data = open(options(file), folder, 2)) {
          assertEquals(lines.size(), data.size(), file.toString());
          for (int i = 0; i < data.size(); i++) {
            assertArrayEquals(lines.get(i).ids(), data.get(i).ids(), file.toString());
            assertArrayEquals(lines.get(i).weights(), data.get(i).weights(), file.toString());
          }
          boolean isLines = data.origin(4).unit() == Origin.Unit.LINE;
          int step = file.endsWith("plain.ndjson") ? 2 : 1; // It has a blank line after each.
          assertEquals(
              file + (isLines ? ":" + (1 + 4 * step) : ": row 5"), data.origin(4).toString());
        }
      }
    }
  }

  @Test
  void filesWithoutAnyRowAreRefused() {
    for (String name : List.of("empty.parquet", "empty.arrow")) {
      Path file = Fixtures.path("sources/" + name);
      assertEquals(
          file + ": expected at least one record, got none",
          assertThrows(DataException.class, () -> open(options(file), folder, 1).close())
              .getMessage());
    }
  }

  @Test
  void linesMayBeLongerThanAnyBuffer() throws IOException {
    String text = "long ".repeat(60_000);
    Path file =
        TestData.lines(folder, "a.jsonl", "{\"text\": \"" + text + "\"}", "{\"text\":\"b\"}");
    try (PreparedData data = open(options(file), folder, 2)) {
      assertEquals(2, data.size());
      assertEquals(60, data.length(0));
    }
  }

  @Test
  void anUnwritableCacheIsNamed() throws IOException {
    Path file = TestData.lines(folder, "a.jsonl", lines(10));
    Path blocked = Files.createFile(folder.resolve("blocked"));
    String message =
        String.valueOf(
            assertThrows(DataException.class, () -> open(options(file), blocked, 1).close())
                .getMessage());
    assertTrue(message.startsWith(blocked.resolve("data") + ": prepared data cannot be written"));
  }

  @Test
  void theRateOfPreparationIsMeasured() throws IOException {
    Path file = TestData.lines(folder, "a.jsonl", "{\"text\": \"a b c d\"}");
    PreparationRate rate =
        PreparationRate.measure(options(file), tokenizer, 1, 1, folder.resolve("rate"));
    assertTrue(rate.tokensPerSecond() > 0);
    assertTrue(rate.encoderTokensPerSecond() > 0);
    try (Stream<Path> left = Files.list(folder.resolve("rate"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void whatBecameOfTheRecordsIsKeptWithItsPlaces() throws IOException {
    Path a = TestData.lines(folder, "a.jsonl", lines(400));
    Path b =
        TestData.lines(
            folder,
            "b.jsonl",
            "{\"input_ids\": [1, 2], \"weights\": [0, 0]}",
            "{\"messages\": [{\"role\": \"wizard\", \"content\": \"7\"}]}",
            "{\"text\": \"%s\"}".formatted("word ".repeat(60)),
            "{\"messages\": [{\"role\": \"wizard\", \"content\": \"8\"}]}");
    PreparationDetails details;
    try (PreparedData data = open(options(a, b), folder, 2)) {
      details = data.statistics().details();
    }
    assertEquals(
        Map.of(
            RecordKind.TEXT, 81L,
            RecordKind.COMPLETION, 80L,
            RecordKind.CONVERSATION, 200L,
            RecordKind.TOKENS, 1L),
        details.kinds());
    List<DropCause> bad = details.causes(DropReason.BAD_RECORD);
    assertEquals(List.of(40L, 2L), bad.stream().map(DropCause::count).toList());
    assertEquals(
        "field \"messages[0].role\": expected \"system\", \"user\", \"assistant\" or \"tool\", got"
            + " \"wizard\"",
        bad.getLast().text());
    assertEquals(List.of(new Origin(b, 2), new Origin(b, 4)), bad.getLast().places());
    assertEquals(
        List.of(5L, 15L, 25L, 35L, 45L),
        bad.getFirst().places().stream().map(Origin::number).toList());
    assertEquals(
        List.of(new Origin(b, 1)),
        details.causes(DropReason.NO_SUPERVISED_TOKEN).getFirst().places());
    assertEquals(PreparationDetails.MOST_PLACES, details.truncated().size());
    // Opened again, by another name.
    Path moved = Files.move(b, folder.resolve("moved.jsonl"));
    try (PreparedData data = open(options(a, moved), folder, 1)) {
      assertTrue(data.reused());
      PreparationDetails again = data.statistics().details();
      assertEquals(details.kinds(), again.kinds());
      assertEquals(
          List.of(new Origin(moved, 2), new Origin(moved, 4)),
          again.causes(DropReason.BAD_RECORD).getLast().places());
    }
  }

  @Test
  void causesAreBounded() throws IOException {
    List<String> lines = new ArrayList<>();
    for (char role = 'a'; role < 'a' + 26; role++) {
      lines.add("{\"messages\": [{\"role\": \"%s\", \"content\": \"x\"}]}".formatted(role));
    }
    lines.add("{\"text\": \"good\"}");
    Path file = TestData.lines(folder, "a.jsonl", lines.toArray(String[]::new));
    try (PreparedData data = open(options(file), folder, 3)) {
      assertEquals(26, data.statistics().dropped().get(DropReason.BAD_RECORD));
      assertEquals(PreparationDetails.MOST_CAUSES, data.statistics().details().causes().size());
    }
  }

  @Test
  void aRecordTellsWhyItGivesNoExample() throws IOException {
    Path file =
        TestData.lines(
            folder,
            "a.jsonl",
            "{\"text\": \"good\"}",
            "",
            "{\"broken",
            "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}");
    DataOptions options = DataOptions.of(List.of(file), ChatTemplate.named("guide"), 60);
    assertEquals(Optional.empty(), RecordProbe.whyDropped(options, tokenizer, file, 1));
    assertEquals(Optional.empty(), RecordProbe.whyDropped(options, tokenizer, file, 2));
    assertTrue(
        RecordProbe.whyDropped(options, tokenizer, file, 3)
            .orElseThrow()
            .startsWith(file + ":3: broken JSON"));
    assertEquals(
        Optional.of(file + ":4: no assistant turn"),
        RecordProbe.whyDropped(options, tokenizer, file, 4));
  }

  @Test
  void aRecordOfWhichATemplateWritesNothingIsCounted() throws IOException {
    Path file =
        TestData.lines(
            folder,
            "a.jsonl",
            "{\"messages\": [{\"role\": \"assistant\", \"content\": \"a\"}]}",
            "{\"text\": \"good\"}");
    DataOptions options =
        new DataOptions(
            DataSource.of(List.of(file)),
            ChatTemplate.of("nothing", "{% if false %}{{ messages }}{% endif %}"),
            new Supervision(TrainOn.ALL_TOKENS, TrainOnEnd.TURN, OnRewrittenHistory.ERROR),
            60,
            Truncation.KEEP_START,
            OnBadRecord.ERROR);
    try (PreparedData data = open(options, folder, 1)) {
      assertEquals(1, data.size());
      assertEquals(Map.of(DropReason.NO_SUPERVISED_TOKEN, 1L), data.statistics().dropped());
    }
  }
}
