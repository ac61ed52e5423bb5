package dev.hlotune.trainer.loop;

import dev.hlotune.configs.Resume;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.pjrt.Client;
import dev.hlotune.trainer.checkpoint.AtomicDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A supervised fine-tuning run from its recipe to the model directory it leaves: processes meet,
 * the output directory and the model are opened, devices are found; then {@link RunPreparation} and
 * {@link RunTraining} follow.
 */
public final class SftRun {

  /** Tells how many bytes of device memory are free: a seam, so that a test can have little. */
  @FunctionalInterface
  interface FreeMemory {
    long bytes(Client client) throws IOException;
  }

  private SftRun() {}

  /**
   * Runs it. Leaves {@code metrics.jsonl}, {@code run.json} and {@code final/} in the output
   * directory, also when it is stopped on the way; a run that diverged leaves no model.
   *
   * @param observer hears how it goes
   * @param stop set by another thread to end the run after the step it is in
   * @throws IOException if a file cannot be read or written
   */
  public static RunSummary run(SftConfig config, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    return run(config, System.getenv(), Integer.MAX_VALUE, observer, stop, Devices::freeMemory);
  }

  /**
   * Runs a part of it, as if it had been asked to stop after an update.
   *
   * @param until the last update to do
   * @throws IOException if a file cannot be read or written
   */
  public static RunSummary runUntil(
      int until, SftConfig config, RunObserver observer, AtomicBoolean stop) throws IOException {
    return run(config, System.getenv(), until, observer, stop, Devices::freeMemory);
  }

  /** The same to the end. */
  static RunSummary run(
      SftConfig config,
      Map<String, String> environment,
      RunObserver observer,
      AtomicBoolean stop,
      FreeMemory memory)
      throws IOException {
    return run(config, environment, Integer.MAX_VALUE, observer, stop, memory);
  }

  /**
   * As the public one.
   *
   * @param environment names the hub
   * @param until the last update to do
   */
  static RunSummary run(
      SftConfig config,
      Map<String, String> environment,
      int until,
      RunObserver observer,
      AtomicBoolean stop,
      FreeMemory memory)
      throws IOException {
    try (Processes processes = Processes.join(config, environment, stop, observer)) {
      try {
        return run(
            config,
            environment,
            until,
            processes,
            processes.observing(observer),
            processes.stop(),
            memory);
      } catch (IOException | RuntimeException | Error failure) {
        processes.abandon(failure);
        throw failure;
      }
    }
  }

  private static RunSummary run(
      SftConfig asked,
      Map<String, String> environment,
      int until,
      Processes processes,
      RunObserver observer,
      AtomicBoolean stop,
      FreeMemory memory)
      throws IOException {
    SftConfig config = asked;
    if (!processes.writes()) {
      // What every process of a run writes beside the model is written once.
      config = asked.with(asked.output().into(Files.createTempDirectory("hlotune-process")));
    }
    Path output = config.output().directory();
    boolean goesOn = config.checkpoints().resume().filter(from -> isOf(output, from)).isPresent();
    try (OutputDirectory directory =
        OutputDirectory.open(output, goesOn || config.output().overwrite())) {
      Optional<Resumption> resumed = processes.resumption(asked, observer);
      FetchedModel fetched = FetchedModel.of(config, environment, observer, stop);
      BaseModel base = BaseModel.open(fetched.config());
      ModelDropout.check(fetched.config().model().regularization(), base.json());
      int cpuDevices = fetched.config().sharding().cpuDevices(processes.count());
      try (Client client =
          Devices.open(config.machine(), cpuDevices, processes.group(), observer, stop)) {
        processes.check(client);
        SftConfig recipe = config.on(client.devices().size());
        resumed.ifPresent(own -> own.requireSameRecipe(recipe));
        RunContext context =
            new RunContext(
                recipe,
                fetched.on(client.devices().size()),
                directory,
                resumed,
                until,
                processes,
                observer,
                stop,
                memory);
        RunSummary summary = new RunPreparation(context).run(base, client);
        observer.on(new RunEvent.Ended(summary));
        return summary;
      }
    } catch (CancellationException stopped) {
      RunSummary summary = RunSummary.nothing(output);
      observer.on(new RunEvent.Ended(summary));
      return summary;
    } finally {
      if (!processes.writes()) {
        AtomicDirectory.delete(output);
      }
    }
  }

  /** Whether what is there is what a run goes on with; another run's results must not be lost. */
  private static boolean isOf(Path output, Resume resume) {
    return switch (resume) {
      case Resume.Newest() -> true;
      case Resume.From(Path checkpoint) ->
          checkpoint.toAbsolutePath().normalize().startsWith(output.toAbsolutePath().normalize());
    };
  }
}
