package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code hlotune sweep} was asked for: a recipe, and a grid of values over it.
 *
 * @param axes the keys of the grid with their values
 * @param points every combination, the last key changing fastest
 * @param directory the sweep's own, in which each point has one
 * @param overwrite whether what is there may go
 * @param file the recipe, if one was named
 * @param notes how the recipe was understood, one line each
 */
public record SweepRecipe(
    List<Axis> axes,
    List<Point> points,
    Path directory,
    boolean overwrite,
    Optional<Path> file,
    List<String> notes) {

  /** The most points; checking all of them first must not take long. */
  static final int MOST_POINTS = 1000;

  private static final String GRID = "grid";
  private static final Set<String> OWN =
      Set.of(RunKeys.OUTPUT_DIR.name(), CheckpointKeys.RESUME.name());

  /**
   * A key of the grid.
   *
   * @param key as it was spelled
   * @param values in one spelling for each number
   */
  public record Axis(String key, List<String> values) {
    public Axis {
      values = List.copyOf(values);
    }
  }

  /**
   * One run.
   *
   * @param name its directory's: {@code lora_r=8,learning_rate=1e-4}
   * @param values those of the grid's keys
   * @param config the whole configuration, writing to its own directory
   */
  public record Point(String name, Map<String, String> values, SftConfig config) {
    public Point {
      values = new LinkedHashMap<>(values);
    }
  }

  public SweepRecipe {
    axes = List.copyOf(axes);
    points = List.copyOf(points);
    notes = List.copyOf(notes);
  }

  /**
   * Reads the arguments after {@code hlotune sweep}: at most one YAML recipe, which may hold {@code
   * grid}, and any keys as options. An option goes over what the recipe has of its key, in its grid
   * or outside; a grid on the command line does too. Where adapters of several ranks are trained,
   * the programs get room for the largest, so that all points use the same.
   *
   * @param arguments as the shell gave them, without {@code --grid}
   * @param grids what followed each {@code --grid}
   * @throws ConfigException with every problem of recipe, options, grid and any of its points
   */
  public static SweepRecipe read(List<String> arguments, List<String> grids) {
    return read(arguments, grids, Path.of(""));
  }

  static SweepRecipe read(List<String> arguments, List<String> grids, Path workingDirectory) {
    CommandLineSettings options = CommandLineSettings.parse(SftKeys.TABLE, arguments);
    Optional<RecipeFile> recipe =
        options
            .recipe()
            .map(path -> RecipeFile.read(path, workingDirectory.resolve(path), SweepKeys.TABLE));
    List<RawSetting> all = recipe.map(RecipeFile::settings).orElse(List.of());
    List<Problem> problems = new ArrayList<>();
    recipe.ifPresent(read -> problems.addAll(read.problems()));
    problems.addAll(options.problems());
    boolean unread = all.isEmpty() && !problems.isEmpty();
    List<SweepAxis> here =
        grids.stream().flatMap(grid -> SweepAxis.ofOption(grid, problems).stream()).toList();
    List<SweepAxis> there =
        all.stream()
            .filter(setting -> setting.name().equals(GRID))
            .flatMap(grid -> SweepAxis.ofRecipe(grid, problems).stream())
            .toList();
    if (there.isEmpty() && here.isEmpty() && problems.isEmpty()) {
      problems.add(
          new Problem(
              Optional.empty(),
              List.of(),
              "grid: expected '--grid key=v1,v2,…' or 'grid' in the recipe, got neither"));
    }
    if (unread) {
      throw new ConfigException(problems);
    }
    Set<String> over = new HashSet<>();
    here.forEach(axis -> over.add(axis.key()));
    options.settings().forEach(setting -> over.add(keyOf(setting.name())));
    Grid grid =
        new Grid(
            workingDirectory,
            options.recipe().map(Path::of),
            all.stream().filter(setting -> !setting.name().equals(GRID)).toList(),
            options.settings(),
            there.stream().filter(axis -> !over.contains(axis.key())).toList(),
            here);
    return grid.read(problems);
  }

  private static String keyOf(String name) {
    return SftKeys.TABLE.find(name).map(match -> match.key().name()).orElse(Siblings.plain(name));
  }

  /** What was written, from which the points are made. */
  private record Grid(
      Path workingDirectory,
      Optional<Path> file,
      List<RawSetting> recipe,
      List<RawSetting> options,
      List<SweepAxis> there,
      List<SweepAxis> here) {

    List<SweepAxis> axes() {
      return Stream.concat(there.stream(), here.stream()).toList();
    }

    SweepRecipe read(List<Problem> formal) {
      Collection<Problem> problems = new LinkedHashSet<>(formal);
      for (SweepAxis axis : axes()) {
        if (OWN.contains(axis.key())) {
          problems.add(
              Problem.at(
                  axis.origin(),
                  "'%s': expected none in a grid, got one; each point has a directory of its own, and goes on by itself"
                      .formatted(axis.name())));
        }
      }
      long count = 1;
      for (SweepAxis axis : axes()) {
        count = Math.min(Integer.MAX_VALUE, count * axis.texts().size());
      }
      if (count > MOST_POINTS) {
        problems.add(
            new Problem(
                Optional.empty(),
                List.of(),
                "grid: expected at most %,d points, got %,d".formatted(MOST_POINTS, count)));
        throw new ConfigException(List.copyOf(problems));
      }
      List<int[]> places = places((int) count);
      Set<String> notes = new LinkedHashSet<>();
      List<SftConfig> configs = configs(places, List.of(), problems, notes);
      Optional<RawSetting> room = roomForRanks(configs);
      if (room.isPresent() && problems.isEmpty()) {
        configs = configs(places, List.of(room.get()), problems, notes);
        notes.add(
            "'lora_max_rank' is "
                + room.get().text().orElse("")
                + ", the largest rank of the grid: all ranks share their programs");
      }
      if (!problems.isEmpty()) {
        throw new ConfigException(List.copyOf(problems));
      }
      return sweep(places, configs, List.copyOf(notes));
    }

    /** The indices of each point's values. */
    private List<int[]> places(int count) {
      List<SweepAxis> axes = axes();
      List<int[]> places = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int[] place = new int[axes.size()];
        int rest = i;
        for (int axis = axes.size() - 1; axis >= 0; axis--) {
          int size = axes.get(axis).texts().size();
          place[axis] = rest % size;
          rest /= size;
        }
        places.add(place);
      }
      return places;
    }

    /** The configuration of each point, as far as they are without problems. */
    private List<SftConfig> configs(
        List<int[]> places,
        List<RawSetting> more,
        Collection<Problem> problems,
        Collection<String> notes) {
      List<SftConfig> configs = new ArrayList<>();
      for (int[] place : places) {
        List<RawSetting> first = new ArrayList<>(recipe);
        List<RawSetting> second = new ArrayList<>(options);
        for (int axis = 0; axis < there.size(); axis++) {
          first.add(there.get(axis).setting(place[axis]));
        }
        for (int axis = 0; axis < here.size(); axis++) {
          second.add(here.get(axis).setting(place[there.size() + axis]));
        }
        try {
          SftRecipe read =
              SftRecipe.resolve(
                  workingDirectory,
                  file,
                  List.of(),
                  List.of(),
                  false,
                  true,
                  List.of(first, second, more));
          read.notes().forEach(notes::add);
          if (read.config().checkpoints().resume().orElse(null) instanceof Resume.From) {
            problems.add(
                Problem.with(
                    CheckpointKeys.RESUME,
                    "'resume_from_checkpoint': expected none or 'auto' in a sweep, got a checkpoint; points go on by themselves"));
          }
          configs.add(read.config());
        } catch (ConfigException e) {
          problems.addAll(e.problems());
        }
      }
      return configs;
    }

    /** Room for the largest rank, where ranks differ and none was given. */
    private static Optional<RawSetting> roomForRanks(List<SftConfig> configs) {
      List<LoraConfig> adapters =
          configs.stream().flatMap(config -> config.model().lora().stream()).toList();
      int largest = adapters.stream().mapToInt(LoraConfig::rank).max().orElse(0);
      boolean wanted =
          adapters.size() == configs.size()
              && adapters.stream()
                  .allMatch(lora -> lora.adapter().isEmpty() && lora.maxRank().isEmpty())
              && adapters.stream().anyMatch(lora -> lora.rank() < largest);
      return wanted
          ? Optional.of(
              new RawSetting(
                  LoraKeys.MAX_RANK.name(),
                  Optional.of(Integer.toString(largest)),
                  new Origin.OnCommandLine("--grid")))
          : Optional.empty();
    }

    private SweepRecipe sweep(List<int[]> places, List<SftConfig> configs, List<String> notes) {
      List<SweepAxis> axes = axes();
      OutputConfig output = configs.getFirst().output();
      Set<String> names = new HashSet<>();
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < places.size(); i++) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int axis = 0; axis < axes.size(); axis++) {
          values.put(axes.get(axis).name(), axes.get(axis).shown().get(places.get(i)[axis]));
        }
        String name = name(values);
        for (int n = 2; !names.add(name); n++) {
          name = name(values) + "-" + n;
        }
        SftConfig config = configs.get(i);
        points.add(
            new Point(
                name,
                values,
                config
                    .with(config.output().into(output.directory().resolve(name)))
                    .with(config.checkpoints().from(Optional.empty()))));
      }
      return new SweepRecipe(
          axes.stream().map(axis -> new Axis(axis.name(), axis.shown())).toList(),
          points,
          output.directory(),
          output.overwrite(),
          file,
          notes);
    }

    /** A name that every file system takes and no shell needs quotes for. */
    private static String name(Map<String, String> values) {
      List<String> parts = new ArrayList<>();
      values.forEach((key, value) -> parts.add(key + "=" + value));
      String name = String.join(",", parts).replaceAll("[^\\w.,=+-]+", "_");
      return name.substring(0, Math.min(name.length(), 200));
    }
  }
}
