package dev.hlotune.configs;

import java.util.Optional;

/**
 * Where the processes of a run find the first of them.
 *
 * @param host a name or an address; IPv6 without brackets
 * @param port from 1 to 65535
 */
public record CoordinatorAddress(String host, int port) {
  private static final int LAST_PORT = 65_535;

  public CoordinatorAddress {
    if (host.isBlank() || host.matches(".*[\\s\\[\\]/].*") || port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException(
          "expected a host and a port from 1 to 65535, got '" + host + "' and " + port);
    }
  }

  /** Reads {@code HOST:PORT} or {@code [IPV6]:PORT}; empty for anything else. */
  static Optional<CoordinatorAddress> parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (!text.substring(colon + 1).matches("\\d{1,5}")
        || host.isEmpty()
        || (host.contains(":") && !host.matches("\\[[^\\[\\]]+]"))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new CoordinatorAddress(
              host.replaceAll("[\\[\\]]", ""), Integer.parseInt(text.substring(colon + 1))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** As recipes have it. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
