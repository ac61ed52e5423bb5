package dev.hlotune.trainer.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of tasks: those that nanochat makes, and what they hold in common. */
class TasksTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path cache;

  private Path file(String name, String split, int seed, Path... words) {
    Tasks.Options options = Tasks.Options.of(Optional.of(split), Optional.of(seed), List.of(words));
    return Tasks.materialize(name, options, cache);
  }

  /** The messages of each row. */
  private static List<JsonNode> rows(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(TasksTest::messages).toList();
    }
  }

  private static JsonNode messages(String line) {
    try {
      JsonNode record = JSON.readTree(line);
      assertEquals(1, record.size());
      return record.path("messages");
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  @Test
  void rowsAreThoseOfNanochat() throws IOException {
    JsonNode recorded = JSON.readTree(Fixtures.path("tasks/nanochat.json").toFile());
    List<String> words = recorded.path("words").valueStream().map(JsonNode::textValue).toList();
    Path list = Files.write(cache.resolve("words.txt"), words);
    int compared = 0;
    for (String name : Tasks.NAMES) {
      for (String split : List.of("train", "test")) {
        List<JsonNode> expected =
            recorded
                .path("tasks")
                .path(name + " " + split)
                .path("conversations")
                .valueStream()
                .map(conversation -> conversation.path("messages"))
                .toList();
        String slice = "%s[:%d]".formatted(split, expected.size());
        assertEquals(expected, rows(file(name, slice, 0, list)), name + " " + split);
        compared += expected.size();
      }
    }
    assertEquals(44, compared);
  }

  @Test
  void slicesAreOfTheSameRows() throws IOException {
    for (String name : Tasks.NAMES) {
      List<JsonNode> all = rows(file("task:" + name, "train[:40]", 3));
      assertEquals(40, all.size());
      assertEquals(all.subList(10, 25), rows(file(name, "train[10:25]", 3)));
      List<JsonNode> several = rows(file(name, "train[10:20]+test[:5]+train[30:40]", 3));
      assertEquals(all.subList(10, 20), several.subList(0, 10));
      assertEquals(rows(file(name, "test[:5]", 3)), several.subList(10, 15));
      assertEquals(all.subList(30, 40), several.subList(15, 25));
      assertNotEquals(all, rows(file(name, "train[:40]", 4)));
      assertNotEquals(all, rows(file(name, "test[:40]", 3)));
    }
    assertEquals(
        1000, rows(Tasks.materialize("simple_spelling", options(Optional.empty()), cache)).size());
  }

  private static Tasks.Options options(Optional<String> split) {
    return Tasks.Options.of(split, Optional.empty(), List.of());
  }

  /** With the built-in words, and whatever the words and letters are. */
  @Test
  void answersAreRight() throws IOException {
    Set<String> spelled = new HashSet<>();
    for (JsonNode row : rows(file("simple_spelling", "train[:500]", 0))) {
      String answer = row.get(1).path("content").textValue();
      String word = answer.substring(0, answer.indexOf(':'));
      assertEquals("Spell the word: " + word, row.get(0).path("content").textValue());
      assertEquals(word, answer.substring(answer.indexOf(':') + 1).replace(",", ""));
      spelled.add(word);
    }
    assertTrue(spelled.size() > 400, () -> spelled.size() + " different words");
    Set<Integer> counts = new HashSet<>();
    Pattern call = Pattern.compile("'(\\p{L}+)'\\.count\\('(\\p{L})'\\)");
    for (JsonNode row : rows(file("spelling_bee", "train[:500]", 0))) {
      String question = row.get(0).path("content").textValue();
      JsonNode parts = row.get(1).path("content");
      assertEquals(
          List.of("text", "text", "python", "python_output", "text"),
          parts.valueStream().map(part -> part.path("type").textValue()).toList());
      Matcher matcher = call.matcher(parts.get(2).path("text").textValue());
      assertTrue(matcher.matches(), row::toString);
      String word = matcher.group(1);
      String letter = matcher.group(2);
      int count = word.length() - word.replace(letter, "").length();
      assertEquals(String.valueOf(count), parts.get(3).path("text").textValue());
      assertTrue(parts.get(0).path("text").textValue().endsWith("This gives us " + count + "."));
      assertTrue(parts.get(4).path("text").textValue().endsWith("#### " + count));
      assertTrue(question.contains(word) && question.contains(letter), question);
      assertFalse(question.contains("{"), question);
      counts.add(count);
    }
    assertTrue(counts.containsAll(Set.of(0, 1, 2, 3)), counts::toString);
  }

  @Test
  void aFileIsWrittenOnceAndNamedByWhatDecidesIt() throws IOException {
    Path list = Files.write(cache.resolve("words.txt"), List.of("pea", "", " plum "));
    Path first = file("spelling_bee", "train[:3]", 0, list);
    assertEquals("spelling_bee.jsonl", String.valueOf(first.getFileName()));
    assertTrue(first.startsWith(cache.resolve("data")));
    Files.writeString(first, "kept");
    assertEquals(first, file("spelling_bee", "train[:3]", 0, list));
    assertEquals("kept", Files.readString(first));
    Set<Path> others = new HashSet<>();
    others.add(first);
    others.add(file("simple_spelling", "train[:3]", 0, list));
    others.add(file("spelling_bee", "train[:4]", 0, list));
    others.add(file("spelling_bee", "test[:3]", 0, list));
    others.add(file("spelling_bee", "train[:3]", 1, list));
    others.add(file("spelling_bee", "train[:3]", 0));
    Files.write(list, List.of("pea", "plum", "peach"));
    others.add(file("spelling_bee", "train[:3]", 0, list));
    assertEquals(7, others.size());
    try (Stream<Path> folders = Files.list(cache.resolve("data"))) {
      assertTrue(
          folders.allMatch(folder -> String.valueOf(folder.getFileName()).matches("[0-9a-f]{64}")),
          "no draft is left");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          spelling_be  | train[:3]   | task: expected one of "simple_spelling", "spelling_bee", got "spelling_be"
          spelling_bee | dev[:3]     | task: expected the split "train" or "test", got "dev"
          spelling_bee | train[:10%] | task: expected a split that says how many rows, such as "train[:300]" or "test[100:200]", got "train[:10%]"
          spelling_bee | train[5:]   | task: expected a split that says how many rows, such as "train[:300]" or "test[100:200]", got "train[5:]"
          spelling_bee | train[-5:]  | task: expected a split that says how many rows, such as "train[:300]" or "test[100:200]", got "train[-5:]"
          spelling_bee | train[5:5]  | task: expected a split that says how many rows, such as "train[:300]" or "test[100:200]", got "train[5:5]"
          spelling_bee | test[:10000001] | task: expected at least one row, all below 10000000, got rows 0 to 10000001
          """)
  void whatIsNoTaskIsRefused(String name, String split, String message) {
    assertEquals(
        message, assertThrows(DataException.class, () -> file(name, split, 0)).getMessage());
  }

  @Test
  void wordsThatAreNoneAreNamed() throws IOException {
    Path list = Files.write(cache.resolve("words.txt"), List.of("pea", "don't"));
    assertEquals(
        list + ":2: expected one word of letters alone, got \"don't\"",
        assertThrows(DataException.class, () -> file("spelling_bee", "train[:3]", 0, list))
            .getMessage());
    Path empty = Files.write(cache.resolve("empty.txt"), List.of("", " "));
    assertEquals(
        empty + ": expected one word a line, got none",
        assertThrows(DataException.class, () -> file("spelling_bee", "train[:3]", 0, empty))
            .getMessage());
    Path missing = cache.resolve("missing.txt");
    assertEquals(
        missing + ": expected a list of words, got no such file",
        assertThrows(DataException.class, () -> file("spelling_bee", "train[:3]", 0, missing))
            .getMessage());
    Path bytes = Files.write(cache.resolve("latin.txt"), new byte[] {'a', (byte) 0xE9, '\n'});
    assertEquals(
        bytes + ": expected a list of words in UTF-8, got other bytes",
        assertThrows(DataException.class, () -> file("spelling_bee", "train[:3]", 0, bytes))
            .getMessage());
  }

  @Test
  void aCacheThatCannotBeWrittenIsNamed() throws IOException {
    Path blocked = Files.writeString(cache.resolve("blocked"), "a file");
    DataException refused =
        assertThrows(
            DataException.class,
            () -> Tasks.materialize("spelling_bee", options(Optional.of("train[:3]")), blocked));
    String message = String.valueOf(refused.getMessage());
    assertTrue(
        message.startsWith(blocked.resolve("data") + ": rows of a task cannot be written: "),
        message);
  }

  @Test
  void pathsOfTasksAreKnown() {
    assertTrue(Tasks.isTask("task:spelling_bee"));
    assertTrue(Tasks.isTask("task:unknown"));
    assertFalse(Tasks.isTask("spelling_bee"));
  }
}
