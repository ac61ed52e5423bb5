package dev.hlotune.trainer.loop;

import dev.hlotune.configs.CheckpointConfig;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.Problem;
import dev.hlotune.configs.ProcessesConfig;
import dev.hlotune.configs.Resume;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.sharding.hosts.HeldBlocks;
import dev.hlotune.sharding.hosts.Launch;
import dev.hlotune.sharding.hosts.LaunchDetection;
import dev.hlotune.sharding.hosts.PluginProcesses;
import dev.hlotune.sharding.hosts.ProcessGroup;
import dev.hlotune.sharding.hosts.ProcessPlace;
import dev.hlotune.trainer.data.RowShare;
import dev.hlotune.trainer.step.ModelMesh;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The processes of a run. All do the same; the first alone writes files and decides what cannot be
 * known by all, such as that somebody wants to stop. A run of one process is the same with nobody
 * to wait for.
 */
final class Processes implements AutoCloseable {
  /** What the first process decides is there as soon as it gets to the same place. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final ProcessGroup group;
  private final AtomicBoolean asked;

  private Processes(ProcessGroup group, AtomicBoolean asked) {
    this.group = group;
    this.asked = asked;
  }

  /**
   * Finds the others, and waits for them.
   *
   * @param asked set by another thread to end the run
   * @param environment may say which process this is, as launchers do
   * @throws ConfigException if what is said of processes does not go together
   * @throws PjrtException if one does not come in time, with its number, or the plugin cannot span
   *     processes
   */
  static Processes join(
      SftConfig config,
      Map<String, String> environment,
      AtomicBoolean asked,
      RunObserver observer) {
    ProcessPlace place = place(config, environment, observer);
    if (place.count() > 1) {
      if (config.checkpoints().minutes().isPresent()) {
        throw ConfigException.of(
            "'save_minutes': expected checkpoints by steps or epochs, on which all processes agree,"
                + " got "
                + config.checkpoints().minutes().get());
      }
      observer.on(new RunEvent.Noted(place.toString()));
    }
    return new Processes(
        ProcessGroup.join(place, environment, why -> observer.on(new RunEvent.Lost(why))), asked);
  }

  /**
   * The place of this process. Nothing is loaded or opened yet, and nobody waited for.
   *
   * @param environment what a launcher says
   * @param observer told what was said twice and differently
   * @throws ConfigException with all that is wrong or missing
   * @throws PjrtException if the recipe's platform cannot span several processes
   */
  static ProcessPlace place(
      SftConfig config, Map<String, String> environment, RunObserver observer) {
    ProcessesConfig said = config.sharding().processes();
    Optional<ProcessesConfig.Member> member = said.member();
    LaunchDetection.Detected detected =
        LaunchDetection.of(
            new Launch(
                member.map(own -> own.coordinator().toString()),
                member.map(own -> OptionalInt.of(own.count())).orElse(OptionalInt.empty()),
                member.map(own -> OptionalInt.of(own.id())).orElse(OptionalInt.empty()),
                Duration.ofSeconds(said.timeoutSeconds())),
            environment);
    detected.notes().forEach(note -> observer.on(new RunEvent.Noted(note)));
    ProcessPlace place =
        detected
            .place()
            .orElseThrow(() ->
                new ConfigException(
                    detected.problems().stream()
                        .map(problem -> new Problem(Optional.empty(), List.of(), problem))
                        .toList()));
    PluginProcesses.check(Devices.target(config.machine()), place);
    return place;
  }

  /** How many there are. */
  int count() {
    return group.count();
  }

  /** Whether this is the one that writes files. */
  boolean writes() {
    return group.isCoordinator();
  }

  ProcessGroup group() {
    return group;
  }

  /** Hears of everything in the process that writes, and of notes in the others. */
  RunObserver observing(RunObserver observer) {
    return writes()
        ? observer
        : event -> {
          if (event instanceof RunEvent.Noted) {
            observer.on(event);
          }
        };
  }

  /** Whether the run stops here, which the first process decides. */
  boolean stops() {
    return count() == 1
        ? asked.get()
        : decided("stop", () -> asked.get() ? "yes" : "no").equals("yes");
  }

  /**
   * What ends the work between two updates: the same request in a process alone; nothing in one of
   * several, whose others would go on with it.
   */
  AtomicBoolean stop() {
    return count() == 1 ? asked : new AtomicBoolean();
  }

  /**
   * The checkpoint that the run goes on from, found by the first process.
   *
   * @throws IOException if a file cannot be read
   */
  Optional<Resumption> resumption(SftConfig config, RunObserver observer) throws IOException {
    if (count() == 1) {
      return Resumption.find(config, observer);
    }
    Optional<Resumption> own = writes() ? Resumption.find(config, observer) : Optional.empty();
    String path =
        decided(
            "resume",
            () ->
                own.map(found -> found.checkpoint().path().toAbsolutePath().toString()).orElse(""));
    if (writes() || path.isEmpty()) {
      return own;
    }
    CheckpointConfig from = config.checkpoints().from(Optional.of(new Resume.From(Path.of(path))));
    return Resumption.find(config.with(from), observer);
  }

  private String decided(String what, Supplier<String> decide) {
    return new String(
        group.decide(what, () -> decide.get().getBytes(StandardCharsets.UTF_8), PATIENCE),
        StandardCharsets.UTF_8);
  }

  /** Waits until all are here. */
  void meet(String what) {
    group.barrier(what, PATIENCE);
  }

  /** The rows of each batch that this process reads. */
  RowShare share(ModelMesh mesh) {
    if (count() == 1) {
      return RowShare.ALL;
    }
    List<String> axes = mesh.rules().computation().rules().getOrDefault("batch", List.of());
    HeldBlocks held = HeldBlocks.here(mesh.devices(), axes);
    return new RowShare(held.first(), held.end(), held.of());
  }

  /** Looks whether the plugin counts processes as they do. */
  void check(Client client) {
    PluginProcesses.checkPlace(client, group.place());
  }

  /**
   * Leaves a run that failed here, so that the others do not wait.
   *
   * @param why it failed
   */
  void abandon(Throwable why) {
    group.abandon("ended: " + why.getMessage());
  }

  @Override
  public void close() {
    group.close();
  }
}
