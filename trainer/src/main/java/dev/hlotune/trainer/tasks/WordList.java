package dev.hlotune.trainer.tasks;

import dev.hlotune.configs.quickstart.Words;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The words that tasks are about. */
final class WordList {
  private WordList() {}

  /**
   * The words of files, one a line, in their order; the built-in ones where there is no file.
   *
   * @throws DataException if a file cannot be read or holds something else, with its line
   */
  static List<String> of(List<Path> files) {
    if (files.isEmpty()) {
      return builtIn();
    }
    List<String> words = new ArrayList<>();
    files.forEach(file -> words.addAll(read(file)));
    return List.copyOf(words);
  }

  /** Everyday words: those of the quickstart, then further ones. */
  private static List<String> builtIn() {
    Stream<String> further =
        Resources.lines("words.txt").stream().flatMap(line -> Stream.of(line.split(" ")));
    return Stream.concat(Words.all().stream(), further).distinct().toList();
  }

  private static List<String> read(Path file) {
    List<String> words = new ArrayList<>();
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new DataException(file, "expected a list of words, got no such file", e);
    } catch (CharacterCodingException e) {
      throw new DataException(file, "expected a list of words in UTF-8, got other bytes", e);
    } catch (IOException e) {
      throw new DataException(file, "cannot be read: " + e.getMessage(), e);
    }
    for (int i = 0; i < lines.size(); i++) {
      String word = lines.get(i).strip();
      if (!word.isEmpty()) {
        if (!isWord(word)) {
          throw new DataException(
              new Origin(file, i + 1),
              null,
              "expected one word of letters alone, got \"" + word + '"');
        }
        words.add(word);
      }
    }
    if (words.isEmpty()) {
      throw new DataException(file, "expected one word a line, got none");
    }
    return words;
  }

  /** Letters alone: a word stands in quotes in Python code, and its letters between commas. */
  private static boolean isWord(String text) {
    return text.codePoints()
        .allMatch(c ->
            Character.isLetter(c)
                || Character.getType(c) == Character.NON_SPACING_MARK
                || Character.getType(c) == Character.COMBINING_SPACING_MARK);
  }

  /** The letters of a word, as Python takes a string apart: one for each code point. */
  static List<String> letters(String word) {
    return word.codePoints().mapToObj(Character::toString).toList();
  }
}
