package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginCheckTest {
  @TempDir Path home;

  private Finding plugin(Map<String, String> environment, boolean offline) {
    List<Finding> findings =
        PluginCheck.of(new PluginRegistry(environment, home, offline), PluginTarget.CPU, offline);
    assertEquals(List.of("plugin", "network"), findings.stream().map(Finding::subject).toList());
    return findings.getFirst();
  }

  @Test
  void aFileThatIsNoPluginFails() throws IOException {
    Path broken = Files.writeString(home.resolve("broken.so"), "no library");
    Finding finding = plugin(Map.of("HLOTUNE_PLUGIN", broken.toString()), true);
    assertEquals(Finding.Level.FAIL, finding.level());
    assertTrue(finding.text().contains(broken.toString()), finding.text());
    assertTrue(finding.advice().contains("HLOTUNE_PLUGIN"), finding.advice());
  }

  @Test
  void aFileThatIsNotThereFails() {
    Finding finding = plugin(Map.of("HLOTUNE_PLUGIN", home.resolve("absent").toString()), true);
    assertEquals(Finding.Level.FAIL, finding.level());
    assertTrue(finding.text().contains("absent"), finding.text());
  }

  @Test
  void withoutAPluginItDependsOnTheNetwork() {
    assertEquals(Finding.Level.FAIL, plugin(Map.of(), true).level());
    Map<String, String> nowhere = Map.of("PIP_INDEX_URL", "http://127.0.0.1:9/simple");
    List<Finding> findings =
        PluginCheck.of(new PluginRegistry(nowhere, home, false), PluginTarget.CPU, false);
    assertEquals(Finding.Level.WARN, findings.get(0).level());
    assertEquals(Finding.Level.FAIL, findings.get(1).level());
    assertTrue(findings.get(1).text().contains("127.0.0.1:9"), findings.get(1).text());
  }
}
