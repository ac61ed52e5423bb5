package dev.hlotune.configs;

import java.util.List;
import java.util.Locale;

/** What systems tell of trackers and of what a run is called. */
final class TrackerOthers {
  private TrackerOthers() {}

  private static final String NAMED = "'report_to' and 'run_name' say it";
  private static final String HUGGING_FACE = "Hugging Face's tracker is not written to";

  static final List<Alias> ALL =
      List.of(
          Alias.yesNo("use_wandb", "report_to", "wandb", "none"),
          Alias.reading(
              "run",
              List.of("run_name", "report_to"),
              (text, _) -> run(text),
              "'dummy' says nothing, another name is for 'report_to' wandb"),
          Alias.of("wandb_name", "run_name"),
          Alias.nothing("wandb_entity", NAMED),
          Alias.nothing("wandb_project", NAMED),
          Alias.nothing("logging_dir", "event files lie in 'output_dir'"),
          Alias.nothing("trackio_space_id", HUGGING_FACE),
          Alias.nothing("trackio_bucket_id", HUGGING_FACE),
          Alias.nothing("trackio_static_space_id", HUGGING_FACE),
          Alias.nothing("project", HUGGING_FACE));

  /** nanochat's dummy logs nowhere. */
  private static List<Assignment> run(String name) {
    return name.toLowerCase(Locale.ROOT).equals("dummy")
        ? List.of()
        : List.of(Assignment.of("run_name", name), Assignment.mild("report_to", "wandb"));
  }
}
