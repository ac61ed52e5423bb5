package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.audit.ExampleView;
import dev.hlotune.trainer.audit.RowView;
import dev.hlotune.trainer.audit.TokenView;
import dev.hlotune.trainer.report.Html;
import java.util.ArrayList;
import java.util.List;

/**
 * Examples as they are trained, as a page: each token says its place, id and weight when the mouse
 * is over it or the arrow keys get to it. What is learned is both tinted and underlined.
 */
final class ExamplePage {
  private ExamplePage() {}

  /**
   * The page.
   *
   * @param subject what the examples are of
   */
  static String of(String subject, List<ExampleView> examples) {
    StringBuilder body = new StringBuilder();
    body.append("<header>\n<h1>What is trained</h1>\n<p>")
        .append(Html.escaped(subject))
        .append("</p>\n")
        .append(Html.resource(ExamplePage.class, "example.legend.html"))
        .append("</header>\n<main>\n");
    examples.forEach(example -> section(example, body));
    body.append("</main>\n");
    return Html.page(
        "What is trained: " + subject,
        Html.resource(ExamplePage.class, "example.css"),
        body.toString(),
        Html.resource(ExamplePage.class, "example.js"));
  }

  private static void section(ExampleView example, StringBuilder to) {
    String id = "example-" + example.number();
    to.append("<section aria-labelledby=\"%s\">%n".formatted(id));
    to.append(
        "<h2 id=\"%s\">Example %s of %s <small>%s</small></h2>%n"
            .formatted(
                id,
                Amounts.count(example.number()),
                Amounts.count(example.of()),
                Html.escaped(example.origin().toString())));
    to.append("<dl>\n");
    fact("tokens", Amounts.count(example.tokens().size()), to);
    fact(
        "learned",
        "%s (%s)"
            .formatted(
                Amounts.count(example.supervised()), Amounts.percent(example.supervisedFraction())),
        to);
    fact("sum of weights", MarkedText.number((float) example.weight()), to);
    example.row().ifPresent(row -> fact("row", place(row), to));
    to.append("</dl>\n");
    example.row().ifPresent(row -> bar(row, to));
    to.append(
        "<div class=\"text\" tabindex=\"0\" role=\"group\" aria-label=\"Tokens of example %s; the arrow keys go from one to the next\">"
            .formatted(Amounts.count(example.number())));
    tokens(example.tokens(), to);
    to.append(
        "</div>\n<p class=\"said\" aria-live=\"polite\">A click or the arrow keys tell about a token.</p>\n</section>\n");
  }

  private static void fact(String name, String value, StringBuilder to) {
    to.append("<div><dt>%s</dt><dd>%s</dd></div>%n".formatted(name, Html.escaped(value)));
  }

  private static String place(RowView row) {
    return "update %s of %s, micro-batch %d, row %d of %s, segment %d of %d"
        .formatted(
            Amounts.count(row.step()),
            Amounts.count(row.steps()),
            row.microBatch(),
            row.row(),
            row.bucket(),
            row.segment(),
            row.segments().size());
  }

  private static void bar(RowView row, StringBuilder to) {
    to.append("<ol class=\"row\" aria-label=\"The row that it lies in\">\n");
    for (int i = 0; i < row.segments().size(); i++) {
      RowView.Segment segment = row.segments().get(i);
      boolean here = i + 1 == row.segment();
      part(
          here ? "here" : "other",
          segment.to() - segment.from(),
          "%s: %d to %d"
              .formatted(
                  here ? "this example" : segment.origin(), segment.from(), segment.to() - 1),
          to);
    }
    if (row.padding() > 0) {
      part("padding", row.padding(), row.padding() + " padding", to);
    }
    to.append("</ol>\n");
  }

  private static void part(String look, int tokens, String words, StringBuilder to) {
    String title = Html.escaped(words);
    to.append(
        "<li class=\"%s\" style=\"flex-grow:%d\" title=\"%s\"><span>%s</span></li>%n"
            .formatted(look, tokens, title, title));
  }

  private static void tokens(List<TokenView> tokens, StringBuilder to) {
    boolean[] trailing = trailing(tokens);
    int at = 0;
    float before = 0;
    for (TokenView token : tokens) {
      if (token.weight() != before && token.weight() != 0 && token.weight() != 1) {
        to.append("<sup>%s</sup>".formatted(MarkedText.number(token.weight())));
      }
      before = token.weight();
      to.append(
          "<span class=\"%s\" title=\"%s\">"
              .formatted(
                  look(token),
                  Html.escaped(
                      "position %d, id %d, weight %s, token %s%s"
                          .formatted(
                              token.position(),
                              token.id(),
                              MarkedText.number(token.weight()),
                              Visible.quoted(token.token()),
                              token.special() ? ", special" : ""))));
      for (int character : token.text().codePoints().toArray()) {
        to.append(shown(character, trailing[at++]));
      }
      to.append("</span>");
    }
  }

  private static String look(TokenView token) {
    String look = token.weight() == 0 ? "t" : token.weight() == 1 ? "t s" : "t s w";
    return look + (token.weight() < 0 ? " n" : "") + (token.special() ? " x" : "");
  }

  private static String shown(int character, boolean trailing) {
    return switch (character) {
      case '\n' -> "<i>⏎</i>\n";
      case '\t' -> trailing ? "<i>⇥</i>" : "\t";
      case ' ' -> trailing ? "<i>·</i>" : " ";
      default -> Html.escaped(Visible.of(character));
    };
  }

  /** For each character of the text, whether nothing but spaces follows it on its line. */
  private static boolean[] trailing(List<TokenView> tokens) {
    List<Integer> text = new ArrayList<>();
    tokens.forEach(token -> token.text().codePoints().forEach(text::add));
    boolean[] trailing = new boolean[text.size()];
    boolean end = true;
    for (int i = trailing.length - 1; i >= 0; i--) {
      int character = text.get(i);
      end = character == '\n' || (end && (character == ' ' || character == '\t'));
      trailing[i] = end;
    }
    return trailing;
  }
}
