package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.Example;
import dev.hlotune.trainer.data.Mixture;
import dev.hlotune.trainer.data.PlannedStep;
import dev.hlotune.trainer.data.PreparedData;
import dev.hlotune.trainer.data.RecordProbe;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Shows examples as they are trained. */
public final class ExampleViews {
  private static final Pattern PLACE =
      Pattern.compile("(?<file>.+?):(?: row )?(?<number>[1-9]\\d*)");

  private final Mixture examples;
  private final Tokenizer tokenizer;
  private final List<String> spellings;
  private final List<PlannedStep> steps;

  /**
   * Looks at examples.
   *
   * @param plan how they become batches
   */
  public ExampleViews(Mixture examples, Tokenizer tokenizer, BatchPlan plan) {
    this.examples = examples;
    this.tokenizer = tokenizer;
    this.spellings = tokenizer.tokens();
    this.steps = plan.options().packing() ? plan.epoch(0) : List.of();
  }

  /** How many there are. */
  public int size() {
    return examples.size();
  }

  /**
   * The numbers, from 1, of the examples that came of a record.
   *
   * @param place {@code file:line}; the file by as much of the end of its path as is needed
   * @throws DataException if it is no place, or none came of it, with the reason
   */
  public int[] at(String place) {
    Matcher matcher = PLACE.matcher(place);
    if (!matcher.matches()) {
      throw new DataException(
          "origin: expected a file and a line, such as \"train.jsonl:12\", got \"" + place + '"');
    }
    Path file = Path.of(matcher.group("file"));
    long number = Long.parseLong(matcher.group("number"));
    int[] found = at(file, number);
    if (found.length == 0) {
      throw new DataException(
          "origin: expected a record that gives an example, got \"%s\"%s"
              .formatted(place, why(file, number).map(reason -> ": " + reason).orElse("")));
    }
    return found;
  }

  private Optional<String> why(Path file, long number) {
    return examples.sources().stream()
        .map(PreparedData::options)
        .flatMap(options ->
            options.source().files().stream()
                .filter(path -> path.endsWith(file))
                .flatMap(path -> RecordProbe.whyDropped(options, tokenizer, path, number).stream()))
        .findFirst();
  }

  private int[] at(Path file, long number) {
    return IntStream.range(0, examples.size())
        .filter(i -> {
          Origin origin = examples.origin(i);
          return origin.number() == number && origin.path().endsWith(file);
        })
        .map(i -> i + 1)
        .toArray();
  }

  /**
   * An example.
   *
   * @param number from 1
   * @throws DataException if there is none of that number
   */
  public ExampleView get(int number) {
    if (number < 1 || number > examples.size()) {
      throw new DataException(
          "example: expected a number from 1 to %,d, got %,d".formatted(examples.size(), number));
    }
    int index = number - 1;
    Example example = examples.get(index);
    List<String> pieces = TokenPieces.of(example.ids(), some -> tokenizer.decode(some, false));
    List<TokenView> tokens = new ArrayList<>();
    for (int i = 0; i < example.length(); i++) {
      int id = example.ids()[i];
      tokens.add(
          new TokenView(
              i,
              id,
              id < spellings.size() ? spellings.get(id) : "",
              pieces.get(i),
              example.weights()[i],
              tokenizer.isSpecial(id)));
    }
    return new ExampleView(number, examples.size(), examples.origin(index), tokens, row(index));
  }

  private Optional<RowView> row(int index) {
    for (int step = 0; step < steps.size(); step++) {
      int[][] rows = steps.get(step).rows();
      for (int row = 0; row < rows.length; row++) {
        for (int place = 0; place < rows[row].length; place++) {
          if (rows[row][place] == index) {
            return Optional.of(row(step, row, place));
          }
        }
      }
    }
    return Optional.empty();
  }

  private RowView row(int step, int row, int place) {
    PlannedStep planned = steps.get(step);
    List<RowView.Segment> segments = new ArrayList<>();
    int from = 0;
    for (int index : planned.rows()[row]) {
      int to = from + examples.length(index);
      segments.add(new RowView.Segment(examples.origin(index), from, to));
      from = to;
    }
    int rows = planned.bucket().rows();
    return new RowView(
        step + 1,
        steps.size(),
        row / rows + 1,
        row % rows + 1,
        planned.bucket(),
        segments,
        place + 1);
  }
}
