package dev.hlotune.trainer.watch;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.loop.RunSummary;
import dev.hlotune.trainer.loop.SftRun;
import dev.hlotune.trainer.report.RunRecord;
import dev.hlotune.trainer.report.RunReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A run with the trackers that its recipe asks for. */
public final class WatchedRun {
  private WatchedRun() {}

  /**
   * Runs it, as {@link SftRun#run} does.
   *
   * @throws IOException if a file cannot be read or written
   * @throws dev.hlotune.configs.ConfigException if a tracker lacks a setting
   */
  public static RunSummary run(SftConfig config, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    return run(config, System.getenv(), observer, stop);
  }

  /**
   * As the public one.
   *
   * @param environment variables of the trackers
   */
  static RunSummary run(
      SftConfig config, Map<String, String> environment, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    try (Watching watching =
        new Watching(
            observer,
            Watching.trackers(config, environment),
            config.output().directory(),
            directory ->
                RunReport.write(
                    List.of(RunRecord.read(directory)), directory.resolve("report.html")))) {
      return SftRun.run(config, watching, stop);
    }
  }
}
