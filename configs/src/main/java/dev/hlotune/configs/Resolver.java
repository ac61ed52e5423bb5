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
import java.util.TreeSet;
import java.util.function.Function;
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
  private final Set<String> idle = new TreeSet<>();

  Resolver(KeyTable table, Path workingDirectory, Optional<Path> recipeDirectory) {
    this.table = table;
    this.workingDirectory = workingDirectory;
    this.recipeDirectory = recipeDirectory;
  }

  /** Lays the settings of one source over those before. */
  void layer(List<RawSetting> settings) {
    layers(List.of(settings));
  }

  /** Lays the settings of several sources over one another, each with an eye on the others. */
  void layers(List<List<RawSetting>> layers) {
    List<Siblings> siblings = Siblings.of(layers);
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = new Layer();
      for (RawSetting setting : layers.get(i)) {
        read(setting, siblings.get(i), layer);
      }
      set(layer.settled(problems));
    }
  }

  /**
   * Adds the settings of a file of another system, which must agree with those that are there.
   *
   * @param settings as they stand there, each of which has a meaning
   * @param meanings by name
   */
  void agree(List<RawSetting> settings, Function<String, List<Alias>> meanings) {
    Siblings siblings = Siblings.of(List.of(settings)).getFirst();
    Layer layer = new Layer();
    for (RawSetting setting : settings) {
      meanings.apply(setting.name()).stream()
          .filter(alias -> alias.holds(siblings))
          .findFirst()
          .ifPresent(alias -> understand(alias, setting, siblings, layer));
    }
    Map<Key<?>, Object> before = new HashMap<>(values);
    Map<Key<?>, Origin> where = new HashMap<>(origins);
    for (Layer.Wish wish : layer.settled(problems)) {
      Key<?> key = wish.key();
      set(key, wish);
      Optional<Object> own = Optional.ofNullable(before.get(key));
      Optional<Object> there = Optional.ofNullable(values.get(key));
      if (own.isPresent() && there.isPresent() && !there.equals(own)) {
        problems.add(
            Problem.at(
                wish.setting().origin(),
                "'%s': expected \"auto\" or the %s of '%s' at %s, got %s"
                    .formatted(
                        wish.setting().name(),
                        shown(key, own.get()),
                        key.name(),
                        where.get(key),
                        shown(key, there.get()))));
      }
    }
  }

  @SuppressWarnings("unchecked") // the resolver puts nothing but values parsed by the key's type
  private static <T> String shown(Key<T> key, Object value) {
    return JsonText.shown(key.type().plain((T) value));
  }

  private void read(RawSetting setting, Siblings siblings, Layer layer) {
    Optional<Alias> other = table.other(setting.name(), siblings);
    Optional<KeyTable.Match> match =
        other.isPresent() ? Optional.empty() : table.find(setting.name());
    if (other.isPresent()) {
      understand(other.get(), setting, siblings, layer);
    } else if (match.isEmpty() && !table.group(setting.name()).isEmpty()) {
      group(table.group(setting.name()), setting, layer);
    } else if (match.isEmpty()) {
      problems.add(Problem.at(setting.origin(), unknown(setting.name())));
    } else if (match.get().alias().isPresent()) {
      understand(match.get().alias().get(), setting, siblings, layer);
    } else {
      layer.add(new Layer.Wish(match.get().key(), setting.text(), false, setting));
    }
  }

  /** A whole mapping of keys in one text: those that it does not name are not set. */
  private void group(List<Key<?>> keys, RawSetting setting, Layer layer) {
    Map<String, String> texts;
    try {
      texts =
          setting.text().filter(text -> !isNone(text)).map(new TextMap()::parse).orElse(Map.of());
    } catch (IllegalArgumentException e) {
      problems.add(Problem.at(setting.origin(), "'" + setting.name() + "': " + e.getMessage()));
      return;
    }
    String prefix = setting.name() + ".";
    texts.forEach((name, text) -> {
      RawSetting own = new RawSetting(prefix + name, Optional.of(text), setting.origin());
      table
          .find(own.name())
          .ifPresentOrElse(
              match -> layer.add(new Layer.Wish(match.key(), own.text(), false, own)),
              () -> problems.add(Problem.at(own.origin(), unknown(own.name()))));
    });
    for (Key<?> key : keys) {
      layer.add(new Layer.Wish(key, Optional.empty(), true, setting));
    }
  }

  private void understand(Alias alias, RawSetting setting, Siblings siblings, Layer layer) {
    switch (alias.meaning()) {
      case Meaning.Nothing _ -> idle.add(alias.name());
      case Meaning.File _ -> {} // It was read already.
      case Meaning.Only only -> {
        Optional<String> problem = setting.text().flatMap(only::problem);
        idle.add(alias.name());
        problem.ifPresent(text ->
            problems.add(Problem.at(setting.origin(), "'" + setting.name() + "': " + text)));
      }
      case Meaning.Sets sets -> {
        List<Assignment> said;
        try {
          said =
              setting.text().isEmpty() || isNone(setting.text().get())
                  ? sets.keys().stream()
                      .map(key -> new Assignment(key, Optional.empty(), true))
                      .toList()
                  : sets.reading().apply(setting.text().get(), siblings);
        } catch (IllegalArgumentException e) {
          unusable.addAll(sets.keys());
          problems.add(
              new Problem(
                  Optional.of(setting.origin()),
                  sets.keys(),
                  "'" + setting.name() + "': " + e.getMessage()));
          return;
        }
        notes.add(note(alias, said, sets, setting));
        for (Assignment assignment : said) {
          layer.add(
              new Layer.Wish(
                  table.find(assignment.key()).orElseThrow().key(),
                  assignment.text(),
                  assignment.mild(),
                  setting));
        }
      }
    }
  }

  private static String note(
      Alias alias, List<Assignment> said, Meaning.Sets sets, RawSetting setting) {
    List<String> read = new ArrayList<>();
    for (Assignment one : said) {
      boolean same = one.text().equals(setting.text()) || one.text().isEmpty();
      read.add("'" + one.key() + "'" + (same ? "" : " " + one.text().orElse("")));
    }
    return setting.origin()
        + ": '"
        + alias.name()
        + "' "
        + (read.isEmpty()
            ? setting.text().orElse("") + " leaves '" + sets.keys().getFirst() + "' as it is"
            : "is read as " + String.join(", ", read));
  }

  private String unknown(String name) {
    return "'"
        + name
        + "': expected a known key, got an unknown one"
        + table.nearest(name).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  private void set(List<Layer.Wish> wishes) {
    Set<Key<?>> here = new HashSet<>();
    for (Layer.Wish wish : wishes) {
      here.add(wish.key());
      set(wish.key(), wish);
    }
    UpdateRows.settle(here, values.keySet())
        .forEach(key -> {
          values.remove(key);
          origins.remove(key);
        });
  }

  private <T> void set(Key<T> key, Layer.Wish wish) {
    RawSetting setting = wish.setting();
    String text = wish.text().orElse("null");
    if (wish.text().isEmpty() || (isNone(text) && takesBack(key, text))) {
      values.remove(key);
      origins.remove(key);
      return;
    }
    try {
      values.put(key, key.type().parse(text, locator(setting.origin())));
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

  /** Whether none means that a key is not set: always, unless it is one of its values. */
  private static boolean takesBack(Key<?> key, String text) {
    if (key.preset().isEmpty()) {
      return true;
    }
    try {
      key.type().parse(text, Locator.UNSEEN);
      return false;
    } catch (IllegalArgumentException e) {
      return true;
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

  /** Adds a line about how something was understood. */
  void addNote(String note) {
    notes.add(note);
  }

  Settings settings() {
    return new Settings(values, origins);
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Spellings understood as another key, and last, in one line, what says nothing here. */
  List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    if (!idle.isEmpty()) {
      all.add(
          "no effect here: '" + String.join("', '", idle) + "'; 'hlotune keys' says why of each");
    }
    return List.copyOf(all);
  }
}
