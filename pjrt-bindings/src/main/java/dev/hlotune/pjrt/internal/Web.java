package dev.hlotune.pjrt.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Requests through the proxies and with the certificates of an environment. */
public final class Web implements AutoCloseable {
  private final HttpClient client;
  private final Duration timeout;

  /**
   * A client.
   *
   * @param environment for {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code
   *     NO_PROXY}, in upper or lower case
   * @throws IOException if the certificates cannot be read
   */
  public Web(PipSettings settings, Map<String, String> environment) throws IOException {
    timeout = settings.timeout();
    Proxies proxies = new Proxies(settings.proxy(), environment);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(timeout)
            .proxy(proxies);
    proxies.credentials().ifPresent(builder::authenticator);
    if (settings.certificates().isPresent()) {
      builder.sslContext(trusting(settings.certificates().get()));
    }
    client = builder.build();
  }

  /** Starts a GET request; the name and password in an address are sent, not shown. */
  public HttpResponse<InputStream> get(URI address, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(withoutUser(address)).timeout(timeout);
    headers.forEach(request::header);
    if (address.getUserInfo() != null) {
      request.header(
          "Authorization",
          "Basic "
              + Base64.getEncoder()
                  .encodeToString(address.getUserInfo().getBytes(StandardCharsets.UTF_8)));
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  @Override
  public void close() {
    // Not close(), which would wait for answers that nobody reads any more.
    client.shutdownNow();
  }

  /** The address as it may be shown and sent. */
  static URI withoutUser(URI address) {
    return address.getUserInfo() == null
        ? address
        : URI.create(address.toString().replace(address.getRawUserInfo() + "@", ""));
  }

  private static SSLContext trusting(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority" + number++, certificate);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException unreadable) {
      throw new IOException(
          "certificates: expected a PEM file, got '" + pem + "': " + unreadable.getMessage(),
          unreadable);
    }
  }

  /** Java reads system properties where everything else on the machine reads variables. */
  private static final class Proxies extends ProxySelector {
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
}
