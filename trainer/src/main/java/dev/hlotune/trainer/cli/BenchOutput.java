package dev.hlotune.trainer.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** On what the benchmarks measure, and how they tell what came of it. */
final class BenchOutput {
  private static final JsonMapper JSON = new JsonMapper();

  @Option(
      names = "--plugin",
      description = "PJRT plugin to load.",
      showDefaultValue = CommandLine.Help.Visibility.NEVER)
  private Optional<Path> plugin = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** One CPU device, which the caller closes. */
  Client client() {
    Plugin loaded =
        plugin
            .map(Plugin::load)
            .orElseGet(() ->
                PluginRegistry.ofEnvironment(false)
                    .load(PluginTarget.CPU, PluginRegistry.Progress.silent()));
    return loaded.cpuClient(1);
  }

  void print(Console console, Map<String, Object> fields) throws IOException {
    if (json) {
      console.printText(JSON.writeValueAsString(fields) + "\n");
      return;
    }
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      Object value = field.getValue();
      console.printText(
          "%-24s %s%n"
              .formatted(field.getKey(), value instanceof Double d ? "%.3f".formatted(d) : value));
    }
  }

  /**
   * The protocol of tools/bench/compare.py.
   *
   * @param measured runs so many times and gives what came of it
   */
  static void serve(Console console, IntFunction<Map<String, Object>> measured) throws IOException {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      console.printText(JSON.writeValueAsString(Map.of("ready", true)) + "\n");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int times = Integer.parseInt(line.replace("run", "").strip());
        console.printText(JSON.writeValueAsString(measured.apply(times)) + "\n");
      }
    }
  }
}
