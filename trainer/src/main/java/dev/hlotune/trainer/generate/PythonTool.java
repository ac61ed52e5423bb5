package dev.hlotune.trainer.generate;

import dev.hlotune.trainer.data.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * nanochat's calculator: what the model writes between {@code <|python_start|>} and {@code
 * <|python_end|>} is evaluated, and {@code <|output_start|>}, the result and {@code <|output_end|>}
 * are put after it. Where there is no result the model goes on by itself.
 */
public final class PythonTool implements Watching {
  /** The special tokens that a call is made of. */
  public static final List<String> TOKENS =
      List.of("<|python_start|>", "<|python_end|>", "<|output_start|>", "<|output_end|>");

  private final Tokenizer tokenizer;
  private final int[] ids;

  private PythonTool(Tokenizer tokenizer, int[] ids) {
    this.tokenizer = tokenizer;
    this.ids = ids;
  }

  /** The tool for a tokenizer that has the four tokens. */
  public static Optional<PythonTool> of(Tokenizer tokenizer) {
    List<OptionalInt> ids = TOKENS.stream().map(tokenizer::idOf).toList();
    return ids.stream().allMatch(OptionalInt::isPresent)
        ? Optional.of(
            new PythonTool(tokenizer, ids.stream().mapToInt(OptionalInt::getAsInt).toArray()))
        : Optional.empty();
  }

  /** Ids of {@link #TOKENS}. */
  public List<Integer> ids() {
    return Arrays.stream(ids).boxed().toList();
  }

  @Override
  public boolean pauses(int token) {
    return token == ids[1];
  }

  @Override
  public RowWatch watch() {
    return new Call();
  }

  /** Where an answer stands. */
  private final class Call implements RowWatch {
    private Optional<IntStream.Builder> expression = Optional.empty();

    @Override
    public Verdict after(int token) {
      if (token == ids[0]) {
        expression = Optional.of(IntStream.builder());
      } else if (token == ids[1]) {
        Optional<int[]> written = expression.map(tokens -> tokens.build().toArray());
        expression = Optional.empty();
        return written
            .flatMap(tokens -> Calculator.evaluate(tokenizer.decode(tokens, false)))
            .<Verdict>map(this::output)
            .orElse(GO_ON);
      } else {
        expression.ifPresent(tokens -> tokens.add(token));
      }
      return GO_ON;
    }

    private Verdict output(String result) {
      IntStream.Builder tokens = IntStream.builder();
      tokens.add(ids[2]);
      Arrays.stream(tokenizer.ids(result)).forEach(tokens::add);
      tokens.add(ids[3]);
      return new Verdict.Force(tokens.build().toArray());
    }
  }
}
