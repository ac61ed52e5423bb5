package dev.hlotune.trainer.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A figure by update, as {@code metrics.jsonl} has it.
 *
 * @param points in the order of the file
 */
public record Curve(List<At> points) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * A figure after an update.
   *
   * @param step updates done
   */
  public record At(int step, double value) {}

  /** Keeps its own list. */
  public Curve {
    points = List.copyOf(points);
  }

  /**
   * Reads the finite figures under a key; none where there is no file.
   *
   * @param key {@code loss} or {@code eval_loss}
   */
  static Curve read(Path metrics, String key) throws IOException {
    List<At> points = new ArrayList<>();
    for (String line : Files.exists(metrics) ? Files.readAllLines(metrics) : List.<String>of()) {
      try {
        JsonNode figures = JSON.readTree(line);
        JsonNode value = figures.path(key);
        if (value.isNumber() && figures.path("step").isInt()) {
          points.add(new At(figures.path("step").asInt(), value.asDouble()));
        }
      } catch (JsonProcessingException e) {
        break; // What a power failure left of the last line.
      }
    }
    return new Curve(points);
  }

  /** The last of them. */
  public Optional<At> last() {
    return points.isEmpty() ? Optional.empty() : Optional.of(points.getLast());
  }

  /** The first of the least. */
  public Optional<At> least() {
    return points.stream().reduce((best, next) -> next.value() < best.value() ? next : best);
  }
}
