package dev.hlotune.trainer.generate;

import dev.hlotune.trainer.data.Tokenizer;
import java.util.List;

/**
 * The calculator of GSM8K's annotations: after {@code <<48/2=} the result and {@code >>} follow. It
 * looks where a token ends with the equals sign; where the sign and the result are one token, the
 * model has given the result itself.
 */
public final class InlineTool implements Watching {
  private static final String BEGIN = "<<";
  private static final String END = ">>";
  private static final String SIGN = "=";

  private final Tokenizer tokenizer;
  private final List<String> spelled;

  /** For answers of a model with this tokenizer. */
  public InlineTool(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.spelled = tokenizer.tokens();
  }

  @Override
  public boolean pauses(int token) {
    return token < spelled.size() && spelled.get(token).endsWith(SIGN);
  }

  @Override
  public RowWatch watch() {
    TextStream stream = new TextStream(tokenizer, List.of());
    StringBuilder text = new StringBuilder();
    return token -> {
      text.append(stream.add(token));
      int begin = text.lastIndexOf(BEGIN);
      if (!pauses(token) || begin < 0 || text.indexOf(END, begin) >= 0) {
        return RowWatch.GO_ON;
      }
      String expression = text.substring(begin + BEGIN.length(), text.length());
      if (!expression.endsWith(SIGN)) {
        return RowWatch.GO_ON;
      }
      return Calculator.evaluatePlainly(expression.substring(0, expression.length() - 1))
          .<RowWatch.Verdict>map(result -> new RowWatch.Verdict.Force(tokenizer.ids(result + END)))
          .orElse(RowWatch.GO_ON);
    };
  }
}
