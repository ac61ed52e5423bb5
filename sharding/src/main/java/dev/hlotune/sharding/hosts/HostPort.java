package dev.hlotune.sharding.hosts;

import java.util.Optional;

/**
 * An address that is connected to.
 *
 * @param host a name or an address, an IPv6 address without its brackets
 * @param port from 1 to 65535
 */
public record HostPort(String host, int port) {
  private static final int LAST_PORT = 65_535;

  /** Checks the port. */
  public HostPort {
    if (host.isBlank() || port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException(
          "address: expected a host and a port from 1 to 65535, got '" + host + "' and " + port);
    }
  }

  /**
   * Reads {@code host:port} or {@code [IPv6]:port}.
   *
   * @return nothing for anything else
   */
  public static Optional<HostPort> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    // An IPv6 address that is not in brackets cannot be told from one with a port.
    if (!bracketed && host.chars().anyMatch(c -> c == ':' || c == '[' || c == ']' || c == '/')) {
      return Optional.empty();
    }
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    String digits = text.substring(colon + 1);
    if (bare.isBlank() || !digits.matches("\\d{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(digits);
    return port < 1 || port > LAST_PORT ? Optional.empty() : Optional.of(new HostPort(bare, port));
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
