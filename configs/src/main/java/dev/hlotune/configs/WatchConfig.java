package dev.hlotune.configs;

import java.util.List;
import java.util.Optional;

/**
 * How a run is watched.
 *
 * @param reportTo where figures go besides the run's own files
 * @param runName what trackers and reports call it; empty is the name of the output directory
 * @param maxNonfiniteSteps updates without a finite loss and gradient that are left out before the
 *     run stops
 * @param peakFlops what a device can do at most, in floating-point operations a second
 */
public record WatchConfig(
    List<ReportTo> reportTo,
    Optional<String> runName,
    int maxNonfiniteSteps,
    Optional<Double> peakFlops) {

  public WatchConfig {
    reportTo = List.copyOf(reportTo);
    new Checks()
        .within(WatchKeys.REPORT_TO, reportTo)
        .within(WatchKeys.RUN_NAME, runName)
        .within(WatchKeys.MAX_NONFINITE_STEPS, maxNonfiniteSteps)
        .within(WatchKeys.PEAK_FLOPS, peakFlops)
        .done();
  }

  static WatchConfig of(Settings settings) {
    return new WatchConfig(
        settings.get(WatchKeys.REPORT_TO),
        settings.find(WatchKeys.RUN_NAME),
        settings.get(WatchKeys.MAX_NONFINITE_STEPS),
        settings.find(WatchKeys.PEAK_FLOPS));
  }

  void addTo(Values values) {
    values
        .put(WatchKeys.REPORT_TO, reportTo)
        .put(WatchKeys.RUN_NAME, runName)
        .put(WatchKeys.MAX_NONFINITE_STEPS, maxNonfiniteSteps)
        .put(WatchKeys.PEAK_FLOPS, peakFlops);
  }
}
