package dev.hlotune.trainer.source;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The records of a JSON text: the elements of an array, be it alone or the value of {@code data} or
 * {@code examples} in an object, or objects one after the other. Fences around them ({@code
 * ```json}) are passed over. An array of messages is one record. Only where a record ends is found
 * out here; what is in it is parsed by whoever asks for its tree.
 */
final class JsonDocument implements RecordReader {
  private static final Set<String> LISTS = Set.of("data", "examples");

  /** What is in a message. */
  private static final List<Set<String>> MESSAGES =
      List.of(Set.of("role", "content"), Set.of("role", "tool_calls"), Set.of("from", "value"));

  private static final String EXPECTED =
      "a JSON array of objects, an object that holds one under \"data\" or \"examples\", or one"
          + " object a line";

  /** What is around the position. */
  private enum Within {
    NOTHING,
    ARRAY,
    WRAPPED_ARRAY
  }

  private final TextWindow text;
  private final JsonScanner scanner;
  private Within within = Within.NOTHING;
  private boolean afterElement;
  private long row;
  private long line = 1;

  private JsonDocument(TextWindow text) {
    this.text = text;
    this.scanner = new JsonScanner(text);
  }

  /** Opens a file as a document, or as lines where each line has an object of its own. */
  static RecordReader open(Path path, FileFormat format) {
    return of(
        TextWindow.open(path, format == FileFormat.JSONL ? TextLines.JSON : EXPECTED), format);
  }

  /** The same of an open file, which is closed where it cannot be used. */
  static RecordReader of(TextWindow text, FileFormat format) {
    try {
      JsonDocument document = new JsonDocument(text);
      return document.isLines(format) ? TextLines.json(text) : document;
    } catch (RuntimeException e) {
      text.close();
      throw e;
    }
  }

  /** Whether the first object ends in the line that it begins in, and is no more than a record. */
  private boolean isLines(FileFormat format) {
    int start = scanner.skipSpace(0);
    if (format == FileFormat.JSONL) {
      return scanner.at(start) != '[' || isConversation(start);
    }
    if (scanner.at(start) == JsonScanner.NONE) {
      throw new DataException(text.path(), "expected " + EXPECTED + ", got only blank lines");
    }
    if (scanner.at(start) != '{' || startOfWrapped(start) != JsonScanner.NONE) {
      return false;
    }
    int end = scanner.endOfValue(start);
    int lineEnd = scanner.endOfLine(start);
    return end == JsonScanner.NONE || (end <= lineEnd && scanner.skipSpace(end) >= lineEnd);
  }

  @Override
  public @Nullable RawRecord next() {
    while (true) {
      pass(scanner.skipSpace(0));
      int c = scanner.at(0);
      if (within == Within.NOTHING) {
        switch (c) {
          case JsonScanner.NONE -> {
            if (row == 0) {
              throw new DataException(
                  text.path(), "expected " + EXPECTED + ", got one without records");
            }
            return null;
          }
          case '[' -> {
            if (isConversation(0)) {
              return record();
            }
            enter(Within.ARRAY, 1);
          }
          case '`' -> passFence();
          case '{' -> {
            int list = startOfWrapped(0);
            if (list == JsonScanner.NONE) {
              return record();
            }
            enter(Within.WRAPPED_ARRAY, list);
          }
          default -> throw broken("expected " + EXPECTED + ", got " + shown(c));
        }
      } else if (c == ']') {
        pass(1);
        if (within == Within.WRAPPED_ARRAY) {
          passRestOfWrapper();
        }
        within = Within.NOTHING;
      } else if (afterElement) {
        if (c != ',') {
          throw broken("broken JSON: expected \",\" or \"]\" after a record, got " + shown(c));
        }
        pass(1);
        afterElement = false;
      } else if (c == JsonScanner.NONE) {
        throw broken("broken JSON: expected a record or \"]\", got the end of the file");
      } else {
        afterElement = true;
        return record();
      }
    }
  }

  private void enter(Within what, int length) {
    pass(length);
    within = what;
    afterElement = false;
  }

  private RawRecord record() {
    row++;
    int end = scanner.endOfValue(0);
    if (end == JsonScanner.NONE || end == 0) {
      throw new DataException(
          Origin.row(text.path(), row),
          null,
          "broken JSON: expected a record that ends, got one that does not; it begins in line "
              + line);
    }
    RawRecord found = new JsonText(text.copy(0, end), Origin.row(text.path(), row), line);
    pass(end);
    return found;
  }

  /** Goes on by that many bytes. */
  private void pass(int length) {
    for (int i = text.start; i < text.start + length; i++) {
      line += text.bytes[i] == '\n' ? 1 : 0;
    }
    text.start += length;
  }

  private void passFence() {
    if (scanner.at(1) != '`' || scanner.at(2) != '`') {
      throw broken("expected " + EXPECTED + ", got " + shown('`'));
    }
    pass(scanner.endOfLine(0));
  }

  /**
   * Where the elements of a wrapped array begin: behind the bracket, if the object at a position
   * has a member of such a name whose value is an array of objects.
   */
  private int startOfWrapped(int object) {
    int i = object + 1;
    while (true) {
      int key = scanner.skipSpace(i);
      int value = startOfValue(key);
      if (value == JsonScanner.NONE) {
        return JsonScanner.NONE;
      }
      if (isList(key, value)) {
        return value + 1;
      }
      int end = scanner.endOfValue(value);
      if (end == JsonScanner.NONE) {
        return JsonScanner.NONE;
      }
      int comma = scanner.skipSpace(end);
      if (scanner.at(comma) != ',') {
        return JsonScanner.NONE;
      }
      i = comma + 1;
    }
  }

  /**
   * Whether the first element of the array at a position is a message, as {@link JsonText} has it.
   */
  private boolean isConversation(int array) {
    int i = scanner.skipSpace(array + 1);
    if (scanner.at(i) != '{') {
      return false;
    }
    Set<String> names = new HashSet<>();
    do {
      int key = scanner.skipSpace(i + 1);
      int value = startOfValue(key);
      int end = value == JsonScanner.NONE ? JsonScanner.NONE : scanner.endOfValue(value);
      if (end == JsonScanner.NONE) {
        return false;
      }
      names.add(name(key));
      if (MESSAGES.stream().anyMatch(names::containsAll)) {
        return true;
      }
      i = scanner.skipSpace(end);
    } while (scanner.at(i) == ',');
    return false;
  }

  /** Where the value of the member begins whose name begins here, if there is one. */
  private int startOfValue(int key) {
    int end = scanner.at(key) == '"' ? scanner.endOfValue(key) : JsonScanner.NONE;
    if (end == JsonScanner.NONE) {
      return JsonScanner.NONE;
    }
    int colon = scanner.skipSpace(end);
    return scanner.at(colon) == ':' ? scanner.skipSpace(colon + 1) : JsonScanner.NONE;
  }

  private boolean isList(int key, int value) {
    if (scanner.at(value) != '[' || scanner.at(scanner.skipSpace(value + 1)) != '{') {
      return false;
    }
    return LISTS.contains(name(key));
  }

  /** The name of the member that begins here. */
  private String name(int key) {
    byte[] name = text.copy(key + 1, scanner.endOfValue(key) - 1);
    return new String(name, StandardCharsets.UTF_8);
  }

  /** Passes over what stands behind the array in its object, in which there is no second one. */
  private void passRestOfWrapper() {
    while (true) {
      pass(scanner.skipSpace(0));
      int c = scanner.at(0);
      if (c == '}') {
        pass(1);
        return;
      }
      int key = scanner.skipSpace(1);
      int value = c == ',' ? startOfValue(key) : JsonScanner.NONE;
      int end = value == JsonScanner.NONE ? JsonScanner.NONE : scanner.endOfValue(value);
      if (end == JsonScanner.NONE) {
        throw broken("broken JSON: expected \",\" or \"}\" after the array, got " + shown(c));
      }
      if (isList(key, value)) {
        throw broken("expected one list of records, got \"data\" and \"examples\"");
      }
      pass(end);
    }
  }

  private DataException broken(String problem) {
    return new DataException(new Origin(text.path(), line), null, problem);
  }

  private static String shown(int c) {
    return c == JsonScanner.NONE ? "the end of the file" : "\"" + (char) c + "\"";
  }

  @Override
  public long bytesRead() {
    return text.bytesRead();
  }

  @Override
  public void close() {
    text.close();
  }
}
