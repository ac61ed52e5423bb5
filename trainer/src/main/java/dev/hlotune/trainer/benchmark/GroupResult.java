package dev.hlotune.trainer.benchmark;

import java.util.List;
import java.util.Map;

/**
 * What several tasks came to together.
 *
 * @param name of the group
 * @param alias what a table calls it
 * @param version of its definition
 * @param members tasks and groups of it
 * @param figures by measure, such as {@code acc,none}; empty where the group is a name alone
 * @param questions how many were asked
 */
public record GroupResult(
    String name,
    String alias,
    String version,
    List<String> members,
    Map<String, TaskResult.Figure> figures,
    int questions) {
  /** Copies the collections. */
  public GroupResult {
    members = List.copyOf(members);
    figures = Map.copyOf(figures);
  }
}
