package dev.hlotune.pjrt;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the arguments of {@code @main} from StableHLO text: their types and their donation. */
final class SignatureParser {
  private static final Pattern MAIN =
      Pattern.compile("func\\.func\\s+(?:public\\s+|private\\s+)?@main\\s*\\(");
  private static final Pattern DONATED =
      Pattern.compile("\\btf\\.aliasing_output\\b|\\bjax\\.buffer_donor\\s*=\\s*true\\b");

  private final String text;
  private final int numPartitions;
  private int at;

  SignatureParser(String text, int numPartitions) {
    this.text = text;
    this.numPartitions = numPartitions;
  }

  Signature parse() {
    Matcher main = MAIN.matcher(text);
    if (!main.find()) {
      throw failure("a function \"func.func public @main(…)\"", "none");
    }
    at = main.end();
    List<BufferType> parameters = new ArrayList<>();
    Set<Integer> donated = new TreeSet<>();
    skipSpace();
    while (peek() != ')') {
      skipTo(':');
      at++;
      skipSpace();
      BufferType type = type();
      skipSpace();
      String attributes = "";
      if (peek() == '{') {
        attributes = balanced('{', '}');
        skipSpace();
      }
      if (text.startsWith("loc(", at)) {
        at += 3;
        balanced('(', ')');
        skipSpace();
      }
      if (DONATED.matcher(attributes).find()) {
        donated.add(parameters.size());
      }
      parameters.add(numPartitions == 1 ? type : Shardings.shard(type, attributes, text));
      if (peek() == ',') {
        at++;
        skipSpace();
      } else if (peek() != ')') {
        throw failure("',' or ')' after argument " + (parameters.size() - 1), here());
      }
    }
    return new Signature(parameters, donated);
  }

  private BufferType type() {
    if (!text.startsWith("tensor<", at)) {
      throw failure("an argument of type \"tensor<…>\"", here());
    }
    int end = text.indexOf('>', at);
    if (end < 0) {
      throw failure("'>'", here());
    }
    String[] parts = text.substring(at + "tensor<".length(), end).split("x", -1);
    at = end + 1;
    long[] dimensions = new long[parts.length - 1];
    try {
      for (int index = 0; index < dimensions.length; index++) {
        dimensions[index] = Long.parseLong(parts[index]);
      }
      return new BufferType(ElementType.ofStableHlo(parts[parts.length - 1]), dimensions);
    } catch (IllegalArgumentException other) {
      PjrtException failure =
          failure("a static shape of a known element type", "\"" + String.join("x", parts) + "\"");
      failure.initCause(other);
      throw failure;
    }
  }

  /** The text from an opening bracket to its partner, both included; strings hold no brackets. */
  private String balanced(char open, char close) {
    int start = at;
    int depth = 0;
    do {
      char next = peek();
      if (next == '"') {
        skipString();
        continue;
      }
      depth += next == open ? 1 : next == close ? -1 : 0;
      at++;
    } while (depth > 0);
    return text.substring(start, at);
  }

  private void skipString() {
    at++;
    while (peek() != '"') {
      at += peek() == '\\' ? 2 : 1;
    }
    at++;
  }

  private void skipTo(char wanted) {
    while (peek() != wanted) {
      at++;
    }
  }

  private void skipSpace() {
    while (Character.isWhitespace(peek()) || text.startsWith("//", at)) {
      if (peek() == '/') {
        skipTo('\n');
      } else {
        at++;
      }
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw failure("the arguments of @main to end", "the end of the text");
    }
    return text.charAt(at);
  }

  private String here() {
    return "\"" + text.substring(at, Math.min(text.length(), at + 30)) + "\"";
  }

  private static PjrtException failure(String expected, String got) {
    return PjrtException.invalid("program text", "expected " + expected + ", got " + got);
  }
}
