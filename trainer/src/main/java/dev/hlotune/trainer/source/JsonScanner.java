package dev.hlotune.trainer.source;

/**
 * Finds where JSON values end without parsing them. Positions count from the start of a window,
 * which is read on as far as needed.
 */
final class JsonScanner {
  /** Where there is no byte or no end. */
  static final int NONE = -1;

  private final TextWindow text;

  JsonScanner(TextWindow text) {
    this.text = text;
  }

  /** The byte at a position, from 0 to 255, or {@link #NONE} behind the end of the file. */
  int at(int position) {
    while (text.start + position >= text.end) {
      if (!text.more()) {
        return NONE;
      }
    }
    return text.bytes[text.start + position] & 0xFF;
  }

  /** The first position from this one that is no space. */
  int skipSpace(int position) {
    int i = position;
    for (int c = at(i); c == ' ' || c == '\n' || c == '\r' || c == '\t'; c = at(i)) {
      i++;
    }
    return i;
  }

  /** The end of the line that a position is in: that of its line feed, or of the file. */
  int endOfLine(int position) {
    int i = position;
    for (int c = at(i); c != '\n' && c != NONE; c = at(i)) {
      i++;
    }
    return i;
  }

  /**
   * The position behind the value that begins at this one, or {@link #NONE} if the file ends within
   * it, or a line ends within a string, which no JSON allows.
   */
  int endOfValue(int position) {
    return switch (at(position)) {
      case '{', '[' -> endOfNested(position);
      case '"' -> endOfString(position);
      default -> endOfWord(position);
    };
  }

  private int endOfNested(int position) {
    int depth = 0;
    int i = position;
    do {
      switch (at(i)) {
        case '{', '[' -> {
          depth++;
          i++;
        }
        case '}', ']' -> {
          depth--;
          i++;
        }
        case '"' -> i = endOfString(i);
        case NONE -> i = NONE;
        default -> i++;
      }
    } while (depth > 0 && i != NONE);
    return i;
  }

  /** The position behind the string whose quote is at this one. */
  private int endOfString(int position) {
    int i = position + 1;
    while (true) {
      // The one loop that goes over nearly all bytes: no call for each of them.
      byte[] bytes = text.bytes;
      int here = text.start + i;
      int end = text.end;
      while (here < end && bytes[here] != '"' && bytes[here] != '\\' && bytes[here] != '\n') {
        here++;
      }
      i = here - text.start;
      switch (at(i)) {
        case '"' -> {
          return i + 1;
        }
        case '\\' -> i += 2;
        case '\n', NONE -> {
          return NONE;
        }
        default -> i++;
      }
    }
  }

  private int endOfWord(int position) {
    int i = position;
    for (int c = at(i); c > ' ' && ",]}:".indexOf(c) < 0; c = at(i)) {
      i++;
    }
    return i;
  }
}
