package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.step.ModelMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a run is asked for, what it goes on from, and who hears of it.
 *
 * @param asked the recipe
 * @param fetched the same, with paths in place of ids of the hub
 * @param directory where everything goes
 * @param resumed what it goes on from, if it does
 * @param until the last update to do
 * @param processes those that do it together
 * @param observer hears how it goes
 * @param stop set by another thread to end it after the step that it is in
 * @param memory what is free on the devices
 */
record RunContext(
    SftConfig asked,
    FetchedModel fetched,
    OutputDirectory directory,
    Optional<Resumption> resumed,
    int until,
    Processes processes,
    RunObserver observer,
    AtomicBoolean stop,
    SftRun.FreeMemory memory) {

  /** The recipe, with paths in place of ids of the hub. */
  SftConfig config() {
    return fetched.config();
  }

  /** The directory that everything goes into. */
  Path output() {
    return config().output().directory();
  }

  /** Tells whoever watches something in words. */
  void note(String text) {
    observer.on(new RunEvent.Noted(text));
  }

  /** How far the run before had come. */
  RunProgress progress() {
    return resumed.map(Resumption::progress).orElse(RunProgress.NOTHING);
  }

  /** As the run before had it, if it can be: the same batches are the same training. */
  RowShares rows(ModelMesh mesh) {
    RowShares own = RowShares.of(mesh.rules().spread().rows());
    return resumed.map(before -> own.asIn(before.rowMultiple())).orElse(own);
  }

  /** The log of metrics, with what the run before has written up to where it went on. */
  MetricsLog metrics() throws IOException {
    Path file = output().resolve(MetricsLog.NAME);
    return resumed.isPresent()
        ? MetricsLog.after(file, beside(MetricsLog.NAME), progress().step())
        : MetricsLog.create(file);
  }

  /** Answers of before, without those that will be given again. */
  Path samples() throws IOException {
    Path file = output().resolve(Leftovers.SAMPLES);
    if (resumed.isPresent() && Files.exists(beside(Leftovers.SAMPLES))) {
      MetricsLog.after(file, beside(Leftovers.SAMPLES), progress().step()).close();
    }
    return file;
  }

  /** A file of the run before. */
  private Path beside(String name) {
    return resumed.orElseThrow().checkpoint().path().resolveSibling(name);
  }
}
