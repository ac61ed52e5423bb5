package dev.hlotune.configs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Turns settings as written into typed values, later layers over earlier ones. */
final class Resolver {
  private final KeyTable table;
  private final Path workingDirectory;
  private final Optional<Path> recipeDirectory;

  private final Map<Key<?>, Object> values = new HashMap<>();
  private final Map<Key<?>, Origin> origins = new HashMap<>();
  private final Set<String> unusable = new HashSet<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  Resolver(KeyTable table, Path workingDirectory, Optional<Path> recipeDirectory) {
    this.table = table;
    this.workingDirectory = workingDirectory;
    this.recipeDirectory = recipeDirectory;
  }

  /** Lays the settings of one source over those before. */
  void layer(List<RawSetting> settings) {
    Map<Key<?>, Origin> here = new HashMap<>();
    for (RawSetting setting : settings) {
      Optional<KeyTable.Match> match = table.find(setting.name());
      if (match.isEmpty()) {
        problems.add(Problem.at(setting.origin(), unknown(setting.name())));
        continue;
      }
      Key<?> key = match.get().key();
      Origin earlier = here.putIfAbsent(key, setting.origin());
      if (earlier != null) {
        problems.add(
            Problem.at(
                setting.origin(),
                "'"
                    + setting.name()
                    + "': expected '"
                    + key.name()
                    + "' once, got it at "
                    + earlier
                    + " too"));
        continue;
      }
      match.get().alias().ifPresent(alias -> note(alias, key, setting.origin()));
      set(key, match.get().alias(), setting);
    }
  }

  private void note(Alias alias, Key<?> key, Origin origin) {
    notes.add(origin + ": '" + alias.name() + "' is read as '" + key.name() + "'");
  }

  private String unknown(String name) {
    Optional<String> reason = UnsupportedKeys.reason(name);
    if (reason.isPresent()) {
      return "'"
          + name
          + "': expected a key of this version, got one that needs "
          + reason.get()
          + ", which is not supported yet; leave it out";
    }
    return "'"
        + name
        + "': expected a known key, got an unknown one"
        + table.nearest(name).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  private <T> void set(Key<T> key, Optional<Alias> alias, RawSetting setting) {
    Optional<String> text = setting.text().filter(t -> key.preset().isPresent() || !isNone(t));
    if (text.isEmpty()) {
      values.remove(key);
      origins.remove(key);
      return;
    }
    try {
      String plain = alias.map(other -> other.value().apply(text.get())).orElse(text.get());
      values.put(key, key.type().parse(plain, locator(setting.origin())));
      origins.put(key, setting.origin());
    } catch (IllegalArgumentException e) {
      unusable.add(key.name());
      values.remove(key);
      problems.add(
          new Problem(
              Optional.of(setting.origin()),
              List.of(key.name()),
              "'" + setting.name() + "': " + e.getMessage()));
    }
  }

  private static boolean isNone(String text) {
    return text.equals("None") || text.equals("null");
  }

  /** An input that is not in the working directory may be beside the recipe that names it. */
  private Locator locator(Origin origin) {
    return new Locator() {
      @Override
      public Optional<Path> find(Path path) {
        return Stream.concat(Stream.of(path), beside(path).stream())
            .filter(place -> Files.exists(workingDirectory.resolve(place)))
            .findFirst();
      }

      @Override
      public Optional<Path> beside(Path path) {
        return recipeDirectory
            .filter(_ -> origin instanceof Origin.InFile && !path.isAbsolute())
            .map(directory -> directory.resolve(path).normalize());
      }
    };
  }

  void addProblems(List<Problem> more) {
    problems.addAll(more);
  }

  /**
   * Adds what a record has to say about its values, unless it speaks of a value that is already
   * known to be wrong and was replaced by its preset.
   */
  void addProblemsOf(ConfigException exception) {
    for (Problem problem : exception.problems()) {
      if (problem.keys().stream().noneMatch(unusable::contains)) {
        Optional<Origin> origin =
            problem.keys().stream()
                .flatMap(name -> table.find(name).stream())
                .map(match -> origins.get(match.key()))
                .filter(place -> place != null)
                .findFirst();
        problems.add(problem.withOrigin(origin));
      }
    }
  }

  Settings settings() {
    return new Settings(values, origins);
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Spellings understood as another key. */
  List<String> notes() {
    return List.copyOf(notes);
  }
}
