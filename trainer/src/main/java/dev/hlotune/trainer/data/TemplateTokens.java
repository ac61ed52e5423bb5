package dev.hlotune.trainer.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The special tokens that a chat template spells out. */
public final class TemplateTokens {
  /**
   * What a chat template writes as one token: {@code <|im_start|>}, the same with the bars and
   * underscores of DeepSeek's tokens, {@code <start_of_turn>}, {@code <s>} and {@code </s>}, {@code
   * [INST]} and {@code [/INST]}. Other tags, such as {@code <tools>}, are mostly meant as text.
   */
  private static final Pattern TOKEN =
      Pattern.compile(
          "<[|\\uff5c][^\\s<>|\\uff5c'\"{}]+[|\\uff5c]>"
              + "|<(start|end)_of_[a-z]+>|</?s>|<(bos|eos|pad)>|\\[/?[A-Z]{2}[A-Z_]*\\]");

  /** Where a template puts a token together, as in {@code '<|' + message['role'] + '|>'}. */
  private static final Pattern COMPUTED = Pattern.compile("<\\|(['\"]|\\{\\{)");

  /** What it then puts there. */
  private static final List<String> BY_ROLE =
      List.of("<|system|>", "<|user|>", "<|assistant|>", "<|tool|>");

  private TemplateTokens() {}

  /**
   * The spellings found in a template's source, each once, in their order, and after them those by
   * role, where it puts roles between bars. It may write some of them never.
   */
  public static List<String> spelled(String template) {
    Stream<String> whole = TOKEN.matcher(template).results().map(MatchResult::group);
    Stream<String> byRole = COMPUTED.matcher(template).find() ? BY_ROLE.stream() : Stream.empty();
    return Stream.concat(whole, byRole).distinct().toList();
  }

  /**
   * Those that a tokenizer does not know and encodes as ordinary text.
   *
   * @param template the template's source
   */
  public static List<String> missing(String template, Tokenizer tokenizer) {
    boolean own = tokenizer.chatTemplates().containsValue(template);
    List<String> missing = new ArrayList<>();
    for (String token : spelled(template)) {
      // Models trained before [INST] was a token still have it as text, in templates of their own.
      boolean meant = !own || !token.startsWith("[");
      if (meant && tokenizer.ids(token).length > 1) {
        missing.add(token);
      }
    }
    return missing;
  }
}
