package dev.hlotune.trainer.jinja.syntax;

import dev.hlotune.trainer.jinja.python.Characters;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a template into text and tags; {@link TagLexer} cuts what stands in a tag. */
final class Lexer {
  private static final String SPACE =
      "[\\t-\\r \\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*";

  private static final Pattern RAW =
      Pattern.compile("\\{%([-+]?)" + SPACE + "raw" + SPACE + "(?:-%\\}" + SPACE + "|%\\})");
  private static final Pattern END_RAW =
      Pattern.compile(
          "\\{%([-+]?)" + SPACE + "endraw" + SPACE + "(?:\\+%\\}|-%\\}" + SPACE + "|%\\}\\n?)");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  /** Whether what was read last ended a line. */
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
  }

  /** The tokens of a template, the last of which is the end. */
  static List<Token> tokens(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    boolean newline = source.endsWith("\n");
    Lexer lexer = new Lexer(newline ? source.substring(0, source.length() - 1) : source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    for (int tag = nextTag(); tag >= 0; tag = nextTag()) {
      Matcher raw = RAW.matcher(source).region(tag, source.length());
      if (raw.lookingAt()) {
        data(tag, raw.group(1), true);
        advance(raw.end());
        raw();
        continue;
      }
      char kind = source.charAt(tag + 1);
      String sign = sign(tag + 2);
      data(tag, sign, kind != '{');
      advance(tag + 2 + sign.length());
      switch (kind) {
        case '#' -> comment();
        case '%' -> tag(Token.Kind.BLOCK_BEGIN);
        default -> tag(Token.Kind.VARIABLE_BEGIN);
      }
    }
    emitData(source.substring(at), line);
    advance(source.length());
    tokens.add(new Token(Token.Kind.END, "", line));
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      char next = i + 1 < source.length() ? source.charAt(i + 1) : 0;
      if (next == '{' || next == '%' || next == '#') {
        return i;
      }
    }
    return -1;
  }

  private String sign(int place) {
    char c = place < source.length() ? source.charAt(place) : 0;
    return c == '-' || c == '+' ? String.valueOf(c) : "";
  }

  /** The text before a tag, without the white space that the tag takes away. */
  private void data(int end, String sign, boolean stripsLine) {
    String text = source.substring(at, end);
    int start = line;
    if (sign.equals("-")) {
      emitData(text.substring(0, spaceAtEnd(text, 0)), start);
    } else if (sign.isEmpty() && stripsLine) {
      int lineStart = text.lastIndexOf('\n') + 1;
      boolean blank = spaceAtEnd(text, lineStart) == lineStart;
      boolean strips = blank && (lineStart > 0 || lineStarting);
      emitData(strips ? text.substring(0, lineStart) : text, start);
    } else {
      emitData(text, start);
    }
    advance(end);
  }

  /** Where the white space at the end begins, if not before that place. */
  private static int spaceAtEnd(String text, int from) {
    int end = text.length();
    while (end > from && Characters.isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private void emitData(String text, int start) {
    if (!text.isEmpty()) {
      tokens.add(new Token(Token.Kind.DATA, text, start));
    }
  }

  private void comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throwUnlessAtEnd("#}");
      return;
    }
    String sign = end > at ? sign(end - 1) : "";
    afterTag(end + 2, sign, true);
  }

  /** Jinja does not miss the end of a block in which there is nothing at all. */
  private void throwUnlessAtEnd(String expected) {
    if (at < source.length()) {
      throw SyntaxErrors.expected(line, "'" + expected + "'", "the end of the template");
    }
  }

  private void raw() {
    Matcher end = END_RAW.matcher(source).region(at, source.length());
    if (!end.find()) {
      throwUnlessAtEnd("{% endraw %}");
      return;
    }
    data(end.start(), end.group(1), true);
    advance(end.end());
  }

  private void tag(Token.Kind begin) {
    tokens.add(new Token(begin, "", line));
    boolean block = begin == Token.Kind.BLOCK_BEGIN;
    TagLexer tag = new TagLexer(source, at, line, block ? "%}" : "}}");
    while (tag.next(tokens)) {
      // it adds the tokens itself
    }
    advance(tag.at());
    String close = block ? "%}" : "}}";
    String sign = sign(at);
    int from = at + sign.length();
    if (source.startsWith(close, from)) {
      tokens.add(new Token(block ? Token.Kind.BLOCK_END : Token.Kind.VARIABLE_END, "", line));
      afterTag(from + 2, sign, block);
    }
  }

  /** Goes past a tag and the white space that it takes away. */
  private void afterTag(int end, String sign, boolean takesNewline) {
    int after = end;
    if (sign.equals("-")) {
      while (after < source.length() && Characters.isSpace(source.charAt(after))) {
        after++;
      }
    } else if (sign.isEmpty() && takesNewline && source.startsWith("\n", after)) {
      after++;
    }
    advance(after);
  }

  private void advance(int end) {
    for (int i = at; i < end; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    lineStarting = end > at ? source.charAt(end - 1) == '\n' : lineStarting;
    at = end;
  }
}
