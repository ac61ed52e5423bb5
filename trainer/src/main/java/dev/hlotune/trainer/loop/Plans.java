package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.pjrt.Client;
import dev.hlotune.trainer.data.PreparationStatistics;
import dev.hlotune.trainer.data.PreparedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Puts what a run will do into figures. */
final class Plans {
  private Plans() {}

  static RunPlan of(SftConfig config, CausalModel model, DataSets data, int steps, Client client) {
    PreparationStatistics statistics = data.train().statistics();
    return new RunPlan(
        client.platformName()
            + ": "
            + client.addressableDevices().size()
            + " device, PJRT C API "
            + client.plugin().apiVersion(),
        describe(config, model),
        model.parameters().values().stream().mapToLong(spec -> spec.shape().elements()).sum(),
        statistics.examples(),
        data.heldOut().map(PreparedData::size).orElse(0),
        data.left(),
        statistics.truncated(),
        statistics.tokens(),
        statistics.supervisedFraction(),
        data.plan().statistics().paddingFraction(),
        data.plan().buckets(),
        config.batch().gradientAccumulationSteps(),
        (double) steps / data.plan().stepsPerEpoch(),
        steps,
        config.output().directory());
  }

  private static String describe(SftConfig config, CausalModel model) {
    Path path = config.model().model();
    boolean random =
        !Files.exists(path.resolve("model.safetensors"))
            && !Files.exists(path.resolve("model.safetensors.index.json"));
    return model.getClass().getSimpleName().toLowerCase(Locale.ROOT)
        + (random ? ", random weights by seed " + config.machine().seed() : ", " + path);
  }
}
