package dev.hlotune.trainer.watch;

import dev.hlotune.configs.ReportTo;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Passes the events of a run on to its observer, and to trackers. Their notes reach the observer on
 * the thread of the run, between its own events; the last of them before the event that ends it.
 */
final class Watching implements RunObserver, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RunObserver observer;
  private final AtEnd atEnd;
  private final Path output;
  private final List<TrackerThread> trackers = new ArrayList<>();
  private final Queue<String> notes;

  /** What is done with the output directory of a run that is over. */
  @FunctionalInterface
  interface AtEnd {
    void of(Path output) throws IOException;
  }

  /**
   * Watches with these trackers.
   *
   * @param atEnd what is done with the output directory when everything else is
   */
  Watching(RunObserver observer, List<Tracker> trackers, Path output, AtEnd atEnd) {
    this(observer, trackers, output, atEnd, new ConcurrentLinkedQueue<>());
  }

  private Watching(
      RunObserver observer, List<Tracker> trackers, Path output, AtEnd atEnd, Queue<String> notes) {
    this.observer = observer;
    this.output = output;
    this.atEnd = atEnd;
    this.notes = notes;
    trackers.forEach(tracker -> this.trackers.add(TrackerThread.start(tracker, notes::add)));
  }

  /**
   * The trackers that a recipe asks for.
   *
   * @param environment their own variables
   * @throws dev.hlotune.configs.ConfigException if one of them lacks a setting
   */
  static List<Tracker> trackers(SftConfig config, Map<String, String> environment) {
    Path output = config.output().directory();
    String name =
        config
            .watch()
            .runName()
            .orElseGet(() -> output.toAbsolutePath().normalize().getFileName().toString());
    List<Tracker> trackers = new ArrayList<>();
    for (ReportTo wanted : config.watch().reportTo()) {
      trackers.add(
          switch (wanted) {
            case TENSORBOARD -> new TensorBoard(output.resolve("tensorboard"), host());
            case MLFLOW -> {
              MlflowSettings settings = MlflowSettings.of(environment, name);
              yield new Mlflow(settings, new MlflowClient(settings, environment));
            }
            case WANDB -> new Wandb(WandbSettings.of(environment, output, name));
          });
    }
    return trackers;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^\\w.-]", "_");
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  @Override
  public void on(RunEvent event) {
    Moment moment = new Moment(Instant.now(), event);
    if (isTold(event)) {
      trackers.forEach(tracker -> tracker.offer(moment));
    }
    if (event instanceof RunEvent.Ended ended) {
      close();
      if (ended.summary().plannedSteps() > 0) {
        finish();
      }
    }
    tell();
    observer.on(event);
  }

  private void finish() {
    try {
      atEnd.of(output);
    } catch (IOException | RuntimeException e) {
      notes.add("report: could not be written: " + e.getMessage());
    }
  }

  /** Steps without a line, and progress, are nothing to track. */
  private static boolean isTold(RunEvent event) {
    return switch (event) {
      case RunEvent.Stepped stepped -> stepped.logged();
      case RunEvent.Progressed _, RunEvent.Noted _, RunEvent.Lost _ -> false;
      default -> true;
    };
  }

  private void tell() {
    for (String note = notes.poll(); note != null; note = notes.poll()) {
      observer.on(new RunEvent.Noted(note));
    }
  }

  /** Waits for the trackers; also where the run failed. Closing twice is fine. */
  @Override
  public void close() {
    try {
      for (TrackerThread tracker : trackers) {
        tracker.close(PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    trackers.clear();
    tell();
  }
}
