package dev.hlotune.pjrt.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Requests through the proxies and with the certificates of an environment. */
public final class Web implements AutoCloseable {
  private static final int MOST_REDIRECTS = 10;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** Of a redirect's body: read, so that the connection can be used again. */
  private static final int SMALL = 1 << 14;

  private final HttpClient client;
  private final WebSettings settings;

  /**
   * A client.
   *
   * @param environment for {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code
   *     NO_PROXY}, in upper or lower case
   * @throws IOException if the certificates cannot be read
   */
  public Web(WebSettings settings, Map<String, String> environment) throws IOException {
    this.settings = settings;
    Proxies proxies = new Proxies(settings.proxy(), environment);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            // Files come faster over several connections than over the streams of one.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.timeout())
            .proxy(proxies);
    proxies.credentials().ifPresent(builder::authenticator);
    if (settings.certificates().isPresent()) {
      builder.sslContext(trusting(settings.certificates().get()));
    }
    client = builder.build();
  }

  /** Starts a GET request that is sent to whatever place redirects lead to. */
  public WebAnswer get(URI address, Map<String, String> headers)
      throws IOException, InterruptedException {
    return send(WebRequest.get(address, headers, Map.of()));
  }

  /**
   * Starts a request, and follows redirects; never from https to http.
   *
   * @return the answer, whatever its status
   */
  public WebAnswer send(WebRequest request) throws IOException, InterruptedException {
    List<HttpHeaders> headers = new ArrayList<>();
    URI at = request.address();
    while (headers.size() <= MOST_REDIRECTS) {
      HttpResponse<InputStream> response =
          client.send(toSend(request, at), HttpResponse.BodyHandlers.ofInputStream());
      headers.add(response.headers());
      InputStream body = WatchedBody.of(response.body(), settings.timeout());
      Optional<URI> next =
          REDIRECTS.contains(response.statusCode()) ? next(response) : Optional.empty();
      if (next.isEmpty() || (!request.away() && !sameHost(next.get(), request.address()))) {
        return new WebAnswer(response.statusCode(), withoutUser(at), headers, body);
      }
      try (body) {
        body.readNBytes(SMALL);
      }
      at = next.get();
    }
    throw new IOException("more than " + MOST_REDIRECTS + " redirects");
  }

  /**
   * As {@link #send}, trying again where the connection fails or the server is busy.
   *
   * @return the last answer, whatever its status
   * @throws IOException of the last attempt
   */
  public WebAnswer send(WebRequest request, Patience patience)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      WebAnswer answer;
      try {
        answer = send(request);
      } catch (IOException failure) {
        if (!patience.wait(attempt, Optional.empty())) {
          throw failure;
        }
        continue;
      }
      if (!Patience.mayPass(answer.status()) || !patience.wait(attempt, Patience.asked(answer))) {
        return answer;
      }
      answer.close();
    }
  }

  private HttpRequest toSend(WebRequest request, URI at) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(withoutUser(at))
            .timeout(settings.timeout())
            .method(
                request.method(),
                request
                    .body()
                    .map(HttpRequest.BodyPublishers::ofByteArray)
                    .orElseGet(HttpRequest.BodyPublishers::noBody));
    request.headers().forEach(builder::setHeader);
    if (sameHost(at, request.address())) {
      request.own().forEach(builder::setHeader);
      String user = request.address().getUserInfo();
      if (user != null) {
        builder.setHeader(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return builder.build();
  }

  private static Optional<URI> next(HttpResponse<?> response) {
    try {
      return response
          .headers()
          .firstValue("Location")
          .map(location -> response.uri().resolve(address(location)))
          .filter(next -> "https".equals(next.getScheme()) || "http".equals(next.getScheme()))
          .filter(next ->
              "http".equals(response.uri().getScheme()) || "https".equals(next.getScheme()));
    } catch (IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }

  private static URI address(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException careless) {
      return URI.create(escaped(text));
    }
  }

  /** With what an address may not hold written as its bytes. */
  private static String escaped(String address) {
    StringBuilder out = new StringBuilder();
    for (byte each : address.getBytes(StandardCharsets.UTF_8)) {
      boolean legal = each > ' ' && "\"<>[\\]^`{|}\u007f".indexOf(each) < 0;
      out.append(legal ? String.valueOf((char) each) : "%%%02X".formatted(each));
    }
    return out.toString();
  }

  /** Whether two addresses are of one server: scheme, host and port. */
  private static boolean sameHost(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  private static int port(URI address) {
    return address.getPort() >= 0
        ? address.getPort()
        : address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  /** What an exception of a request says; Java's own often say nothing. */
  public static String reason(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "host not found";
      }
    }
    String message = failure.getMessage();
    return message != null && !message.isBlank()
        ? message
        : failure instanceof ConnectException
            ? "connection refused"
            : failure.getClass().getSimpleName();
  }

  @Override
  public void close() {
    // Not close(), which would wait for answers that nobody reads any more.
    client.shutdownNow();
  }

  /** The address as it may be shown and sent. */
  public static URI withoutUser(URI address) {
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
}
