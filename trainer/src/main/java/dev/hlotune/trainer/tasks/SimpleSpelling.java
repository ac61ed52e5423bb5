package dev.hlotune.trainer.tasks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * nanochat's SimpleSpelling: {@code Spell the word: apple} is answered by {@code apple:a,p,p,l,e}.
 *
 * @param words in the order that is drawn from
 */
record SimpleSpelling(List<String> words) implements Task {
  /** Orders the words otherwise than SpellingBee has them, so that the two ask about others. */
  static SimpleSpelling of(List<String> words, PythonRandom order) {
    List<String> shuffled = new ArrayList<>(words);
    order.shuffle(shuffled);
    return new SimpleSpelling(List.copyOf(shuffled));
  }

  @Override
  public ArrayNode conversation(PythonRandom random) {
    String word = random.choice(words);
    return JsonNodeFactory.instance
        .arrayNode()
        .add(Task.message("user", "Spell the word: " + word))
        .add(Task.message("assistant", word + ":" + String.join(",", WordList.letters(word))));
  }
}
