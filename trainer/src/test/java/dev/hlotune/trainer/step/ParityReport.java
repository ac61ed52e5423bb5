package dev.hlotune.trainer.step;

import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The errors that {@link ModelParityTest} measures, written to {@code trainer/target/parity.md}
 * and, with {@code -Dgolden.update}, to {@code docs/parity.md}.
 */
final class ParityReport {
  private final List<Row> rows = new ArrayList<>();

  private record Row(String model, String how, String what, double error, String where) {
    @Override
    public String toString() {
      return "| %s | %s | %s | %.0e | %s |\n"
          .formatted(model, how, what, error, where.isEmpty() ? "" : "`" + where + "`");
    }
  }

  void add(String model, Object how, String what, double error, String where) {
    rows.add(new Row(model, how.toString(), what, error, where));
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
            transformers %s, against the same models compiled here, all in f32. The error of a tensor is the
            greater of |ours - theirs| / |theirs| in the Euclidean and in the maximum norm; for gradients the
            parameter with the greatest is named. `ModelParityTest` allows 1e-4. `packed.` is two documents in
            one row, against each document run alone. `UNROLL, remat NOTHING` is compiled as training compiles it,
            the others with fewer optimizations.

            This page is written by

                ./mvnw test -pl trainer -am -Dtest=ModelParityTest -Dgolden.update

            | model | program | what | relative error | where |
            |---|---|---|---|---|
            """
                .formatted(versions.get("torch"), versions.get("transformers")));
    rows.forEach(text::append);
    return text.toString();
  }
}
