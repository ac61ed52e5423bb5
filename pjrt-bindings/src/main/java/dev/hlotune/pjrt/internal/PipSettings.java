package dev.hlotune.pjrt.internal;

import dev.hlotune.pjrt.web.WebSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where packages come from, by pip's own rules: environment variables {@code PIP_*}, then the
 * configuration files of the user, the virtual environment and the system.
 *
 * @param indexes addresses of simple indexes, in the order to try; empty under {@code no-index}
 * @param findLinks directories, files or pages to look at before the indexes
 * @param web certificates, a proxy and the timeout, where pip's own settings name them
 */
public record PipSettings(List<String> indexes, List<String> findLinks, WebSettings web) {
  private static final String DEFAULT_INDEX = "https://pypi.org/simple";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final Set<String> SECTIONS = Set.of("global", "install", "download");

  /** Settings. */
  public PipSettings {
    indexes = List.copyOf(indexes);
    findLinks = List.copyOf(findLinks);
  }

  /**
   * Reads the settings of an environment.
   *
   * @param environment variables by name
   * @param home the user's directory
   */
  public static PipSettings read(Map<String, String> environment, Path home) {
    Map<String, String> values = new HashMap<>();
    for (Path file : configurationFiles(environment, home)) {
      values.putAll(parse(file));
    }
    environment.forEach((name, value) -> {
      if (name.startsWith("PIP_") && !value.isBlank()) {
        values.put(name.substring(4).toLowerCase(Locale.ROOT).replace('_', '-'), value);
      }
    });
    Set<String> indexes = new LinkedHashSet<>();
    if (!isTrue(values.get("no-index"))) {
      indexes.add(values.getOrDefault("index-url", DEFAULT_INDEX).strip());
      indexes.addAll(words(values.get("extra-index-url")));
    }
    return new PipSettings(
        List.copyOf(indexes),
        words(values.get("find-links")),
        new WebSettings(
            WebSettings.certificates(environment, Optional.ofNullable(values.get("cert"))),
            Optional.ofNullable(values.get("proxy")),
            timeout(values.get("default-timeout"), values.get("timeout"))));
  }

  /** Those that exist, the later ones winning over the earlier. */
  private static List<Path> configurationFiles(Map<String, String> environment, Path home) {
    List<Path> files = new ArrayList<>();
    files.add(Path.of("/etc/xdg/pip/pip.conf"));
    files.add(Path.of("/etc/pip.conf"));
    files.add(home.resolve(".pip/pip.conf"));
    String configuration = environment.get("XDG_CONFIG_HOME");
    files.add(
        (configuration == null ? home.resolve(".config") : Path.of(configuration))
            .resolve("pip/pip.conf"));
    String virtual = environment.get("VIRTUAL_ENV");
    if (virtual != null) {
      files.add(Path.of(virtual, "pip.conf"));
    }
    String named = environment.get("PIP_CONFIG_FILE");
    if (named != null) {
      // Pip's own way to say "read none".
      if (named.equals("/dev/null")) {
        return List.of();
      }
      files.add(Path.of(named));
    }
    return files.stream().filter(Files::isRegularFile).toList();
  }

  /** An INI file: sections, {@code key = value} or {@code key: value}, continued lines indented. */
  private static Map<String, String> parse(Path file) {
    Map<String, String> values = new HashMap<>();
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException unreadable) {
      return values;
    }
    boolean ours = false;
    String key = "";
    for (String line : lines) {
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
        continue;
      }
      if (text.startsWith("[") && text.endsWith("]")) {
        ours = SECTIONS.contains(text.substring(1, text.length() - 1));
        key = "";
      } else if (Character.isWhitespace(line.charAt(0)) && !key.isEmpty()) {
        if (ours) {
          values.merge(key, text, (before, more) -> before + " " + more);
        }
      } else {
        int split = separator(text);
        key = split < 0 ? "" : text.substring(0, split).strip().replace('_', '-');
        if (ours && !key.isEmpty()) {
          values.put(key, text.substring(split + 1).strip());
        }
      }
    }
    return values;
  }

  private static int separator(String text) {
    int equals = text.indexOf('=');
    int colon = text.indexOf(':');
    return equals < 0 ? colon : colon < 0 ? equals : Math.min(equals, colon);
  }

  private static List<String> words(@Nullable String value) {
    return value == null || value.isBlank() ? List.of() : List.of(value.strip().split("\\s+"));
  }

  private static boolean isTrue(@Nullable String value) {
    return value != null
        && Set.of("1", "true", "yes", "on", "t", "y")
            .contains(value.strip().toLowerCase(Locale.ROOT));
  }

  private static Duration timeout(@Nullable String... values) {
    for (String value : values) {
      if (value != null) {
        try {
          return Duration.ofMillis((long) (Double.parseDouble(value) * 1000));
        } catch (NumberFormatException unreadable) {
          // Pip would refuse to start; a default serves the user better here.
          return DEFAULT_TIMEOUT;
        }
      }
    }
    return DEFAULT_TIMEOUT;
  }
}
