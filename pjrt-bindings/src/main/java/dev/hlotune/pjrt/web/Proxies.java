package dev.hlotune.pjrt.web;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Java reads system properties where everything else on the machine reads variables. */
final class Proxies extends ProxySelector {
  private final @Nullable URI http;
  private final @Nullable URI https;
  private final List<String> excluded;

  Proxies(Optional<String> always, Map<String, String> environment) {
    http = address(always.orElseGet(() -> variable(environment, "HTTP_PROXY")));
    https = address(always.orElseGet(() -> variable(environment, "HTTPS_PROXY")));
    String none = variable(environment, "NO_PROXY");
    excluded = List.of(none.toLowerCase(Locale.ROOT).split("[,\\s]+"));
  }

  @Override
  public List<Proxy> select(URI address) {
    URI proxy = "https".equals(address.getScheme()) ? https : http;
    String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
    return List.of(
        proxy == null || isExcluded(host)
            ? Proxy.NO_PROXY
            : new Proxy(
                Proxy.Type.HTTP,
                new InetSocketAddress(
                    proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort())));
  }

  @Override
  public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
    // The request fails with the same exception.
  }

  Optional<Authenticator> credentials() {
    URI proxy = https != null && https.getUserInfo() != null ? https : http;
    if (proxy == null || proxy.getUserInfo() == null) {
      return Optional.empty();
    }
    String[] user = proxy.getUserInfo().split(":", 2);
    return Optional.of(
        new Authenticator() {
          @Override
          protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                ? new PasswordAuthentication(
                    user[0], (user.length > 1 ? user[1] : "").toCharArray())
                : null;
          }
        });
  }

  private boolean isExcluded(String host) {
    for (String entry : excluded) {
      String suffix = entry.startsWith(".") ? entry : "." + entry;
      if (entry.equals("*") || (!entry.isEmpty() && ("." + host).endsWith(suffix))) {
        return true;
      }
    }
    return false;
  }

  private static String variable(Map<String, String> environment, String name) {
    for (String key : List.of(name, name.toLowerCase(Locale.ROOT))) {
      String value = environment.get(key);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return name.equals("NO_PROXY") || name.equals("ALL_PROXY")
        ? ""
        : variable(environment, "ALL_PROXY");
  }

  private static @Nullable URI address(String value) {
    return value.isEmpty() ? null : URI.create(value.contains("://") ? value : "http://" + value);
  }
}
