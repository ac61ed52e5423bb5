package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SweepRecipeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String INPUTS =
      "model_name_or_path: model\ndataset_name: train.jsonl\noutput_dir: out\n";

  @TempDir Path directory;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.createDirectory(directory.resolve("model"));
    Files.writeString(directory.resolve("train.jsonl"), "{}\n");
  }

  private SweepRecipe read(String yaml, List<String> grids, String... options) throws IOException {
    Files.writeString(directory.resolve("sweep.yaml"), INPUTS + yaml);
    List<String> arguments = new ArrayList<>(List.of("sweep.yaml"));
    arguments.addAll(List.of(options));
    return SweepRecipe.read(arguments, grids, directory);
  }

  private String problems(String yaml, List<String> grids, String... options) {
    return assertThrows(ConfigException.class, () -> read(yaml, grids, options)).problems().stream()
        .map(Problem::toString)
        .collect(Collectors.joining("\n"));
  }

  private static List<String> names(SweepRecipe recipe) {
    return recipe.points().stream().map(SweepRecipe.Point::name).toList();
  }

  @Test
  void everyCombinationIsAPoint() throws IOException {
    SweepRecipe recipe =
        read("grid:\n  learning_rate: [1.0e-5, 0.0001]\n  seed: [1, 2]\nmax_steps: 9\n", List.of());
    assertEquals(
        List.of(
            "learning_rate=1e-5,seed=1",
            "learning_rate=1e-5,seed=2",
            "learning_rate=1e-4,seed=1",
            "learning_rate=1e-4,seed=2"),
        names(recipe));
    SweepRecipe.Point last = recipe.points().getLast();
    assertEquals(Map.of("learning_rate", "1e-4", "seed", "2"), last.values());
    assertEquals(1e-4, last.config().schedule().learningRate());
    assertEquals(2, last.config().machine().seed());
    assertEquals(9, last.config().schedule().maxSteps());
    assertEquals(Path.of("out", "learning_rate=1e-4,seed=2"), last.config().output().directory());
    assertEquals(Path.of("out"), recipe.directory());
  }

  @Test
  void optionsGoOverTheGridOfTheRecipe() throws IOException {
    String grid = "grid: {learning_rate: [1.0e-5, 1.0e-4], seed: [1, 2]}\n";
    assertEquals(
        List.of("learning_rate=1e-5", "learning_rate=1e-4"),
        names(read(grid, List.of(), "--seed", "7")));
    assertEquals(
        List.of("seed=1,learning_rate=0.5", "seed=2,learning_rate=0.5"),
        names(read(grid, List.of("learning_rate=5e-1"))));
    assertEquals(
        List.of(0.1, 0.2),
        read("learning_rate: 3\n", List.of("learning-rate=0.1, 0.2")).points().stream()
            .map(point -> point.config().schedule().learningRate())
            .toList());
  }

  @Test
  void meshesAreOfAGridToo() throws IOException {
    SweepRecipe sweep =
        read("mesh: {data: 2}\ngrid: {sharding_strategy: [ddp]}\n", List.of("mesh.fsdp=1,2"));
    assertEquals(
        List.of("sharding_strategy=ddp,mesh.fsdp=1", "sharding_strategy=ddp,mesh.fsdp=2"),
        sweep.points().stream().map(SweepRecipe.Point::name).toList());
    assertEquals(
        Optional.of(new MeshConfig(2, 2, 1, 1)),
        sweep.points().getLast().config().sharding().mesh());
  }

  @Test
  void valuesWithCommasAreJson() throws IOException {
    SweepRecipe recipe =
        read(
            "use_peft: true\n",
            List.of("lora_target_modules=[[\"q_proj\", \"v_proj\"], \"all-linear\"]"));
    assertEquals(
        List.of("lora_target_modules=_q_proj_,_v_proj_", "lora_target_modules=all-linear"),
        names(recipe));
    assertEquals(
        List.of("q_proj", "v_proj"),
        recipe.points().getFirst().config().model().lora().orElseThrow().targets());
  }

  @Test
  void ranksShareRoom() throws IOException {
    List<String> grid = List.of("lora_r=8,128,32", "learning_rate=1e-4,1e-3");
    SweepRecipe recipe = read("use_peft: true\n", grid);
    assertEquals(6, recipe.points().size());
    for (SweepRecipe.Point point : recipe.points()) {
      assertEquals(
          Optional.of(128), point.config().model().lora().orElseThrow().maxRank(), point.name());
    }
    assertEquals(
        List.of(
            "'lora_max_rank' is 128, the largest rank of the grid: all ranks share their programs"),
        recipe.notes());
    assertEquals(
        Optional.of(256),
        read("use_peft: true\nlora_max_rank: 256\n", grid)
            .points()
            .getFirst()
            .config()
            .model()
            .lora()
            .orElseThrow()
            .maxRank());
    // TuFT's spelling, which makes alpha twice the rank.
    LoraConfig tuft =
        read("grid: {rank: [8, 32]}\n", List.of())
            .points()
            .getFirst()
            .config()
            .model()
            .lora()
            .orElseThrow();
    assertEquals(16, tuft.alpha());
    assertEquals(Optional.of(32), tuft.maxRank());
  }

  @Test
  void everyProblemIsReportedOnce() {
    assertEquals(
        """
        sweep.yaml:4: 'lerning_rate': expected a known key, got an unknown one; did you mean \
        'learning_rate'?
        sweep.yaml:5: 'max_length': expected a whole number of at least 2, got 'long'
        --grid seed: 'seed': expected a whole number of at least 0, got 'one'
        --grid weight_decay: 'weight_decay': expected values, got none\
        """
            .lines()
            .sorted()
            .collect(Collectors.joining("\n")),
        problems(
                "grid: {lerning_rate: [1, 2]}\nmax_length: long\n",
                List.of("seed=one,2", "weight_decay="))
            .lines()
            .sorted()
            .collect(Collectors.joining("\n")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''| grid: expected '--grid key=v1,v2,…' or 'grid' in the recipe, got neither",
        "'grid: {}'| sweep.yaml:4: 'grid': expected keys with lists of values, got none",
        "'grid: [1]'| sweep.yaml:4: 'grid': expected keys with lists of values, got '[1]'",
        "'grid: {seed: []}'| sweep.yaml:4: 'seed': expected values, got none",
        "'grid: {learning_rate: [0.1, 1.0e-1]}'| sweep.yaml:4: 'learning_rate': expected each value once, got '0.1' twice",
        "'grid: {resume_from_checkpoint: [auto]}'| sweep.yaml:4: 'resume_from_checkpoint': expected none in a grid, got one; each point has a directory of its own, and goes on by itself",
      })
  void gridsThatAreNone(String yaml, String problem) {
    assertEquals(problem, problems(yaml + "\n", List.of()));
  }

  @Test
  void aKeyIsEitherFixedOrInTheGrid() {
    assertEquals(
        "sweep.yaml:5: 'seed': expected 'seed' once, got it at sweep.yaml:4 too",
        problems("seed: 3\ngrid: {seed: [1, 2]}\n", List.of()));
    assertEquals(
        "--grid seed: 'seed': expected 'seed' once, got it at --seed too",
        problems("", List.of("seed=1,2"), "--seed", "3"));
    assertEquals("--grid: grid: expected key=v1,v2,…, got 'seed'", problems("", List.of("seed")));
    assertTrue(
        problems("", List.of("seed=" + numbers(1001)))
            .contains("grid: expected at most 1,000 points, got 1,001"));
  }

  private static String numbers(int count) {
    return Stream.iterate(1, i -> i + 1)
        .limit(count)
        .map(i -> Integer.toString(i))
        .collect(Collectors.joining(","));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0001, 1e-4",
    "1.0E-5, 1e-5",
    "1.2e-3, 1.2e-3",
    "1e-1, 0.1",
    "5.0, 5",
    "0, 0",
    "-2.50, -2.5",
    "100, 100",
    "1e10, 1e10",
    "cosine, cosine",
    "1.2.3, 1.2.3",
  })
  void numbersHaveOneSpelling(String text, String shown) {
    assertEquals(shown, SweepAxis.shown(text));
  }

  /** A shipped sweep, and the commands of its comment. */
  @ParameterizedTest
  @ValueSource(strings = {"quickstart-sweep.yaml", "tuft-sweep.yaml"})
  void shippedSweepsAreUnderstood(String name) throws IOException {
    Path data = Files.writeString(directory.resolve("data.jsonl"), "{}\n");
    String comment =
        Files.readString(ROOT.resolve("configs").resolve(name))
            .lines()
            .filter(line -> line.startsWith("#"))
            .map(line -> line.substring(1))
            .collect(Collectors.joining("\n"));
    List<String> commands =
        comment
            .replaceAll("\\\\\n\\s*", "")
            .lines()
            .filter(line -> line.startsWith("   ./hlotune sweep "))
            .map(line -> line.strip().substring("./hlotune sweep ".length()))
            .toList();
    assertTrue(commands.contains("configs/" + name), commands::toString);
    for (String command : commands) {
      List<String> words =
          new ArrayList<>(
              Stream.of(command.split(" +"))
                  .map(word -> word.endsWith(".jsonl") ? data.toString() : word)
                  .toList());
      List<String> grids = new ArrayList<>();
      for (int at = words.indexOf("--grid"); at >= 0; at = words.indexOf("--grid")) {
        words.remove(at);
        grids.add(words.remove(at));
      }
      SweepRecipe recipe = SweepRecipe.read(words, grids, ROOT);
      assertTrue(recipe.points().size() > 3, command);
    }
  }
}
