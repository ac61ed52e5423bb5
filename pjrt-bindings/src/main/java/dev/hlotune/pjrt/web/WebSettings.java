package dev.hlotune.pjrt.web;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a client has to know of the machine.
 *
 * @param certificates a PEM file of the authorities to trust; empty trusts those of Java
 * @param proxy a proxy for all requests; empty takes those of {@code *_PROXY}
 * @param timeout for connecting, for the head of an answer, and for silence in its body
 */
public record WebSettings(Optional<Path> certificates, Optional<String> proxy, Duration timeout) {
  /**
   * The settings of an environment.
   *
   * @param environment variables by name: {@code REQUESTS_CA_BUNDLE}, {@code SSL_CERT_FILE}
   */
  public static WebSettings of(Map<String, String> environment, Duration timeout) {
    return new WebSettings(certificates(environment, Optional.empty()), Optional.empty(), timeout);
  }

  /**
   * The file of authorities that an environment names.
   *
   * @param named a file that goes before those
   */
  public static Optional<Path> certificates(
      Map<String, String> environment, Optional<String> named) {
    return Stream.concat(
            named.stream(),
            Stream.of("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
                .map(name -> environment.getOrDefault(name, "")))
        .filter(value -> !value.isBlank())
        .map(Path::of)
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
