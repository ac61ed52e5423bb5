package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.audit.ExampleView;
import dev.hlotune.trainer.audit.RowView;
import dev.hlotune.trainer.audit.TokenView;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An example as it is trained, for people to read. */
final class ExampleText {
  private static final int LABEL = 10;
  private static final int MOST_SPELLING = 24;

  private ExampleText() {}

  /**
   * The example with its figures.
   *
   * @param table whether its tokens follow one by one
   */
  static String of(ExampleView example, boolean table, int width, TextStyle style) {
    TextBlock block = new TextBlock(width);
    block.line(
        style.with(
            "1",
            "example %s of %s  %s"
                .formatted(
                    Amounts.count(example.number()),
                    Amounts.count(example.of()),
                    example.origin())));
    block.labelled(
        "tokens",
        LABEL,
        "%s, %s supervised (%s)%s"
            .formatted(
                Amounts.count(example.tokens().size()),
                Amounts.count(example.supervised()),
                Amounts.percent(example.supervisedFraction()),
                example.weight() == example.supervised()
                    ? ""
                    : ", weights add up to " + MarkedText.number((float) example.weight())));
    example.row().ifPresent(row -> row(row, block));
    String rule = "─".repeat(Math.min(width, 40));
    return block
        + rule
        + "\n"
        + MarkedText.of(example.tokens(), style)
        + rule
        + "\n"
        + (table ? table(example.tokens()) : "");
  }

  private static void row(RowView row, TextBlock block) {
    block.labelled(
        "row",
        LABEL,
        "update %s of %s, micro-batch %d, row %d of %s; segment %d of %d"
            .formatted(
                Amounts.count(row.step()),
                Amounts.count(row.steps()),
                row.microBatch(),
                row.row(),
                row.bucket(),
                row.segment(),
                row.segments().size()));
    PlaceNames names =
        PlaceNames.among(row.segments().stream().map(RowView.Segment::origin).toList());
    String segments =
        IntStream.range(0, row.segments().size())
            .mapToObj(i -> {
              RowView.Segment segment = row.segments().get(i);
              return "%d-%d %s"
                  .formatted(
                      segment.from(),
                      segment.to() - 1,
                      i + 1 == row.segment() ? "this one" : names.of(segment.origin()));
            })
            .collect(Collectors.joining(", "));
    block.labelled(
        "", LABEL, segments + (row.padding() == 0 ? "" : ", %d padding".formatted(row.padding())));
  }

  /** A line for each token: position, id, spelling, weight, text. */
  private static String table(List<TokenView> tokens) {
    StringBuilder table =
        new StringBuilder("position      id  weight  %-24s  text%n".formatted("token"));
    for (TokenView token : tokens) {
      String spelling = Visible.quoted(token.token());
      table.append(
          "%8d  %6d  %6s  %-24s  %s"
              .formatted(
                  token.position(),
                  token.id(),
                  MarkedText.number(token.weight()),
                  spelling.length() > MOST_SPELLING
                      ? spelling.substring(0, MOST_SPELLING - 1) + "…"
                      : spelling,
                  token.text().isEmpty() ? "" : Visible.quoted(token.text()))
              .stripTrailing());
      table.append('\n');
    }
    return table.toString();
  }
}
