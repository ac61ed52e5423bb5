package dev.hlotune.trainer.bench;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.Storage;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.ModelExport;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.SpecialTokens;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.step.HeldArray;
import dev.hlotune.trainer.step.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What it takes to put a model's weights on the device, and to save them.
 *
 * @param fileBytes of the tensors in the files
 * @param deviceBytes of the weights on the device
 * @param loadSeconds of each round, in order: the first may read from the disk
 * @param saveSeconds to write them to a directory in the types of the files, forced to the disk;
 *     empty where that was not asked for
 */
@SuppressWarnings("ArrayRecordComponent") // A handful of figures, printed once.
public record WeightsBench(
    long fileBytes, long deviceBytes, double[] loadSeconds, Optional<Double> saveSeconds) {

  /**
   * Loads a model some times, and saves it once.
   *
   * @param directory the model
   * @param type of the weights on the device
   * @param layering layers one by one, or stacked
   * @param rounds how often, at least once
   * @param save the directory to save it as, if any
   */
  public static WeightsBench measure(
      Storage storage,
      Path directory,
      DType type,
      Layering layering,
      int rounds,
      Optional<Path> save)
      throws IOException {
    CausalModel model =
        Families.of(
            new ModelConfig(ModelDirectory.readConfig(directory)),
            new Layout(layering, Remat.NOTHING));
    ParamMap<ParameterSpec> specs =
        model
            .parameters()
            .map(spec -> new ParameterSpec(spec.shape().withDtype(type), spec.initializer()));
    double[] seconds = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      try (ModelWeights files = ModelWeights.open(directory)) {
        List<ShardedBuffer> buffers = Weights.load(storage, specs, model, files);
        seconds[round] = (System.nanoTime() - start) / 1e9;
        try {
          if (round + 1 == rounds) {
            return new WeightsBench(
                files.tensors().values().stream().mapToLong(TensorEntry::byteSize).sum(),
                buffers.stream().mapToLong(buffer -> buffer.byteSize()).sum(),
                seconds,
                save.isPresent()
                    ? Optional.of(save(directory, specs, buffers, files, save.get()))
                    : Optional.empty());
          }
        } finally {
          buffers.forEach(ShardedBuffer::close);
        }
      }
    }
    throw new IllegalArgumentException("rounds: expected at least 1, got " + rounds);
  }

  private static double save(
      Path base,
      ParamMap<ParameterSpec> specs,
      List<ShardedBuffer> buffers,
      ModelWeights files,
      Path target)
      throws IOException {
    Map<String, StorageType> types = new HashMap<>();
    files.tensors().forEach((name, entry) -> types.put(name, entry.type()));
    long start = System.nanoTime();
    ModelDirectory.write(
        target,
        new ModelExport(
            base,
            Map.of(),
            Weights.stored(
                specs, HeldArray.onDevice(buffers), (name, held) -> types.getOrDefault(name, held)),
            50_000_000_000L,
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            new SpecialTokens(Optional.empty(), List.of(), Optional.empty())));
    return (System.nanoTime() - start) / 1e9;
  }

  /** By the names of the JSON output. */
  public Map<String, Object> fields() {
    double[] sorted = loadSeconds.clone();
    Arrays.sort(sorted);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file_bytes", fileBytes);
    fields.put("device_bytes", deviceBytes);
    fields.put("load_seconds", sorted[sorted.length / 2]);
    fields.put("load_seconds_best", sorted[0]);
    fields.put("load_gb_per_second", fileBytes / sorted[sorted.length / 2] / 1e9);
    fields.put("load_gb_per_second_best", fileBytes / sorted[0] / 1e9);
    saveSeconds.ifPresent(seconds -> {
      fields.put("save_seconds", seconds);
      fields.put("save_gb_per_second", fileBytes / seconds / 1e9);
    });
    return fields;
  }
}
