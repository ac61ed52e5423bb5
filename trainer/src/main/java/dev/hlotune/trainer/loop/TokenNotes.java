package dev.hlotune.trainer.loop;

import dev.hlotune.configs.EditDistance;
import dev.hlotune.configs.TokenConfig;
import dev.hlotune.trainer.data.Examples;
import dev.hlotune.trainer.data.TemplateTokens;
import dev.hlotune.trainer.data.TokenAddition;
import dev.hlotune.trainer.data.TokenAddition.Change;
import dev.hlotune.trainer.data.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a run has to say of the special tokens of its tokenizer, its model and its template. */
final class TokenNotes {
  /** As many tokens are named in one line. */
  private static final int SHOWN = 8;

  /** As many examples are looked at for what the template writes. */
  private static final int SAMPLE = 100;

  private TokenNotes() {}

  /** What became of the tokens that the recipe names. */
  static List<String> additions(TokenConfig wanted, Tokenizer tokenizer) {
    List<String> notes = new ArrayList<>();
    note(notes, tokenizer, Change.ADDED, "special tokens added to the tokenizer");
    note(notes, tokenizer, Change.MADE_SPECIAL, "tokens of the vocabulary made special");
    note(notes, tokenizer, Change.NONE, "special tokens that the tokenizer has already");
    nearest(notes, "bos_token", wanted.bos(), tokenizer);
    nearest(notes, "eos_token", wanted.eos(), tokenizer);
    nearest(notes, "pad_token", wanted.pad(), tokenizer);
    return notes;
  }

  private static void note(List<String> notes, Tokenizer tokenizer, Change change, String what) {
    List<String> tokens =
        added(tokenizer, change).stream()
            .map(addition -> quoted(addition.token()) + " " + addition.id())
            .toList();
    if (!tokens.isEmpty()) {
      notes.add(what + ": " + joined(tokens, ", "));
    }
  }

  private static List<TokenAddition> added(Tokenizer tokenizer, Change change) {
    return tokenizer.additions().stream().filter(token -> token.change() == change).toList();
  }

  /** A token with a role that had to be added may be a slip of the pen for one that is there. */
  private static void nearest(
      List<String> notes, String key, Optional<String> wanted, Tokenizer tokenizer) {
    List<String> made = added(tokenizer, Change.ADDED).stream().map(TokenAddition::token).toList();
    wanted
        .filter(made::contains)
        .flatMap(token -> nearest(token, tokenizer, made))
        .ifPresent(near ->
            notes.add(
                "%s: %s was not a token of this tokenizer; the nearest that was is %s"
                    .formatted(key, quoted(wanted.orElseThrow()), quoted(near))));
  }

  private static Optional<String> nearest(String token, Tokenizer tokenizer, List<String> made) {
    return tokenizer.allSpecialTokens().stream()
        .filter(other -> !made.contains(other))
        .filter(other -> EditDistance.between(token, other) <= Math.max(1, token.length() / 3))
        .min(Comparator.comparingInt(other -> EditDistance.between(token, other)));
  }

  /**
   * Which rows of the model the new tokens have.
   *
   * @param base the model before
   * @param rows how many it will have
   */
  static Optional<String> rows(BaseModel base, Tokenizer tokenizer, int rows) {
    int before = base.model().vocabulary();
    if (rows > before) {
      return Optional.of(
          "vocab_size: %,d becomes %,d".formatted(before, rows)
              + (base.hasWeights()
                  ? "; each new row of the embedding and the head is the mean of the others"
                  : ""));
    }
    return base.hasWeights() && !added(tokenizer, Change.ADDED).isEmpty()
        ? Optional.of(
            "vocab_size: the model's %,d rows have room for the new tokens; theirs are used as they are"
                .formatted(before))
        : Optional.empty();
  }

  /**
   * A line on the special tokens that the template writes into these examples and the tokenizer
   * lacks.
   *
   * @param template its source
   */
  static Optional<String> template(String template, Tokenizer tokenizer, Examples examples) {
    List<String> missing = missing(template, tokenizer, examples);
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    boolean one = missing.size() == 1;
    return Optional.of(
        "the template's %s %s of this tokenizer and %s encoded as %s tokens; add %s with additional_special_tokens"
            .formatted(
                list(missing, TokenNotes::quoted),
                one ? "is not a token" : "are not tokens",
                one ? "is" : "are",
                list(missing, token -> Integer.toString(tokenizer.ids(token).length)),
                one ? "it" : "them"));
  }

  /**
   * The special tokens that the template writes into these examples and the tokenizer lacks.
   *
   * @param template its source
   */
  static List<String> missing(String template, Tokenizer tokenizer, Examples examples) {
    List<String> missing = new ArrayList<>(TemplateTokens.missing(template, tokenizer));
    List<String> unseen = new ArrayList<>(missing);
    int sample = Math.min(SAMPLE, examples.size());
    for (int i = 0; i < sample && !unseen.isEmpty(); i++) {
      // From all over: a mixture has one data set after another.
      int index = (int) ((long) i * examples.size() / sample);
      String text = tokenizer.decode(examples.get(index).ids(), false);
      unseen.removeIf(text::contains);
    }
    missing.removeAll(unseen);
    return missing;
  }

  private static String list(List<String> tokens, UnaryOperator<String> shown) {
    List<String> all = tokens.stream().map(shown).toList();
    int last = all.size() - 1;
    return last == 0
        ? all.getFirst()
        : String.join(", ", all.subList(0, last)) + " and " + all.get(last);
  }

  private static String joined(List<String> tokens, String separator) {
    int shown = Math.min(SHOWN, tokens.size());
    return String.join(separator, tokens.subList(0, shown))
        + (shown < tokens.size() ? " and %,d more".formatted(tokens.size() - shown) : "");
  }

  private static String quoted(String token) {
    return '"' + token.replace("\n", "\\n").replace("\t", "\\t") + '"';
  }
}
