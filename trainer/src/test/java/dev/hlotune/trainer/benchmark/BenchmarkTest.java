package dev.hlotune.trainer.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.hub.Hub;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.RawRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores against what lm-evaluation-harness itself made of the same rows and models. */
final class BenchmarkTest {
  /** Of a log-likelihood, a sum of up to a hundred logarithms in float32. */
  private static final double TOLERANCE = 2e-4;

  @TempDir Path folder;

  private RecordedBenchmarks benchmarks;

  @BeforeEach
  void needsADevice() {
    TestClient.get();
    benchmarks = new RecordedBenchmarks(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "shots", "mmlu", "marked", "chat"})
  void areThoseOfTheHarness(String name) throws IOException {
    JsonNode recorded = RecordedBenchmarks.recorded(name);
    BenchmarkResult result = benchmarks.run(recorded);
    int compared = 0;
    double worst = 0;
    for (TaskResult task : result.tasks()) {
      JsonNode samples = recorded.path("samples").path(task.name());
      assertEquals(samples.size(), task.questions().size(), task.name());
      for (int i = 0; i < samples.size(); i++) {
        JsonNode lls = samples.get(i).path("lls");
        List<Double> own = task.questions().get(i).likelihoods();
        assertEquals(lls.size(), own.size(), task.name());
        for (int choice = 0; choice < own.size(); choice++) {
          double difference = Math.abs(lls.get(choice).doubleValue() - own.get(choice));
          assertTrue(
              difference < TOLERANCE,
              "%s, question %d, choice %d: %s, recorded %s"
                  .formatted(task.name(), i, choice, own.get(choice), lls.get(choice)));
          worst = Math.max(worst, difference);
          compared++;
        }
      }
    }
    assertEquals(result.work().requests(), compared);
    assertTrue(worst > 0, "nothing was compared");
    JsonNode written = new JsonMapper().readTree(ResultsJson.of(result, Instant.EPOCH, Map.of()));
    for (String field : List.of("versions", "n-shot", "n-samples")) {
      for (var entry : recorded.path(field).properties()) {
        if (written.path(field).has(entry.getKey())) {
          assertEquals(
              entry.getValue().asText(), written.path(field).path(entry.getKey()).asText());
        }
      }
    }
    int figures = 0;
    for (var task : recorded.path("results").properties()) {
      for (var figure : task.getValue().properties()) {
        JsonNode own = written.path("results").path(task.getKey()).path(figure.getKey());
        if (figure.getValue().isNumber()) {
          assertEquals(
              figure.getValue().doubleValue(),
              own.doubleValue(),
              1e-5,
              task.getKey() + " " + figure.getKey());
          figures++;
        }
      }
    }
    assertTrue(figures >= 2 * result.tasks().size(), "figures compared: " + figures);
  }

  /** nanochat's way: letters alone are compared, after the conversation that it trains on. */
  @Test
  void areThoseOfNanochat() throws IOException {
    JsonNode recorded = RecordedBenchmarks.recorded("nanochat");
    BenchmarkResult result = benchmarks.run("nanochat", options("chatcore"));
    assertEquals(4, result.tasks().size());
    List<String> answers = new ArrayList<>();
    recorded.path("answers").forEach(answer -> answers.add(answer.asText()));
    assertEquals(
        answers,
        result.tasks().get(3).questions().stream().map(TaskResult.Answered::text).toList());
    for (TaskResult task : result.tasks().subList(0, 3)) {
      JsonNode problems = recorded.path(task.name()).path("problems");
      assertEquals(problems.size(), task.questions().size());
      for (int i = 0; i < problems.size(); i++) {
        TaskResult.Answered own = task.questions().get(i);
        assertEquals(problems.get(i).path("predicted").asText(), own.text());
        assertEquals(problems.get(i).path("answer").asText(), own.target());
        for (int letter = 0; letter < own.likelihoods().size(); letter++) {
          assertEquals(
              problems.get(i).path("lls").get(letter).doubleValue(),
              own.likelihoods().get(letter),
              1e-3);
        }
      }
      assertEquals(
          recorded.path(task.name()).path("acc").doubleValue(),
          value(task.figures(), "acc,none"),
          1e-9);
    }
    GroupResult group = result.groups().getFirst();
    assertEquals("chatcore", group.name());
    assertEquals(
        recorded.path("chatcore").doubleValue(),
        value(group.figures(), "centered_mean,none"),
        1e-9);
  }

  /** The prompts themselves, as text: a wrong space would otherwise hide in a tolerance. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "shots", "chat"})
  void asksInTheWordsOfTheHarness(String name) throws IOException {
    JsonNode recorded = RecordedBenchmarks.recorded(name);
    BenchmarkOptions options = RecordedBenchmarks.options(recorded);
    int compared = 0;
    try (Hub hub = Hub.of(Map.of(), true)) {
      TaskRows rows = new TaskRows(hub, options, _ -> {});
      for (Task task : TaskTable.select(options.tasks()).tasks()) {
        Task.Choice choice = (Task.Choice) task;
        int shots = recorded.path("n-shot").path(task.name()).intValue();
        List<RawRecord> pool = shots == 0 ? List.of() : rows.of(task, choice.shownSplit()).rows();
        List<Posed> posed =
            Posed.of(
                choice,
                rows.of(task, task.split()).rows(),
                pool,
                shots,
                benchmarks.prompt(options.chat()));
        JsonNode samples = recorded.path("samples").path(task.name());
        for (int i = 0; i < 2; i++) {
          JsonNode arguments = samples.get(i).path("arguments");
          assertEquals(arguments.size(), posed.get(i).pairs().size());
          for (int one = 0; one < arguments.size(); one++) {
            Posed.Pair pair = posed.get(i).pairs().get(one);
            assertEquals(arguments.get(one).get(0).asText(), pair.context(), task.name());
            assertEquals(arguments.get(one).get(1).asText(), pair.continuation(), task.name());
            compared++;
          }
        }
      }
    }
    assertTrue(compared >= 20, "compared: " + compared);
  }

  @Test
  void asksNoMoreThanTheLimit() throws IOException {
    BenchmarkOptions options =
        new BenchmarkOptions(
            List.of("arc_easy"),
            OptionalInt.empty(),
            OptionalInt.of(3),
            false,
            OptionalInt.of(30),
            Optional.of(RecordedBenchmarks.ROWS),
            Map.of());
    BenchmarkResult result = benchmarks.run("gpt2", options);
    assertEquals(3, result.tasks().getFirst().questions().size());
    assertEquals(8, result.tasks().getFirst().available());
    assertEquals(30, result.maxLength());
    assertEquals(
        List.of("arc_easy: 7 of 11 texts are longer than 30 tokens and lose their beginning"),
        benchmarks.notes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hellaswag | {'activity_label':'a','ctx_a':'b','ctx_b':'c','endings':['d','e'],'label':''} | field \"label\": expected the right answer (0, 1), got \"\"; a split without answers cannot be scored, name a file that has them",
        "piqa | {'goal':'a','sol1':'b','sol2':'c','label':-1} | field \"label\": expected the right answer (0, 1), got -1; a split without answers",
        "piqa | {'goal':'a','sol1':'b','sol2':'c'} | field \"label\": expected the right answer (0, 1), got no such column; a split without answers",
        "piqa | {'goal':'a','sol1':'b'} | field \"sol2\": expected a text, got nothing; the columns are \"goal\", \"sol1\"",
        "arc_easy | {'question':'a','choices':{'text':['b','c'],'label':['A','B']},'answerKey':'E'} | field \"answerKey\": expected the right answer (A, B), got \"E\"",
        "arc_easy | {'question':'a','choices':{'text':['b','c'],'label':['A']},'answerKey':'A'} | field \"choices.label\": expected one for each of 2 texts, got 1",
        "arc_easy | {'question':'a','choices':[]} | field \"choices.text\": expected a list of texts, got nothing; the columns are",
        "winogrande | {'sentence':'no gap','option1':'b','option2':'c','answer':'1'} | field \"sentence\": expected a gap ('_') with words after it, got \"no gap\"",
        "winogrande | {'sentence':'a _ b','option1':'b','option2':'c','answer':''} | field \"answer\": expected the right answer (1, 2), got \"\"; a split",
        "truthfulqa_mc2 | {'question':'a','mc2_targets':{'choices':['b','c'],'labels':[1]}} | field \"mc2_targets.labels\": expected 0 or 1 for each of 2 choices, got [1]",
        "mmlu_anatomy | {'question':'a','choices':['b'],'answer':0} | field \"choices\": expected 4 choices, got 1"
      })
  void namesTheRowOfBadData(String task, String row, String message) throws IOException {
    Path file =
        Files.writeString(folder.resolve("bad.jsonl"), "\n" + row.replace('\'', '"') + "\n");
    Task.Choice choice = (Task.Choice) TaskTable.select(List.of(task)).tasks().getFirst();
    try (Hub hub = Hub.of(Map.of(), true)) {
      TaskRows rows = new TaskRows(hub, options(List.of(task), Map.of(task, file)), _ -> {});
      List<RawRecord> read = rows.of(choice, choice.split()).rows();
      DataException e =
          assertThrows(
              DataException.class,
              () -> Posed.of(choice, read, List.of(), 0, benchmarks.prompt(false)));
      assertTrue(String.valueOf(e.getMessage()).startsWith(file + ":2: " + message), e::getMessage);
    }
  }

  @Test
  void refusesWhatCannotBeAsked() {
    assertRefused(
        "'tasks': expected known tasks, got 'arc_esy' (did you mean 'arc_easy'?)",
        options(List.of("arc_esy"), Map.of()));
    assertRefused(
        "'tasks': expected known tasks, got 'HumanEval' (which runs the model's programs",
        options(List.of("HumanEval"), Map.of()));
    assertRefused("'tasks': expected at least one, got none", options(List.of(), Map.of()));
    assertRefused(
        "'task_files': expected files of tasks in 'tasks', got one of 'piqa'",
        options(List.of("arc_easy"), Map.of("piqa", folder)));
    assertRefused(
        "'num_fewshot': expected at most 9 of 'arc_easy', whose split 'train' has 9 rows, got 10",
        new BenchmarkOptions(
            List.of("arc_easy"),
            OptionalInt.of(10),
            OptionalInt.empty(),
            false,
            OptionalInt.empty(),
            Optional.of(RecordedBenchmarks.ROWS),
            Map.of()));
    assertRefused(
        "'max_length': expected at most the model's 200 positions, got 201",
        new BenchmarkOptions(
            List.of("arc_easy"),
            OptionalInt.empty(),
            OptionalInt.empty(),
            false,
            OptionalInt.of(201),
            Optional.of(RecordedBenchmarks.ROWS),
            Map.of()));
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                benchmarks.run(
                    "gpt2",
                    options(
                        List.of("arc_easy"),
                        Map.of("arc_easy", Files.writeString(folder.resolve("no.jsonl"), "\n")))));
    assertTrue(String.valueOf(e.getMessage()).contains("no.jsonl"), e::getMessage);
  }

  private void assertRefused(String message, BenchmarkOptions options) {
    ConfigException e = assertThrows(ConfigException.class, () -> benchmarks.run("gpt2", options));
    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e::getMessage);
  }

  private static BenchmarkOptions options(String task) {
    return options(List.of(task), RecordedBenchmarks.files(List.of(task)));
  }

  private static BenchmarkOptions options(List<String> tasks, Map<String, Path> files) {
    return new BenchmarkOptions(
        tasks,
        OptionalInt.empty(),
        OptionalInt.empty(),
        false,
        OptionalInt.empty(),
        Optional.empty(),
        files);
  }

  private static double value(Map<String, TaskResult.Figure> figures, String measure) {
    return Objects.requireNonNull(figures.get(measure), measure).value();
  }
}
