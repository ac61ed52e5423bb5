package dev.hlotune.trainer.loop;

import dev.hlotune.trainer.checkpoint.AtomicFile;
import dev.hlotune.trainer.checkpoint.JsonFile;
import dev.hlotune.trainer.data.Example;
import dev.hlotune.trainer.data.LoadedBatch;
import dev.hlotune.trainer.data.PlannedStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes out the batch of an update that gave no finite loss or gradient, to be looked at: where
 * its records were read, their tokens, weights and text, and the figures.
 */
final class NonfiniteBatch {
  /** Where batches go, below the output directory. */
  static final String FOLDER = "nonfinite";

  private final Path directory;
  private final DataSets data;

  /**
   * For one run.
   *
   * @param output the run's output directory
   */
  NonfiniteBatch(Path output, DataSets data) {
    this.directory = output.resolve(FOLDER);
    this.data = data;
  }

  /**
   * Writes a batch; gives the file.
   *
   * @throws IOException if it cannot be written
   */
  Path write(Nonfinite.Update update) throws IOException {
    LoadedBatch loaded = update.loaded();
    int perEpoch = data.plan().stepsPerEpoch();
    PlannedStep planned =
        data.plan().epoch((loaded.step() - 1) / perEpoch).get((loaded.step() - 1) % perEpoch);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("step", loaded.step());
    values.put("epoch", loaded.epoch());
    values.put("loss", update.loss());
    values.put("grad_norm", update.gradNorm());
    values.put("learning_rate", update.learningRate());
    values.put("update", update.leftOut() ? "left out" : "taken");
    values.put("shape", planned.bucket().toString());
    values.put("micro_batches", loaded.batch().microBatches());
    values.put("examples", examples(planned));
    Path file = directory.resolve("step-%d.json".formatted(loaded.step()));
    AtomicFile.write(file, JsonFile.print(values));
    return file;
  }

  private List<Map<String, Object>> examples(PlannedStep planned) {
    List<Map<String, Object>> examples = new ArrayList<>();
    int rows = planned.bucket().rows();
    for (int row = 0; row < planned.rows().length; row++) {
      for (int segment = 0; segment < planned.rows()[row].length; segment++) {
        int index = planned.rows()[row][segment];
        Example example = data.train().get(index);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("micro_batch", row / rows + 1);
        values.put("row", row % rows + 1);
        values.put("segment", segment + 1);
        values.put("origin", data.train().origin(index).toString());
        values.put("text", data.tokenizer().decode(example.ids(), false));
        values.put("input_ids", example.ids());
        values.put("weights", example.weights());
        examples.add(values);
      }
    }
    return examples;
  }
}
