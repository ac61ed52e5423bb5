package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.TokenConfig;
import dev.hlotune.trainer.data.TokenAddition;
import dev.hlotune.trainer.data.Tokenizer;
import java.util.Optional;
import java.util.OptionalInt;

/** Gives a model rows for the tokens that a run has added to its tokenizer. */
final class TokenRows {
  private TokenRows() {}

  /**
   * The model with as many rows as the tokenizer's wanted tokens need. A model that has rows to
   * spare, as many are padded to a round number, is left as it is, and so are those rows.
   *
   * @param observer hears what was added to tokenizer and model
   */
  static BaseModel add(
      SftConfig config, BaseModel base, Tokenizer tokenizer, RunObserver observer) {
    TokenConfig wanted = config.model().tokens();
    TokenNotes.additions(wanted, tokenizer).forEach(note -> observer.on(new RunEvent.Noted(note)));
    int rows = base.model().vocabulary();
    int needed = rows(wanted, tokenizer, rows);
    TokenNotes.rows(base, tokenizer, needed)
        .ifPresent(note -> observer.on(new RunEvent.Noted(note)));
    return needed == rows ? base : base.withVocabulary(needed, config);
  }

  /**
   * The same where there is no tokenizer that would say how many tokens it has: padded to the
   * multiple that the recipe wants, and with a row for each token that it adds.
   */
  static BaseModel withoutTokenizer(SftConfig config, BaseModel base) {
    TokenConfig wanted = config.model().tokens();
    int rows = base.model().vocabulary();
    int more = wanted.multipleOf().isPresent() ? wanted.additional().size() : 0;
    int needed =
        wanted
            .multipleOf()
            .map(of -> Math.multiplyExact(Math.ceilDiv(rows + more, of), of))
            .orElse(rows);
    return needed == rows ? base : base.withVocabulary(needed, config);
  }

  private static int rows(TokenConfig wanted, Tokenizer tokenizer, int rows) {
    OptionalInt largest = tokenizer.additions().stream().mapToInt(TokenAddition::id).max();
    Optional<Integer> multiple = wanted.multipleOf();
    boolean lacking = largest.isPresent() && largest.getAsInt() >= rows;
    int needed =
        lacking || multiple.isPresent() ? Math.max(rows, tokenizer.vocabularySize()) : rows;
    return multiple.map(of -> Math.multiplyExact(Math.ceilDiv(needed, of), of)).orElse(needed);
  }
}
