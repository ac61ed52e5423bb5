package dev.hlotune.trainer.tasks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * nanochat's SpellingBee: how many {@code r} are in {@code strawberry}? The answer spells the word,
 * counts letter by letter, counts again by a call of Python, and ends with {@code #### 3}.
 *
 * <p>The question is put in one of {@code phrasings.txt}, in several languages, with the letter and
 * the word in quotes or not, in small letters or not, with a question mark or not.
 *
 * @param words what is asked about
 * @param phrasings how it is asked, with {@code {letter}} and {@code {word}} in them
 */
record SpellingBee(List<String> words, List<String> phrasings) implements Task {
  private static final List<String> ALPHABET = WordList.letters("abcdefghijklmnopqrstuvwxyz");
  private static final List<String> QUOTES = List.of("", "'", "\"");
  private static final Pattern PLACE = Pattern.compile("\\{(letter|word)}");

  /** With the built-in phrasings. */
  static SpellingBee of(List<String> words) {
    return new SpellingBee(words, Resources.lines("phrasings.txt"));
  }

  @Override
  public ArrayNode conversation(PythonRandom random) {
    // In the order in which nanochat draws.
    String word = random.choice(words);
    List<String> letters = WordList.letters(word);
    String letter = random.choice(random.random() < 0.9 ? letters : ALPHABET);
    return JsonNodeFactory.instance
        .arrayNode()
        .add(Task.message("user", question(word, letter, random)))
        .add(answer(word, letter, letters));
  }

  private String question(String word, String letter, PythonRandom random) {
    String phrasing = random.choice(phrasings);
    if (random.random() < 0.3) {
      phrasing = phrasing.toLowerCase(Locale.ROOT);
    }
    String aroundLetter = random.choice(QUOTES);
    String aroundWord = random.choice(QUOTES);
    String question =
        PLACE
            .matcher(phrasing)
            .replaceAll(place ->
                Matcher.quoteReplacement(
                    place.group(1).equals("letter")
                        ? aroundLetter + letter + aroundLetter
                        : aroundWord + word + aroundWord));
    return random.random() < 0.5 ? question + "?" : question;
  }

  private static ObjectNode answer(String word, String letter, List<String> letters) {
    StringBuilder count = new StringBuilder();
    int hits = 0;
    for (int i = 0; i < letters.size(); i++) {
      // No space before the letter, which would make another token of it.
      count.append(i + 1).append(':').append(letters.get(i));
      if (letters.get(i).equals(letter)) {
        hits++;
        count.append(" hit! count=").append(hits);
      }
      count.append('\n');
    }
    String byHand =
        """
        We are asked to find the number '%s' in the word '%s'. Let me try a manual approach first.

        First spell the word out:
        %s:%s

        Then count the occurrences of '%s':
        %s
        This gives us %d.\
        """
            .formatted(letter, word, word, String.join(",", letters), letter, count, hits);
    ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "assistant");
    message
        .putArray("content")
        .add(part("text", byHand))
        .add(part("text", "\n\nLet me double check this using Python:\n\n"))
        .add(part("python", "'" + word + "'.count('" + letter + "')"))
        .add(part("python_output", String.valueOf(hits)))
        .add(
            part(
                "text",
                "\n\nPython gives us %d.\n\nMy final answer is:\n\n#### %d".formatted(hits, hits)));
    return message;
  }

  private static ObjectNode part(String type, String text) {
    return JsonNodeFactory.instance.objectNode().put("type", type).put("text", text);
  }
}
