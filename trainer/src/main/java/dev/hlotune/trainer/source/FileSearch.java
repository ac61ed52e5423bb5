package dev.hlotune.trainer.source;

import dev.hlotune.configs.EditDistance;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the files that a user names by a path or a pattern. */
final class FileSearch {
  private static final int MOST_NAMES = 3;

  private final String name;

  FileSearch(String name) {
    this.name = name;
  }

  /** The files, always in the same order, at least one. */
  List<Path> files() {
    Path path = path();
    if (Files.isDirectory(path)) {
      return atLeastOne(DataFolder.files(path), path);
    }
    if (Files.exists(path)) {
      return List.of(path);
    }
    if (!Glob.isPattern(name)) {
      throw nothing("no such file" + nearest(path));
    }
    Glob glob = Glob.of(name);
    if (!Files.isDirectory(glob.base())) {
      throw nothing("no folder \"" + glob.base() + '"' + nearest(glob.base()));
    }
    List<Path> files = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    DataFolder.walk(
        glob.base(),
        folder -> {
          if (glob.matches(folder)) {
            folders.add(folder);
          }
          return true;
        },
        file -> {
          if (glob.matches(file)) {
            files.add(file);
          }
        });
    if (files.isEmpty()) {
      // Folders stand for what is in them, as they do by themselves.
      folders.forEach(folder -> files.addAll(DataFolder.files(folder)));
    }
    List<Path> wanted = name.contains("txt") ? files : DataFolder.withoutNotes(files);
    return atLeastOne(wanted.stream().distinct().toList(), glob.base());
  }

  private Path path() {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw nothing("a name that no file can have: " + e.getReason());
    }
  }

  private List<Path> atLeastOne(List<Path> files, Path below) {
    if (files.isEmpty()) {
      List<Path> others = DataFolder.list(below);
      throw nothing(
          "none in \"" + below + "\", which has " + (others.isEmpty() ? "nothing" : shown(others)));
    }
    return files;
  }

  private static String shown(List<Path> paths) {
    List<Path> names = paths.stream().limit(MOST_NAMES).map(Path::getFileName).toList();
    int more = paths.size() - names.size();
    return DataFolder.quoted(names) + (more > 0 ? " and " + more + " more" : "");
  }

  private DataException nothing(String problem) {
    return new DataException(
        "\"" + name + "\": expected a data file, a folder of them or a pattern, got " + problem);
  }

  /** The names nearest to the first part of a path that does not exist. */
  private static String nearest(Path path) {
    Path existing = path.toAbsolutePath();
    Path missing = existing;
    while (existing != null && !Files.isDirectory(existing)) {
      missing = existing;
      existing = existing.getParent();
    }
    if (existing == null) {
      return "";
    }
    String wanted = String.valueOf(missing.getFileName());
    List<Path> near =
        DataFolder.list(existing).stream()
            .filter(other -> distance(wanted, other) <= Math.max(2, wanted.length() / 3))
            .sorted(Comparator.comparingInt(other -> distance(wanted, other)))
            .limit(MOST_NAMES)
            .map(Path::getFileName)
            .toList();
    return near.isEmpty() ? "" : "; the nearest names are " + DataFolder.quoted(near);
  }

  private static int distance(String wanted, Path other) {
    return EditDistance.between(wanted, String.valueOf(other.getFileName()));
  }
}
