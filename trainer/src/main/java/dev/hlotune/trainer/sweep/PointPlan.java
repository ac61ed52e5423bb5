package dev.hlotune.trainer.sweep;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.Problem;
import dev.hlotune.configs.Resume;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SweepRecipe;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import dev.hlotune.trainer.checkpoint.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be done for a point, by what is there of it.
 *
 * @param found what it came to before, or nothing
 * @param config to run it with
 */
record PointPlan(PointResult found, SftConfig config) {

  /** Keys that say where and how a run is made, and not what it comes to. */
  private static final Set<String> OF_THE_PLACE =
      Set.of(
          "output_dir",
          "overwrite_output_dir",
          "resume_from_checkpoint",
          "allow_recipe_changes",
          "save_total_limit",
          "dataset_num_proc",
          "cache_dir",
          "plugin",
          "offline",
          "report_to",
          "run_name",
          "peak_flops_per_device",
          "lora_max_rank");

  /**
   * Looks at what is there of every point.
   *
   * @throws ConfigException that names the points of another recipe
   */
  static List<PointPlan> of(SweepRecipe recipe) throws IOException {
    List<Problem> problems = new ArrayList<>();
    List<PointPlan> plans = new ArrayList<>();
    for (SweepRecipe.Point point : recipe.points()) {
      plans.add(recipe.overwrite() ? anew(point) : of(point, problems));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return plans;
  }

  private static Set<String> ofThePlace() {
    Set<String> keys = new HashSet<>(OF_THE_PLACE);
    keys.addAll(SftConfig.deviceKeys());
    return keys;
  }

  private static PointPlan anew(SweepRecipe.Point point) {
    return new PointPlan(PointResult.none(point, PointState.WAITING), point.config());
  }

  private static PointPlan of(SweepRecipe.Point point, List<Problem> problems) throws IOException {
    SftConfig config = point.config();
    Path directory = config.output().directory();
    Optional<PointResult.Saved> saved = PointResult.read(point);
    if (saved.filter(one -> one.result().state().isComplete()).isPresent()) {
      refuse(point, config.differencesFrom(saved.get().config(), ofThePlace()), problems);
      return new PointPlan(saved.get().result(), config);
    }
    Path manifest = directory.resolve("run.json");
    if (!Files.exists(manifest)) {
      return new PointPlan(PointResult.none(point, PointState.WAITING), config);
    }
    if (JsonFile.read(manifest).get("config") instanceof Map<?, ?> before
        && !config.checkpoints().allowChanges()) {
      Map<String, Object> values = new LinkedHashMap<>();
      before.forEach((key, value) -> values.put(String.valueOf(key), value));
      refuse(point, config.changesOf(values), problems);
    }
    boolean goesOn = !CheckpointDirectory.in(directory).isEmpty();
    SftConfig next =
        goesOn
            ? config.with(config.checkpoints().from(Optional.of(new Resume.Newest())))
            : config.with(config.output().overwriting());
    return new PointPlan(PointResult.none(point, PointState.INTERRUPTED), next);
  }

  private static void refuse(
      SweepRecipe.Point point, List<String> differences, List<Problem> problems) {
    if (!differences.isEmpty()) {
      problems.add(
          new Problem(
              Optional.empty(),
              List.of(),
              "'output_dir': expected points of this sweep, got '%s' of another recipe (%s); name another directory, or give --overwrite_output_dir true"
                  .formatted(point.config().output().directory(), String.join("; ", differences))));
    }
  }
}
