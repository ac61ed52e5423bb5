package dev.hlotune.trainer.sweep;

import dev.hlotune.configs.SweepRecipe;
import dev.hlotune.trainer.checkpoint.AtomicFile;
import dev.hlotune.trainer.checkpoint.JsonFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * All points of a sweep with their curves.
 *
 * @param recipe what was asked for
 * @param rows one for each point
 */
public record SweepReport(SweepRecipe recipe, List<Row> rows) {

  /**
   * A point with its curves.
   *
   * @param train mean loss of a supervised token by update
   * @param test the same on held-out data
   */
  public record Row(PointResult result, Curve train, Curve test) {}

  /** Keeps its own list. */
  public SweepReport {
    rows = List.copyOf(rows);
  }

  static SweepReport of(SweepRecipe recipe, List<PointResult> results) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (PointResult result : results) {
      Path metrics = result.directory().resolve("metrics.jsonl");
      boolean begun = result.state() != PointState.WAITING;
      rows.add(
          new Row(
              result,
              begun ? Curve.read(metrics, "loss") : new Curve(List.of()),
              begun ? Curve.read(metrics, "eval_loss") : new Curve(List.of())));
    }
    return new SweepReport(recipe, rows);
  }

  /** What each point came to. */
  public List<PointResult> results() {
    return rows.stream().map(Row::result).toList();
  }

  /** Whether anything was measured on held-out data. */
  boolean hasTest() {
    return rows.stream().anyMatch(row -> !row.test().points().isEmpty());
  }

  /**
   * The point, among those that are done, of the least last loss on held-out data, or where there
   * is none of the least last training loss.
   */
  public OptionalInt best() {
    boolean test = hasTest();
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      double loss =
          (test ? row.test() : row.train()).last().map(Curve.At::value).orElse(Double.NaN);
      if (row.result().state() == PointState.DONE && loss < least) {
        best = i;
        least = loss;
      }
    }
    return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
  }

  /** All of it, as {@code sweep.json} has it. */
  public Map<String, Object> json() {
    Map<String, Object> grid = new LinkedHashMap<>();
    recipe.axes().forEach(axis -> grid.put(axis.key(), axis.values()));
    Map<String, Object> values = new LinkedHashMap<>();
    recipe.file().ifPresent(file -> values.put("recipe", file.toString()));
    values.put("directory", recipe.directory().toString());
    values.put("grid", grid);
    best().ifPresent(best -> values.put("best", rows.get(best).result().point().name()));
    values.put("points", rows.stream().map(SweepReport::json).toList());
    return values;
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> values = new LinkedHashMap<>(row.result().json());
    values.put("directory", row.result().directory().toString());
    row.train().last().ifPresent(at -> values.put("train_loss", at.value()));
    row.test().last().ifPresent(at -> values.put("eval_loss", at.value()));
    row.test()
        .least()
        .ifPresent(at -> {
          values.put("best_eval_loss", at.value());
          values.put("best_eval_step", at.step());
        });
    return values;
  }

  /** The table, for a terminal or a page. */
  public SweepTable table() {
    return SweepTable.of(this);
  }

  /**
   * Writes {@code sweep.json}, {@code sweep.md}, {@code train-nll.svg}, {@code test-nll.svg} and
   * {@code sweep.html}, each whole.
   */
  void write() throws IOException {
    SweepPlots plots = SweepPlots.of(this);
    Path directory = recipe.directory();
    AtomicFile.write(directory.resolve("sweep.json"), JsonFile.print(json()));
    write("sweep.md", "# Sweep\n\n" + table().markdown());
    write("train-nll.svg", plots.train().svg());
    write("test-nll.svg", plots.test().svg());
    write("sweep.html", SweepPage.of(this, plots));
  }

  private void write(String name, String text) throws IOException {
    AtomicFile.write(recipe.directory().resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }
}
