package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code textwrap.wrap}, as the filter {@code wordwrap} calls it. */
public final class TextWrap {
  private static final String SPACE = "[\\t\\n\\x0b\\x0c\\r ]";
  private static final String PUNCTUATION = "[\\w!\"'&.,?]";
  private static final String LETTER = "[^\\d\\W]";

  /** White space, dashes between words, or a word up to where it may be broken. */
  private static final Pattern CHUNK =
      Pattern.compile(
          ("S+|(?<=P)-{2,}(?=\\w)|[^\\t\\n\\x0b\\x0c\\r ]+?(?:-(?:(?<=L{2}-)|(?<=L-L-))(?=L-?L)"
                  + "|(?=S|\\z)|(?<=P)(?=-{2,}\\w))")
              .replace("S", SPACE)
              .replace("P", PUNCTUATION)
              .replace("L", LETTER),
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern SPACES = Pattern.compile(SPACE + "+");

  private final int width;
  private final boolean breakWords;
  private final boolean breakHyphens;
  private final Deque<String> chunks;

  private TextWrap(int width, boolean breakWords, boolean breakHyphens, List<String> chunks) {
    this.width = width;
    this.breakWords = breakWords;
    this.breakHyphens = breakHyphens;
    this.chunks = new ArrayDeque<>(chunks);
  }

  /** The lines of one paragraph. */
  public static List<String> lines(
      String text, int width, boolean breakWords, boolean breakHyphens) {
    if (width <= 0) {
      throw new DataException("wordwrap: expected a width above 0, got " + width);
    }
    List<String> chunks = chunks(text, breakHyphens ? CHUNK : SPACES);
    return new TextWrap(width, breakWords, breakHyphens, chunks).run();
  }

  private static List<String> chunks(String text, Pattern pattern) {
    List<String> chunks = new ArrayList<>();
    int from = 0;
    for (Matcher matcher = pattern.matcher(text); matcher.find(); from = matcher.end()) {
      chunks.add(text.substring(from, matcher.start()));
      chunks.add(matcher.group());
    }
    chunks.add(text.substring(from));
    chunks.removeIf(String::isEmpty);
    return chunks;
  }

  private List<String> run() {
    List<String> lines = new ArrayList<>();
    while (!chunks.isEmpty()) {
      if (isBlank(chunks.getFirst()) && !lines.isEmpty()) {
        chunks.removeFirst();
      }
      List<String> line = new ArrayList<>();
      int length = 0;
      while (!chunks.isEmpty() && length + Text.length(chunks.getFirst()) <= width) {
        length += Text.length(chunks.getFirst());
        line.add(chunks.removeFirst());
      }
      if (!chunks.isEmpty() && Text.length(chunks.getFirst()) > width) {
        takeLongWord(line, width - length);
      }
      if (!line.isEmpty() && isBlank(line.getLast())) {
        line.removeLast();
      }
      if (!line.isEmpty()) {
        lines.add(String.join("", line));
      }
    }
    return lines;
  }

  private static boolean isBlank(String chunk) {
    return Text.strip(chunk).isEmpty();
  }

  private void takeLongWord(List<String> line, int room) {
    if (breakWords) {
      String chunk = chunks.removeFirst();
      int end = room;
      if (breakHyphens) {
        int hyphen = chunk.lastIndexOf('-', Text.offset(chunk, room) - 1);
        if (hyphen > 0 && chunk.substring(0, hyphen).chars().anyMatch(c -> c != '-')) {
          end = Text.length(chunk.substring(0, hyphen)) + 1;
        }
      }
      line.add(Text.slice(chunk, 0, end));
      chunks.addFirst(Text.slice(chunk, end, Text.length(chunk)));
    } else if (line.isEmpty()) {
      line.add(chunks.removeFirst());
    }
  }
}
