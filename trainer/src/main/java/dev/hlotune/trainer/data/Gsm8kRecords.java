package dev.hlotune.trainer.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads GSM8K: {@code question}, and an {@code answer} that calls a calculator as it goes ({@code
 * 48/2 = <<48/2=24>>24}) and ends with {@code #### 24}.
 *
 * <p>The answer becomes a message in parts, as nanochat has them: {@code text}, {@code python} with
 * what is computed and {@code python_output} with the result. Text between two calls, and behind
 * the last one, is a part even where it is empty; text is kept to the letter, the final answer with
 * its mark included.
 */
final class Gsm8kRecords {
  /** A calculator's call, as nanochat looks for it. */
  private static final Pattern CALL = Pattern.compile("<<([^>]+)>>");

  private static final Pattern MARK = Pattern.compile("<<|>>");

  private Gsm8kRecords() {}

  static SourceRecord read(Fields fields) {
    return ConversationRecords.of(
        List.of(
            Message.of("user", fields.text("question")),
            Message.of("assistant", parts(fields.text("answer"), fields))),
        fields);
  }

  private static List<Map<String, Object>> parts(String answer, Fields fields) {
    List<Map<String, Object>> parts = new ArrayList<>();
    Matcher call = CALL.matcher(answer);
    int from = 0;
    while (call.find()) {
      parts.add(text(answer.substring(from, call.start()), fields));
      String inside = call.group(1);
      int equals = inside.lastIndexOf('=');
      if (inside.contains("<<") || equals <= 0 || equals == inside.length() - 1) {
        throw malformed(call.group(), fields);
      }
      parts.add(part("python", inside.substring(0, equals)));
      parts.add(part("python_output", inside.substring(equals + 1)));
      from = call.end();
    }
    parts.add(text(answer.substring(from), fields));
    return parts;
  }

  private static Map<String, Object> text(String text, Fields fields) {
    Matcher stray = MARK.matcher(text);
    if (stray.find()) {
      throw malformed(
          text.substring(stray.start(), Math.min(text.length(), stray.start() + 20)), fields);
    }
    return part("text", text);
  }

  private static Map<String, Object> part(String type, String text) {
    return Map.of("type", type, "text", text);
  }

  private static RuntimeException malformed(String call, Fields fields) {
    return fields.problem(
        "answer", "expected calls of the calculator like \"<<12*3=36>>\", got \"" + call + '"');
  }
}
