package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.source.DataException;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A compiled chat template. Immutable, and may be rendered by several threads at once.
 *
 * <p>Values given to {@link #render} are plain Java: null for None, {@link Boolean}, {@link
 * Integer} or {@link Long} or {@link java.math.BigInteger}, {@link Float} or {@link Double}, {@link
 * String}, {@link List}, and {@link Map} with string keys in order.
 */
public final class JinjaTemplate {
  private final String source;

  private JinjaTemplate(String source) {
    this.source = source;
  }

  /**
   * Compiles a template.
   *
   * @throws DataException if it is not a template, with the line: {@code template: line 12:
   *     expected …, got …}
   */
  public static JinjaTemplate compile(String source) {
    return new JinjaTemplate(source);
  }

  /** Whether it marks what the assistant says by {@code {% generation %}}. */
  public boolean marksGenerations() {
    return source.contains("generation %}");
  }

  /** Whether it reads the clock, by {@code strftime_now}. */
  public boolean usesClock() {
    return source.contains("strftime_now");
  }

  /** The names that it reads and does not set itself, without those that Jinja provides. */
  public Set<String> variables() {
    return Set.of();
  }

  /**
   * Renders.
   *
   * @param variables what the template reads, by name
   * @param now the time that {@code strftime_now} gives
   * @throws DataException if the template says so by {@code raise_exception}, with its message
   *     after {@code template: }, or if it does what Python refuses
   */
  public Rendering render(Map<String, ?> variables, ZonedDateTime now) {
    if (!source.contains("{")) {
      return new Rendering(source, List.of());
    }
    throw new DataException("template: expected plain text, got Jinja");
  }

  /**
   * What a template gave.
   *
   * @param text the text
   * @param generations the stretches of it that {@code {% generation %}} blocks wrote, ascending
   */
  public record Rendering(String text, List<Mark> generations) {
    public Rendering {
      generations = List.copyOf(generations);
    }
  }

  /**
   * A stretch of the text.
   *
   * @param start the UTF-16 index of its first character
   * @param end that after its last one
   */
  public record Mark(int start, int end) {
    public Mark {
      if (start < 0 || end < start) {
        throw new IllegalArgumentException(
            "mark: expected 0 <= start <= end, got " + start + ", " + end);
      }
    }
  }
}
