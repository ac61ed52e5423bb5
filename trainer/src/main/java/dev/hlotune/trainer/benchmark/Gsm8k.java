package dev.hlotune.trainer.benchmark;

import dev.hlotune.trainer.jinja.python.Text;
import dev.hlotune.trainer.jinja.python.TextCase;
import dev.hlotune.trainer.source.DataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GSM8K (Cobbe et al. 2021): how its questions are put, and which answers are right. */
final class Gsm8k {
  /** What follows the four marks at the end of a worked answer. */
  private static final Pattern MARKED = Pattern.compile("#### (-?[0-9.,]+)");

  private static final Pattern ANY = Pattern.compile("(-?[$0-9.,]{2,})|(-?[0-9]+)");

  /** What two answers may differ in. */
  private static final List<Pattern> IGNORED =
      List.of(
          Pattern.compile(","),
          Pattern.compile("\\$"),
          Pattern.compile("(?s).*#### "),
          Pattern.compile("\\.$", Pattern.UNIX_LINES));

  private static final String NONE = "[invalid]";

  private Gsm8k() {}

  static String question(Columns row) {
    return "Question: " + row.text("question") + "\nAnswer:";
  }

  static String answer(Columns row) {
    String answer = row.text("answer");
    if (!MARKED.matcher(answer).find()) {
      throw new DataException(
          row.origin(),
          "answer",
          "expected an answer that ends in '#### ' and a number, got \"%s\"%s"
              .formatted(answer, answer.isBlank() ? Columns.ADVICE : ""));
    }
    return answer;
  }

  /** What lm-evaluation-harness counts of a response, by the names of its filters. */
  static Map<String, Double> counted(String response, String answer) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("exact_match,strict-match", equal(first(response), answer));
    values.put("exact_match,flexible-extract", equal(last(response), answer));
    return values;
  }

  private static String first(String response) {
    Matcher matcher = MARKED.matcher(response);
    return matcher.find() ? Text.strip(matcher.group(1)) : NONE;
  }

  private static String last(String response) {
    String last = NONE;
    Matcher matcher = ANY.matcher(response);
    while (matcher.find()) {
      last = Text.strip(matcher.group());
    }
    return last;
  }

  private static double equal(String given, String answer) {
    return plain(given).equals(plain(answer)) ? 1 : 0;
  }

  private static String plain(String text) {
    String plain = text;
    for (Pattern ignored : IGNORED) {
      plain = ignored.matcher(plain).replaceAll("");
    }
    return TextCase.lower(plain);
  }

  /** nanochat compares the marked numbers, without commas. */
  static Map<String, Double> countedAsNanochat(String response, String answer) {
    Matcher given = MARKED.matcher(response);
    Matcher right = MARKED.matcher(answer);
    boolean same =
        given.find() && right.find() && number(given.group(1)).equals(number(right.group(1)));
    return Map.of("acc,none", same ? 1.0 : 0.0);
  }

  private static String number(String marked) {
    return Text.strip(marked).replace(",", "");
  }
}
