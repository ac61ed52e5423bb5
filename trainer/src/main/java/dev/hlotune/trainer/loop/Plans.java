package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.pjrt.Client;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.Mixture;
import dev.hlotune.trainer.data.PreparationStatistics;
import dev.hlotune.trainer.step.ModelMesh;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Puts what a run will do into figures. */
final class Plans {
  private Plans() {}

  static RunPlan of(
      SftConfig config,
      TunedModel tuned,
      OptimizerRecipe optimizer,
      DataSets data,
      int steps,
      ModelMesh mesh) {
    Client client = mesh.devices().client();
    BaseModel base = tuned.base();
    PreparationStatistics statistics = data.train().statistics();
    return new RunPlan(
        client.platformName()
            + ": "
            + devices(mesh)
            + ", PJRT C API "
            + client.plugin().apiVersion(),
        describe(config, base),
        base.model().parameters().values().stream()
            .mapToLong(spec -> spec.shape().elements())
            .sum(),
        tuned.lines(),
        optimizer.lines(),
        data.train().size(),
        data.heldOut().map(Mixture::size).orElse(0),
        data.left(),
        statistics.truncated(),
        data.plan().statistics().tokens(),
        statistics.supervisedFraction(),
        data.plan().statistics().paddingFraction(),
        data.plan().options(),
        data.plan().buckets(),
        data.heldOutPlan().map(BatchPlan::buckets).orElse(List.of()),
        data.batches().ladder(),
        (double) steps / data.plan().stepsPerEpoch(),
        steps,
        config.output().directory());
  }

  private static String devices(ModelMesh mesh) {
    int count = mesh.devices().devices().size();
    return count == 1
        ? "1 device"
        : count
            + " devices ("
            + mesh.devices().mesh().axes().stream()
                .filter(axis -> axis.size() > 1)
                .map(axis -> axis.name() + " " + axis.size())
                .collect(Collectors.joining(", "))
            + ")";
  }

  private static String describe(SftConfig config, BaseModel base) {
    return base.model().getClass().getSimpleName().toLowerCase(Locale.ROOT)
        + (base.hasWeights()
            ? ", " + config.model().model()
            : ", random weights by seed " + config.machine().seed());
  }
}
