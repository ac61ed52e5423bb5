package dev.hlotune.trainer.jinja.syntax;

import dev.hlotune.trainer.jinja.python.Characters;
import dev.hlotune.trainer.jinja.python.NumberText;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts what stands in one tag into tokens, up to the end of the tag. */
final class TagLexer {
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)(?:[0-9]+_)*[0-9]+(?:(?:\\.(?:[0-9]+_)*[0-9]+)?e[+-]?(?:[0-9]+_)*[0-9]+"
              + "|\\.(?:[0-9]+_)*[0-9]+)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern INTEGER =
      Pattern.compile(
          "0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[0-9a-f])+|[1-9](?:_?[0-9])*|0(?:_?0)*",
          Pattern.CASE_INSENSITIVE);
  private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
  private static final String OPERATORS = "+-/*%~[](){}><=.:|,;";

  private final String source;
  private final String close;
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;
  private int line;

  TagLexer(String source, int at, int line, String close) {
    this.source = source;
    this.at = at;
    this.line = line;
    this.close = close;
  }

  /** How far it came: the end of the tag, its sign included, or the end of the template. */
  int at() {
    return at;
  }

  /** Adds one token, or nothing for white space; false at the end of the tag. */
  boolean next(List<Token> tokens) {
    if (at >= source.length() || (open.isEmpty() && atClose())) {
      return false;
    }
    char c = source.charAt(at);
    if (Characters.isSpace(c)) {
      line += c == '\n' ? 1 : 0;
      at++;
      return true;
    }
    tokens.add(c >= '0' && c <= '9' ? number() : other(c));
    return true;
  }

  private boolean atClose() {
    char c = source.charAt(at);
    boolean sign = c == '-' || (c == '+' && close.equals("%}"));
    return source.startsWith(close, at) || (sign && source.startsWith(close, at + 1));
  }

  private Token number() {
    Matcher matcher = matcher(FLOAT);
    if (matcher.lookingAt()) {
      Double value = NumberText.floating(take(matcher.end()));
      return new Token(Token.Kind.FLOAT, value == null ? Double.NaN : value, line);
    }
    matcher = matcher(INTEGER);
    if (!matcher.lookingAt()) {
      throw unexpected();
    }
    Number value = NumberText.integer(take(matcher.end()), 0);
    if (value == null) {
      throw SyntaxErrors.at(line, "expected an integer of at most 4300 digits, got a longer one");
    }
    return new Token(Token.Kind.INTEGER, value, line);
  }

  private Matcher matcher(Pattern pattern) {
    return pattern.matcher(source).region(at, source.length()).useTransparentBounds(true);
  }

  private String take(int end) {
    String text = source.substring(at, end);
    at = end;
    return text;
  }

  private Token other(char c) {
    if (isWord(source.codePointAt(at))) {
      return name();
    }
    int end = c == '\'' || c == '"' ? stringEnd(c) : -1;
    if (end >= 0) {
      int start = line;
      String text = take(end);
      line += (int) text.chars().filter(d -> d == '\n').count();
      return new Token(
          Token.Kind.STRING,
          StringLiteral.value(text.substring(1, text.length() - 1), start),
          start);
    }
    return operator(c);
  }

  private static boolean isWord(int c) {
    return Characters.continuesIdentifier(c) || Characters.isAlphanumeric(c);
  }

  private Token name() {
    int end = at;
    while (end < source.length() && isWord(source.codePointAt(end))) {
      end += Character.charCount(source.codePointAt(end));
    }
    String name = take(end);
    boolean valid =
        Characters.startsIdentifier(name.codePointAt(0))
            && name.codePoints().allMatch(Characters::continuesIdentifier);
    if (!valid) {
      throw SyntaxErrors.expected(line, "a name", "'" + name + "'");
    }
    return new Token(Token.Kind.NAME, name, line);
  }

  /** Where the string ends that begins here, or -1. */
  private int stringEnd(char quote) {
    for (int i = at + 1; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == quote) {
        return i + 1;
      }
      if (c == '\\') {
        i++;
      }
    }
    return -1;
  }

  private Token operator(char c) {
    for (String operator : LONG_OPERATORS) {
      if (source.startsWith(operator, at)) {
        return new Token(Token.Kind.OPERATOR, take(at + 2), line);
      }
    }
    if (OPERATORS.indexOf(c) < 0) {
      throw unexpected();
    }
    switch (c) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        char expected = open.isEmpty() ? 0 : open.pop();
        if (c != expected) {
          throw SyntaxErrors.expected(
              line, expected == 0 ? "the end of the tag" : "'" + expected + "'", "'" + c + "'");
        }
      }
      default -> {}
    }
    return new Token(Token.Kind.OPERATOR, take(at + 1), line);
  }

  private DataException unexpected() {
    return SyntaxErrors.at(
        line, "unexpected character '" + Character.toString(source.codePointAt(at)) + "'");
  }
}
