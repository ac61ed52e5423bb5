package dev.hlotune.trainer.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.pjrt.web.Patience;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;

/** What the tests of this package share. */
final class HubTests {
  private HubTests() {}

  /** Waits that were asked for, none of which is waited. */
  static final class Waits {
    final List<Duration> all = Collections.synchronizedList(new ArrayList<>());

    Patience patience() {
      return new Patience(
          3, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMinutes(5), all::add);
    }
  }

  static Hub hub(Map<String, String> environment) {
    return Hub.of(environment, false, new Waits().patience());
  }

  static Hub offline(Map<String, String> environment) {
    return Hub.of(environment, true, new Waits().patience());
  }

  /** The message of the refusal, which is one line and never shows the token. */
  static String refusal(Executable call) {
    String message = String.valueOf(assertThrows(DataException.class, call).getMessage());
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.contains(": expected "), message);
    return message;
  }

  /** Files and links below a folder: the text, or {@code -> target}. Locks come and go. */
  static Map<String, String> listing(Path folder) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        String name = folder.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          found.put(name, "-> " + Files.readSymbolicLink(path));
        } else if (Files.isRegularFile(path)
            && !name.startsWith(".locks/")
            && !name.equals("CACHEDIR.TAG")) {
          found.put(name, Files.readString(path));
        }
      }
    }
    return found;
  }
}
