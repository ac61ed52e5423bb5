package dev.hlotune.configs;

import java.nio.file.Path;

/** Which checkpoint a run goes on from. */
public sealed interface Resume {
  /** The newest whole one in the output directory; from the beginning where there is none. */
  record Newest() implements Resume {
    @Override
    public String toString() {
      return "auto";
    }
  }

  /**
   * This one.
   *
   * @param checkpoint its directory, or an output directory, whose newest is meant
   */
  record From(Path checkpoint) implements Resume {
    @Override
    public String toString() {
      return checkpoint.toString();
    }
  }
}
