package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The errors that {@link ModelParityTest} measures, written to {@code trainer/target/parity.md}
 * and, with {@code -Dgolden.update}, to {@code docs/parity.md}.
 */
final class ParityReport {
  private static final List<String> COLUMNS =
      List.of("logits", "packed.logits", "loss", "gradients");

  private final Map<Program, Map<String, Double>> errors = new TreeMap<>(PROGRAMS);
  private final Map<Program, String> worst = new HashMap<>();

  /** A model, and how it became a program. */
  private record Program(String model, String how) {}

  private static final Comparator<Program> PROGRAMS =
      Comparator.comparingInt((Program program) -> Fixtures.modelNames().indexOf(program.model))
          .thenComparing(Program::how, Comparator.reverseOrder());

  /**
   * An error.
   *
   * @param how the layout, as {@link #layout} puts it, or whatever else
   * @param what one of the table's columns
   */
  void add(String model, String how, String what, double error) {
    errors
        .computeIfAbsent(new Program(model, how), _ -> new HashMap<>())
        .put(COLUMNS.get(COLUMNS.indexOf(what)), error);
  }

  /** The parameter whose gradient has the greatest error. */
  void worst(String model, String how, String parameter) {
    worst.put(new Program(model, how), parameter);
  }

  static String layout(Layering layering, Remat remat) {
    return layering + ", remat " + remat;
  }

  void write() throws IOException {
    Path built = Repository.root().resolve("trainer/target/parity.md");
    Files.createDirectories(built.getParent());
    Files.writeString(built, text());
    if (System.getProperty("golden.update") != null) {
      Files.writeString(Repository.root().resolve("docs/parity.md"), text());
    }
  }

  private String text() throws IOException {
    Map<String, Object> versions = Fixtures.json("versions.json");
    StringBuilder text =
        new StringBuilder(
            """
            # Parity with transformers

            Tiny random-weight models, recorded by `tools/fixtures/record_models.py` with torch %s and
            transformers %s, against the same models compiled here, all in f32; `nanochat` by
            `record_nanochat.py` from nanochat's own definition. The error of a tensor is the greater of
            |ours - theirs| / |theirs| in the Euclidean and in the maximum norm; for gradients it is the
            greatest of all parameters, and the last column names that one. `ModelParityTest` allows 1e-4.
            `packed.logits` is two documents in one row, against each document run alone. `UNROLL, remat
            NOTHING` is compiled as training compiles it, the others with fewer optimizations.

            This page is written by

                ./mvnw test -pl trainer -am -Dtest=ModelParityTest -Dgolden.update

            | model | program | logits | packed.logits | loss | gradients | the greatest |
            |---|---|---|---|---|---|---|
            """
                .formatted(versions.get("torch"), versions.get("transformers")));
    errors.forEach((program, own) -> text.append(row(program, own)));
    return text.toString();
  }

  private String row(Program program, Map<String, Double> own) {
    String parameter = worst.getOrDefault(program, "");
    return "| %s | %s | %s | %s |\n"
        .formatted(
            program.model,
            program.how,
            COLUMNS.stream()
                .map(what -> own.containsKey(what) ? "%.0e".formatted(own.get(what)) : "")
                .collect(Collectors.joining(" | ")),
            parameter.isEmpty() ? "" : "`" + parameter + "`");
  }
}
