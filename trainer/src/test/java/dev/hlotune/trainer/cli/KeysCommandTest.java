package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.KeyReference;
import dev.hlotune.configs.PeerPage;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code hlotune keys} prints. */
final class KeysCommandTest {
  private final Captured captured = Captured.plain();

  private String print(String... arguments) {
    String[] words = new String[arguments.length + 1];
    words[0] = "keys";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    assertEquals(0, Main.run(captured.console(), words), captured.err());
    return captured.out();
  }

  @Test
  void keysAndEveryOtherSpelling() {
    String text = print();
    assertTrue(text.contains("--learning_rate NUMBER"), text);
    assertTrue(text.lines().anyMatch(line -> line.matches("  max_seq_length +'max_length'")), text);
    assertTrue(
        text.lines()
            .anyMatch(line ->
                line.matches("  dataloader_pin_memory +no effect: data is prepared once .*")),
        text);
  }

  @Test
  void theKeysOfOneSystem() {
    String text = print("--from", "easydel");
    assertTrue(
        text.lines()
            .anyMatch(line ->
                line.matches("  num_train_epochs +the same key  \\[there 10, here 3\\.0\\]")),
        text);
    assertTrue(text.lines().anyMatch(line -> line.matches("  learning_rate_end +'min_lr'")), text);
    assertFalse(text.contains("eval_metrics_every"));
  }

  @Test
  void bothPagesOfTheDocumentation() {
    assertEquals(KeyReference.page(), print("--markdown"));
    Captured other = Captured.plain();
    assertEquals(0, Main.run(other.console(), "keys", "--from", "all", "--markdown"));
    assertEquals(PeerPage.page(), other.out());
  }

  @Test
  void jsonForPrograms() throws IOException {
    JsonNode all = new JsonMapper().readTree(print("--json"));
    Set<String> names = new HashSet<>();
    all.get("keys").forEach(key -> names.add(key.get("name").asText()));
    assertTrue(names.contains("max_length"), names.toString());
    for (JsonNode spelling : all.get("spellings")) {
      assertTrue(
          spelling.path("keys").isMissingNode()
              ? spelling.has("reason") || spelling.has("how")
              : names.contains(spelling.get("keys").get(0).asText()),
          spelling.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"trl", "easydel", "nanochat", "deepspeed", "tuft"})
  void jsonOfOneSystem(String system) throws IOException {
    JsonNode json = new JsonMapper().readTree(print("--from", system, "--json"));
    assertEquals(system, json.get("system").asText());
    assertTrue(json.get("groups").get(0).get("keys").size() > 3);
  }

  @Test
  void anUnknownSystemIsNamed() {
    assertEquals(2, Main.run(captured.console(), "keys", "--from", "axolotl"));
    assertEquals(
        "hlotune: --from: expected one of 'trl', 'easydel', 'nanochat', 'deepspeed', 'tuft', 'all',"
            + " got 'axolotl'; see hlotune keys --help\n",
        captured.err());
  }
}
