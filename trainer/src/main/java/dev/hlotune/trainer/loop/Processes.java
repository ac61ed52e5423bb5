package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.Problem;
import dev.hlotune.configs.ProcessesConfig;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.sharding.hosts.Launch;
import dev.hlotune.sharding.hosts.LaunchDetection;
import dev.hlotune.sharding.hosts.PluginProcesses;
import dev.hlotune.sharding.hosts.ProcessPlace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Which of a run's processes this one is, by its recipe and by what started it. */
final class Processes {
  private Processes() {}

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

  /**
   * Refuses a run of several processes: its arrays are scattered and gathered by one.
   *
   * @throws ConfigException that says so
   */
  static void requireOne(ProcessPlace place) {
    if (place.count() > 1) {
      throw ConfigException.of(
          "num_processes: expected 1, as a run trains on the devices of one process as yet, got "
              + place.count()
              + " ("
              + place.source()
              + "); use the devices of one host, and HLOTUNE_NUM_PROCESSES=1 where a launcher starts"
              + " several runs");
    }
  }
}
