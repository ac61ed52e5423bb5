package dev.hlotune.sharding.hosts;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The variables of a process's environment, read with complaints.
 *
 * @param values by name
 * @param problems gathers what is wrong with them
 */
record Variables(Map<String, String> values, List<String> problems) {
  /** A variable that is set to something. */
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).map(String::strip).filter(text -> !text.isEmpty());
  }

  boolean has(String name) {
    return text(name).isPresent();
  }

  /** A variable that counts something; a problem where it does not. */
  OptionalInt number(String name) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!text.get().matches("\\d{1,9}")) {
      problems.add(name + ": expected a whole number from 0, got '" + text.get() + "'");
      return OptionalInt.empty();
    }
    return OptionalInt.of(Integer.parseInt(text.get()));
  }

  /** A variable that holds {@code host:port}; a problem where it does not. */
  Optional<HostPort> address(String name) {
    Optional<String> text = text(name);
    Optional<HostPort> address = text.flatMap(HostPort::parse);
    if (text.isPresent() && address.isEmpty()) {
      problems.add(name + ": expected HOST:PORT, got '" + text.get() + "'");
    }
    return address;
  }

  /**
   * The device that is a process's share of its host.
   *
   * @param local which of the processes on its host it is
   * @param onHost how many of them there are
   */
  OptionalInt localDevice(OptionalInt local, OptionalInt onHost) {
    // One process to a host has all devices; one device made visible is the share already.
    boolean shared = onHost.isPresent() && onHost.getAsInt() > 1;
    boolean bound = text("CUDA_VISIBLE_DEVICES").filter(list -> !list.contains(",")).isPresent();
    return shared && !bound ? local : OptionalInt.empty();
  }
}
