package dev.hlotune.trainer.hub;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.pjrt.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which hub, as whom, and where the cache is: by the variables that Python's {@code
 * huggingface_hub} reads, and as it reads them.
 *
 * @param endpoint the hub's address, without a slash at its end
 * @param token sent to the endpoint's host alone
 * @param cache the folder of all repositories
 * @param offline whether everything comes from the cache
 * @param symlinks whether snapshots may be links
 * @param web certificates and the timeout
 */
record HubSettings(
    String endpoint,
    Optional<Token> token,
    Path cache,
    boolean offline,
    boolean symlinks,
    WebSettings web) {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{(\\w+)\\})");

  /**
   * The settings of an environment.
   *
   * @throws ConfigException if a variable's value cannot be used
   */
  static HubSettings of(Map<String, String> environment, boolean offline) {
    Variables variables = new Variables(environment);
    Path home =
        variables
            .path("HF_HOME")
            .orElseGet(() ->
                variables
                    .path("XDG_CACHE_HOME")
                    .orElseGet(() -> variables.home().resolve(".cache"))
                    .resolve("huggingface"));
    return new HubSettings(
        endpoint(variables.text("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT)),
        variables.isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")
            ? Optional.empty()
            : token(
                variables, variables.path("HF_TOKEN_PATH").orElseGet(() -> home.resolve("token"))),
        variables
            .path("HF_HUB_CACHE")
            .or(() -> variables.path("HUGGINGFACE_HUB_CACHE"))
            .orElseGet(() -> home.resolve("hub")),
        offline
            || Stream.of("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")
                .anyMatch(variables::isTrue),
        !variables.isTrue("HF_HUB_DISABLE_SYMLINKS"),
        WebSettings.of(environment, timeout(variables)));
  }

  private static String endpoint(String value) {
    String endpoint = value.strip().replaceFirst("/+$", "");
    try {
      URI address = URI.create(endpoint);
      if (address.getHost() != null && Set.of("http", "https").contains(address.getScheme())) {
        return endpoint;
      }
    } catch (IllegalArgumentException noAddress) {
      // The message is the same.
    }
    throw ConfigException.of(
        "HF_ENDPOINT: expected an address such as '%s', got '%s'"
            .formatted(DEFAULT_ENDPOINT, value));
  }

  private static Duration timeout(Variables variables) {
    String text = variables.text("HF_HUB_DOWNLOAD_TIMEOUT").orElse("10").strip();
    if (!text.matches("[1-9]\\d{0,5}")) {
      throw ConfigException.of(
          "HF_HUB_DOWNLOAD_TIMEOUT: expected seconds, a whole number of at least 1, got '%s'"
              .formatted(text));
    }
    return Duration.ofSeconds(Long.parseLong(text));
  }

  private static Optional<Token> token(Variables variables, Path file) {
    for (String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
      Optional<String> value = variables.text(name).map(String::strip);
      if (value.isPresent()) {
        return Optional.of(new Token(checked(value.get(), name), name));
      }
    }
    try {
      String value = Files.isRegularFile(file) ? Files.readString(file).strip() : "";
      return value.isEmpty()
          ? Optional.empty()
          : Optional.of(new Token(checked(value, "'" + file + "'"), "'" + file + "'"));
    } catch (IOException unreadable) {
      throw ConfigException.of(
          "'%s': expected a file with a token, got one that cannot be read; make it readable or set HF_TOKEN"
              .formatted(file));
    }
  }

  /** It goes into a header, where nothing else may follow it. */
  private static String checked(String token, String origin) {
    if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw ConfigException.of(
          origin + ": expected a token, one word of ASCII characters, got something else");
    }
    return token;
  }

  /** An environment as Python's functions on paths see it. */
  private record Variables(Map<String, String> environment) {
    Optional<String> text(String name) {
      return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    boolean isTrue(String name) {
      return text(name).filter(value -> TRUE.contains(value.toUpperCase(Locale.ROOT))).isPresent();
    }

    Path home() {
      return Path.of(text("HOME").orElseGet(() -> System.getProperty("user.home")));
    }

    Optional<Path> path(String name) {
      return text(name).map(this::expanded).map(Path::of);
    }

    private String expanded(String path) {
      String below = path.equals("~") || path.startsWith("~/") ? home() + path.substring(1) : path;
      return VARIABLE
          .matcher(below)
          .replaceAll(found -> {
            String name = found.group(1) == null ? found.group(2) : found.group(1);
            return Matcher.quoteReplacement(environment.getOrDefault(name, found.group()));
          });
    }
  }
}
