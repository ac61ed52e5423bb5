package dev.hlotune.configs;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A configuration that cannot be run, with everything that is wrong with it. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * Carries all problems at once.
   *
   * @param problems at least one
   */
  public ConfigException(List<Problem> problems) {
    super(text(problems));
    this.problems = List.copyOf(problems);
  }

  /** One problem that no line of a recipe is to blame for. */
  public static ConfigException of(String message) {
    return new ConfigException(List.of(new Problem(Optional.empty(), List.of(), message)));
  }

  /** Every problem found, in the order of the recipe and then of the command line. */
  public List<Problem> problems() {
    return problems;
  }

  private static String text(List<Problem> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("config exception: expected at least one problem, got 0");
    }
    return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
  }
}
