package dev.hlotune.trainer.loop;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file {@code trainer_state.json}, with the keys of transformers' {@code TrainerState}, whose
 * {@code load_from_json} reads it.
 */
final class TrainerState {
  private static final JsonMapper JSON = new JsonMapper();

  private TrainerState() {}

  /**
   * Its content.
   *
   * @param metrics the run's {@code metrics.jsonl}, for the history
   * @param totalFlos floating-point operations so far
   */
  static Map<String, Object> json(
      SftConfig config,
      RunProgress progress,
      int totalSteps,
      int stepsPerEpoch,
      Path metrics,
      double totalFlos)
      throws IOException {
    BestSoFar.State best = progress.best();
    boolean measured = best.value() != null;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("best_global_step", measured ? best.step() : null);
    json.put("best_metric", best.value());
    json.put(
        "best_model_checkpoint",
        measured && config.checkpoints().comparesEvaluations()
            ? CheckpointDirectory.at(config.output().directory(), best.step()).path().toString()
            : null);
    json.put("epoch", (double) progress.step() / stepsPerEpoch);
    json.put("eval_steps", config.evaluation().evalSteps().value());
    json.put("global_step", progress.step());
    json.put("is_hyper_param_search", false);
    json.put("is_local_process_zero", true);
    json.put("is_world_process_zero", true);
    json.put("log_history", history(metrics, progress.step()));
    json.put("logging_steps", config.output().loggingSteps().value());
    json.put("max_steps", totalSteps);
    json.put("num_input_tokens_seen", progress.log().whole().tokens());
    json.put("num_train_epochs", (int) Math.ceil((double) totalSteps / stepsPerEpoch));
    json.put("save_steps", config.checkpoints().saveSteps().value());
    json.put("stateful_callbacks", Map.of());
    json.put("total_flos", totalFlos);
    json.put("train_batch_size", config.batch().trainBatchSize());
    json.put("trial_name", null);
    json.put("trial_params", null);
    return json;
  }

  /** A line of metrics.jsonl with an evaluation is two entries, as transformers logs them. */
  private static List<Map<String, Object>> history(Path metrics, int step) throws IOException {
    List<Map<String, Object>> history = new ArrayList<>();
    if (!Files.isRegularFile(metrics)) {
      return history; // A device or a pipe, by the user's link, has no beginning to read.
    }
    for (String text : Files.readAllLines(metrics)) {
      Map<String, Object> line = JSON.readValue(text, new TypeReference<>() {});
      if (((Number) line.getOrDefault("step", 0)).intValue() > step) {
        break;
      }
      Map<String, Object> evaluation = new LinkedHashMap<>();
      Map<String, Object> training = new LinkedHashMap<>();
      line.forEach(
          (key, value) -> (key.startsWith("eval_") ? evaluation : training).put(key, value));
      history.add(training);
      if (!evaluation.isEmpty()) {
        evaluation.put("epoch", line.get("epoch"));
        evaluation.put("step", line.get("step"));
        history.add(evaluation);
      }
    }
    return history;
  }
}
