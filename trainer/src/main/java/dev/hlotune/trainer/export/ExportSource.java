package dev.hlotune.trainer.export;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A program that is to be exported.
 *
 * @param name unique in the export; the name of its file, too
 * @param kind what it does
 * @param graph the program, of one shape or of many
 * @param microBatches how many batches of the bucket it takes at a time
 * @param weights names of its inputs that are weights
 * @param fills what settings and others are filled with, by name; an input that is no weight and no
 *     piece of state and is not here has to be given
 */
public record ExportSource(
    String name,
    ProgramKind kind,
    ExportGraph graph,
    int microBatches,
    Set<String> weights,
    Map<String, Fill> fills) {
  /** Keeps its own copies. */
  public ExportSource {
    weights = Set.copyOf(weights);
    fills = new LinkedHashMap<>(fills);
  }
}
