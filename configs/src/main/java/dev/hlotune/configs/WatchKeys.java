package dev.hlotune.configs;

import java.util.List;
import java.util.Map;

/** The keys of how a run is watched. */
final class WatchKeys {
  private WatchKeys() {}

  static final Key<List<ReportTo>> REPORT_TO =
      Key.preset(
          "report_to",
          new ChoiceList<>(
              Choice.of(ReportTo.values())
                  .refusing(
                      Map.of(
                          "all", "name the trackers",
                          "trackio", "which takes in what 'wandb' or 'tensorboard' writes"))),
          List.of(),
          "The trackers that get the figures of metrics.jsonl as they are written: TensorBoard's"
              + " event files, an MLflow server (MLFLOW_TRACKING_URI), Weights & Biases' offline"
              + " files.");

  static final Key<String> RUN_NAME =
      Key.optional(
          "run_name",
          new Text(),
          "What trackers and reports call the run. Without it, the name of 'output_dir'.");

  static final Key<Integer> MAX_NONFINITE_STEPS =
      Key.preset(
          "max_nonfinite_steps",
          WholeNumber.atLeast(0),
          0,
          "How many updates may be left out because their loss or gradient is no finite number"
              + " before the run stops. With 0 it stops at the first. The batch of each is written"
              + " to nonfinite/.");

  static final Key<Double> PEAK_FLOPS =
      Key.optional(
          "peak_flops_per_device",
          RealNumber.above(0),
          "Floating-point operations a second that the device can do at most, such as 989e12: what"
              + " 'mfu' is a share of. Without it, the vendor's figure where the device is known.");
}
