package dev.hlotune.trainer.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the programs of an archive were compiled by, and for.
 *
 * @param hlotune the version of this program that wrote it
 * @param plugin the project of the plugin, with its version
 * @param identity text that differs between any two builds of plugins
 * @param target the devices as the command line takes them
 * @param platform what the plugin calls their platform
 * @param deviceKind what the plugin calls each of them
 * @param devices how many
 * @param topologySha256 digest of what the plugin says of them all; empty for absent ones, of which
 *     it says less than of those that are there
 * @param programs all that are in it
 */
public record ArchiveManifest(
    String hlotune,
    String plugin,
    String identity,
    String target,
    String platform,
    String deviceKind,
    int devices,
    String topologySha256,
    List<ArchivedProgram> programs) {
  /** The entry that has it. */
  static final String ENTRY = "manifest.json";

  private static final String FORMAT = "hlotune compiled programs 1";
  private static final JsonMapper JSON = new JsonMapper();

  /** Copies the list. */
  public ArchiveManifest {
    programs = List.copyOf(programs);
  }

  /** As its file has it. */
  byte[] toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("hlotune", hlotune);
    root.put("plugin", plugin);
    root.put("plugin_identity", identity);
    root.put("target", target);
    root.put("platform", platform);
    root.put("device_kind", deviceKind);
    root.put("devices", devices);
    root.put("topology_sha256", topologySha256);
    ArrayNode list = root.putArray("programs");
    for (ArchivedProgram program : programs) {
      ObjectNode one = list.addObject();
      one.put("name", program.name());
      one.put("stablehlo_sha256", program.textSha256());
      one.put("options_sha256", program.optionsSha256());
      one.put("executable_sha256", program.executableSha256());
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Reads it.
   *
   * @param archive the file that it is of, for errors
   * @throws DataException if it is none
   */
  static ArchiveManifest read(Path archive, byte[] json) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (IOException broken) {
      throw new DataException(
          archive, "manifest.json: expected JSON, got " + broken.getMessage(), broken);
    }
    if (!root.path("format").asText().equals(FORMAT)) {
      throw new DataException(
          archive,
          "manifest.json: expected format '%s', got '%s'; it was written by hlotune %s"
              .formatted(
                  FORMAT, root.path("format").asText(), root.path("hlotune").asText("unknown")));
    }
    List<ArchivedProgram> programs = new ArrayList<>();
    for (JsonNode one : root.path("programs")) {
      programs.add(
          new ArchivedProgram(
              text(archive, one, "name"),
              text(archive, one, "stablehlo_sha256"),
              text(archive, one, "options_sha256"),
              text(archive, one, "executable_sha256")));
    }
    return new ArchiveManifest(
        text(archive, root, "hlotune"),
        text(archive, root, "plugin"),
        text(archive, root, "plugin_identity"),
        text(archive, root, "target"),
        text(archive, root, "platform"),
        text(archive, root, "device_kind"),
        root.path("devices").asInt(),
        text(archive, root, "topology_sha256"),
        programs);
  }

  private static String text(Path archive, JsonNode node, String field) {
    if (!node.path(field).isTextual()) {
      throw new DataException(
          archive, "manifest.json: expected a text '%s', got none".formatted(field));
    }
    return node.path(field).textValue();
  }
}
