package dev.hlotune.trainer.loop;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.checkpoint.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The file run.json: what it takes to run the same again, and to see what differed between two
 * runs.
 *
 * @param versions of hlotune, Java, the system, the plugin
 * @param config every key of the recipe with its value, defaults included
 * @param hashes SHA-256 of the data, tokenizer, template and of the StableHLO of each bucket; the
 *     commits of what is on the hub
 * @param device what the run is computed on
 */
public record RunManifest(
    Map<String, String> versions,
    Map<String, Object> config,
    Map<String, String> hashes,
    Map<String, Object> device) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Copies the maps, in their order. */
  public RunManifest {
    versions = new LinkedHashMap<>(versions);
    config = new LinkedHashMap<>(config);
    hashes = new LinkedHashMap<>(hashes);
    device = new LinkedHashMap<>(device);
  }

  /**
   * The manifest of a run.
   *
   * @param plugin the plugin's version, as it names itself
   * @param hashes by name: {@code data}, {@code eval_data}, {@code tokenizer}, {@code template},
   *     {@code stablehlo/8x128}, {@code model_commit}, {@code tokenizer_commit}
   * @param device such as {@code platform}, {@code kind}, {@code count}
   */
  public static RunManifest of(
      SftConfig config, String plugin, Map<String, String> hashes, Map<String, Object> device) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("hlotune", BuildVersion.current().toString());
    versions.put("java", Runtime.version().toString());
    versions.put(
        "system",
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    versions.put("plugin", plugin);
    return new RunManifest(versions, config.resolved(), hashes, device);
  }

  /**
   * Writes the file whole.
   *
   * @throws IOException if it could not be written; an earlier file is untouched
   */
  public void write(Path path) throws IOException {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    String text = JSON.writer(printer).writeValueAsString(json()) + "\n";
    AtomicFile.write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Its content, as the file and every checkpoint have it. */
  Map<String, Object> json() {
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("versions", versions);
    whole.put("config", config);
    whole.put("hashes", hashes);
    whole.put("device", device);
    return whole;
  }
}
