package dev.hlotune.configs;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The processes that a run is of, where it is more than one.
 *
 * @param member which of them this one is, where the recipe says so; empty leaves it to the
 *     launcher's environment, and without one a run is one process
 * @param timeoutSeconds how long they wait for one another at the start
 */
public record ProcessesConfig(Optional<Member> member, int timeoutSeconds) {

  /**
   * One of several processes.
   *
   * @param coordinator where the first of them listens
   * @param count all of them
   * @param id this one, from 0, which is the one that listens
   */
  public record Member(CoordinatorAddress coordinator, int count, int id) {
    public Member {
      new Checks()
          .within(ProcessKeys.COUNT, count)
          .within(ProcessKeys.ID, id)
          .require(
              id < count,
              "'process_id': expected less than the " + count + " of 'num_processes', got " + id,
              ProcessKeys.ID,
              ProcessKeys.COUNT)
          .done();
    }
  }

  public ProcessesConfig {
    new Checks().within(ProcessKeys.TIMEOUT, timeoutSeconds).done();
  }

  static ProcessesConfig of(Settings settings) {
    Optional<CoordinatorAddress> coordinator = settings.find(ProcessKeys.COORDINATOR);
    Optional<Integer> count = settings.find(ProcessKeys.COUNT);
    Optional<Integer> id = settings.find(ProcessKeys.ID);
    long said = Stream.of(coordinator, count, id).filter(Optional::isPresent).count();
    new Checks()
        .require(
            said == 0 || said == 3,
            "'coordinator_address', 'num_processes', 'process_id': expected all three or none, got "
                + said
                + " of them",
            coordinator.isPresent()
                ? ProcessKeys.COORDINATOR
                : count.isPresent() ? ProcessKeys.COUNT : ProcessKeys.ID)
        .done();
    return new ProcessesConfig(
        coordinator.map(address -> new Member(address, count.orElseThrow(), id.orElseThrow())),
        settings.get(ProcessKeys.TIMEOUT));
  }

  /** How many the recipe says there are. */
  public int count() {
    return member.map(Member::count).orElse(1);
  }

  void addTo(Values values) {
    values
        .put(ProcessKeys.COORDINATOR, member.map(Member::coordinator))
        .put(ProcessKeys.COUNT, member.map(Member::count))
        .put(ProcessKeys.ID, member.map(Member::id))
        .put(ProcessKeys.TIMEOUT, timeoutSeconds);
  }
}
