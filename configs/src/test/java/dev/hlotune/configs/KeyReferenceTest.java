package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What is derived from the table, held to files; {@code -Dgolden.update=true} rewrites them. */
final class KeyReferenceTest {
  private static final Path ROOT = Path.of(System.getProperty("hlotune.root", ".."));

  @Test
  void helpIsAsRecorded() throws IOException {
    golden(
        ROOT.resolve("configs/src/test/resources/dev/hlotune/configs/sft-help.txt"),
        KeyReference.sftHelp(80));
  }

  @Test
  void thePageOfTheDocumentationIsAsRecorded() throws IOException {
    golden(ROOT.resolve("docs/configuration.md"), KeyReference.page());
  }

  @Test
  void thePageOfOtherSystemsIsAsRecorded() throws IOException {
    golden(ROOT.resolve("docs/coming-from.md"), PeerPage.page());
  }

  @Test
  void everyKeyExplainsItself() {
    for (Key<?> key : SftKeys.TABLE.keys()) {
      assertTrue(key.explanation().endsWith("."), key.name());
      assertTrue(
          key.required() || key.preset().isPresent() || key.explanation().contains("ithout it"),
          () -> key.name() + ": expected the explanation to say what absence means");
    }
  }

  private static void golden(Path file, String actual) throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, actual);
      Assumptions.abort("rewrote " + file);
    }
    assertEquals(Files.readString(file), actual);
  }
}
