package dev.hlotune.trainer.benchmark;

import java.util.List;

/**
 * Several tasks under one name.
 *
 * @param name as {@code --tasks} names it
 * @param alias what it is called in a table
 * @param members tasks and groups
 * @param mean how their results become one
 */
record TaskGroup(String name, String alias, List<String> members, Mean mean, String version) {
  /** How results become one. */
  enum Mean {
    /** Each task counts as often as it has questions. */
    BY_SIZE,
    /** The mean over the tasks of how far each is above guessing, as a part of what there is. */
    ABOVE_GUESSING,
    /** They do not: the name stands for the tasks alone. */
    NONE
  }

  TaskGroup {
    members = List.copyOf(members);
  }
}
