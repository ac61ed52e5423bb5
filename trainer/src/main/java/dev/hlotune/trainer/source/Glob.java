package dev.hlotune.trainer.source;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of file names as shells have it: {@code *} and {@code ?} within a name, {@code **} over
 * any number of folders, none included, <code>{a,b}</code> and {@code [a-z]} or {@code [!a-z]}. A
 * backslash takes the next character as it is.
 *
 * @param base the folder above the first name with such a character
 * @param names what the path from there has to be, with slashes
 */
record Glob(Path base, Pattern names) {
  private static final String SPECIAL = "*?[{";

  /** Whether a name has a character that makes it a pattern. */
  static boolean isPattern(String name) {
    return name.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0);
  }

  /**
   * Reads a pattern.
   *
   * @throws DataException if it has another form
   */
  static Glob of(String pattern) {
    int first = 0;
    while (SPECIAL.indexOf(pattern.charAt(first)) < 0) {
      first++;
    }
    int slash = pattern.lastIndexOf('/', first) + 1;
    String base = pattern.substring(0, slash);
    try {
      return new Glob(
          Path.of(base), Pattern.compile(regex(pattern.substring(slash)), Pattern.DOTALL));
    } catch (PatternSyntaxException e) {
      throw new DataException(
          "\""
              + pattern
              + "\": expected a pattern with closed brackets and braces, got: "
              + e.getDescription());
    }
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    int braces = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> {
          boolean starts = i == 0 || glob.charAt(i - 1) == '/';
          if (glob.startsWith("**/", i) && starts) {
            regex.append("(?:[^/]+/)*");
            i += 2;
          } else if (glob.startsWith("**", i)) {
            regex.append(".*");
            i++;
          } else {
            regex.append("[^/]*");
          }
        }
        case '?' -> regex.append("[^/]");
        case '[' -> {
          int end = glob.indexOf(']', i + 2);
          if (end < 0) {
            throw new PatternSyntaxException("\"[\" without \"]\"", glob, i);
          }
          boolean not = glob.charAt(i + 1) == '!' || glob.charAt(i + 1) == '^';
          String set = glob.substring(i + (not ? 2 : 1), end);
          regex
              .append("(?!/)[")
              .append(not ? "^" : "")
              .append(set.replaceAll("[\\\\\\[\\]&^]", "\\\\$0"))
              .append(']');
          i = end;
        }
        case '{' -> {
          regex.append("(?:");
          braces++;
        }
        case '}' -> {
          regex.append(braces > 0 ? ")" : "\\}");
          braces = Math.max(0, braces - 1);
        }
        case ',' -> regex.append(braces > 0 ? '|' : ',');
        case '\\' -> {
          i = Math.min(i + 1, glob.length() - 1);
          regex.append(Pattern.quote(glob.substring(i, i + 1)));
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    if (braces > 0) {
      throw new PatternSyntaxException("\"{\" without \"}\"", glob, glob.length());
    }
    return regex.toString();
  }

  /** Whether a path below the base fits. */
  boolean matches(Path path) {
    Path relative = base.toString().isEmpty() ? path : base.relativize(path);
    return names.matcher(relative.toString().replace('\\', '/')).matches();
  }
}
