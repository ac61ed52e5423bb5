package dev.hlotune.configs;

import java.util.List;
import java.util.stream.Stream;

/** Keys of other systems that are to become keys here. */
final class ComingOthers {
  private ComingOthers() {}

  private static final String TRACKERS = "trackers beside metrics.jsonl are not there yet";

  static final List<Alias> ALL =
      Stream.of(
              Alias.only("report_to", TRACKERS, "none", "[\"none\"]"),
              Alias.only("use_wandb", TRACKERS, "false"),
              Alias.only("run", TRACKERS, "dummy"),
              Alias.nothing("run_name", TRACKERS),
              Alias.nothing("logging_dir", TRACKERS),
              Alias.nothing("project", TRACKERS),
              Alias.nothing("wandb_entity", TRACKERS),
              Alias.nothing("wandb_name", TRACKERS),
              Alias.nothing("wandb_project", TRACKERS),
              Alias.nothing("trackio_space_id", TRACKERS),
              Alias.nothing("trackio_bucket_id", TRACKERS),
              Alias.nothing("trackio_static_space_id", TRACKERS))
          .toList();
}
