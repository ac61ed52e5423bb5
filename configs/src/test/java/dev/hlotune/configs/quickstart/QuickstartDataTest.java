package dev.hlotune.configs.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartDataTest {
  private static final Path COMMITTED =
      Path.of(System.getProperty("hlotune.root", ".."), "configs", "quickstart");
  private static final Pattern SUM = Pattern.compile("\\b(\\d+) (?:\\+|plus|and) (\\d+)\\b");

  private final QuickstartData data = QuickstartData.generate();

  @Test
  void committedFilesAreWhatTheGeneratorWrites(@TempDir Path directory) throws IOException {
    QuickstartMain.main(new String[] {directory.toString()});
    for (String file : List.of(QuickstartMain.TRAIN_FILE, QuickstartMain.HELD_OUT_FILE)) {
      assertEquals(-1, Files.mismatch(directory.resolve(file), COMMITTED.resolve(file)), file);
    }
  }

  @Test
  void everythingCommittedStaysUnderTwoMegabytes() throws IOException {
    try (Stream<Path> files = Files.walk(COMMITTED)) {
      long bytes = files.filter(Files::isRegularFile).mapToLong(QuickstartDataTest::size).sum();
      assertTrue(bytes < 2_000_000, () -> bytes + " bytes");
    }
  }

  @Test
  void noHeldOutQuestionIsTrainedOn() {
    assertEquals(QuickstartData.HELD_OUT, data.heldOut().size());
    Set<String> questions = new HashSet<>();
    exchanges(data.heldOut()).forEach(e -> assertTrue(questions.add(e.question()), e::question));
    exchanges(data.train())
        .forEach(e -> assertTrue(!questions.contains(e.question()), e::question));
  }

  @Test
  void noHeldOutWordOrSumIsTrainedOn() {
    Set<String> trainedAnswers = new HashSet<>();
    Set<String> trainedSums = new HashSet<>();
    exchanges(data.train())
        .forEach(e -> {
          trainedAnswers.add(e.answer());
          trainedSums.addAll(sumOf(e.question()));
        });
    exchanges(data.heldOut())
        .forEach(e -> {
          boolean isWord = Pattern.matches("[a-z]1?(-[a-z][0-9]?)+(:.*)?", e.answer());
          assertTrue(!isWord || !trainedAnswers.contains(e.answer()), e::question);
          sumOf(e.question()).forEach(sum -> assertTrue(!trainedSums.contains(sum), sum));
        });
  }

  @Test
  void answersAreRight() {
    assertEquals("o-t-t-e-r", Spelling.of("otter").getFirst().answer());
    assertEquals("o1-t2-t3-e4-r5: 5 letters.", Counting.of("otter").getFirst().answer());
    assertEquals("7+5=12, 1+1+2=4, so 42.", Sums.of(17, 25).getFirst().answer());
    assertEquals("8+0=8, 0+0+3=3, so 38.", Sums.of(8, 30).getFirst().answer());
  }

  @Test
  void wordsAreLowerCaseAndShort() {
    List<String> words = Words.all();
    assertTrue(words.size() > 500, () -> words.size() + " words");
    words.forEach(word -> assertTrue(word.matches("[a-z]{3,9}"), word));
  }

  @Test
  void linesAreChatMessages() throws IOException {
    String question = "Say \"hi\\there\"\nplease.";
    String line = new Conversation(List.of(new Exchange(question, "hi"))).toJson();
    JsonNode messages = new ObjectMapper().readTree(line).get("messages");
    assertEquals("user", messages.get(0).get("role").asText());
    assertEquals(question, messages.get(0).get("content").asText());
    assertEquals("assistant", messages.get(1).get("role").asText());
    assertEquals("hi", messages.get(1).get("content").asText());
  }

  /** Both orders of the two numbers that a question adds, or nothing if it adds none. */
  private static List<String> sumOf(String question) {
    return SUM.matcher(question)
        .results()
        .flatMap(m -> Stream.of(m.group(1) + "+" + m.group(2), m.group(2) + "+" + m.group(1)))
        .toList();
  }

  private static Stream<Exchange> exchanges(List<Conversation> conversations) {
    return conversations.stream().flatMap(c -> c.exchanges().stream());
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
