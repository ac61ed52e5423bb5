package dev.hlotune.trainer.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a commit holds, in the file that {@code huggingface_hub} keeps it in since version 2: with
 * it, what a cache lacks is known without asking anybody.
 */
final class TreeFile {
  private static final int VERSION = 1;
  private static final JsonMapper JSON = new JsonMapper();

  private TreeFile() {}

  /** Reads the file; empty where there is none, or one that cannot be read. */
  static Optional<List<RemoteFile>> read(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    try {
      JsonNode whole = JSON.readTree(Files.readAllBytes(path));
      if (whole.path("format_version").asInt() != VERSION || !whole.path("files").isObject()) {
        return Optional.empty();
      }
      List<RemoteFile> files = new ArrayList<>();
      whole.path("files").properties().forEach(entry -> files.add(file(entry)));
      return Optional.of(files);
    } catch (JsonProcessingException | DataException broken) {
      // It is only a copy of what the hub says.
      return Optional.empty();
    }
  }

  private static RemoteFile file(Map.Entry<String, JsonNode> entry) {
    JsonNode values = entry.getValue();
    return new RemoteFile(
        entry.getKey(),
        values.path("lfs_size").asLong(values.path("size").asLong(-1)),
        values.path("blob_id").asText(),
        Optional.ofNullable(values.path("lfs_sha256").textValue()),
        Optional.ofNullable(values.path("xet_hash").textValue()));
  }

  /** The file's bytes, as Python prints them but for escapes. */
  static byte[] print(List<RemoteFile> files) {
    Map<String, Map<String, Object>> entries = new LinkedHashMap<>();
    files.stream()
        .sorted(Comparator.comparing(RemoteFile::path, FileList.ORDER))
        .forEach(file -> {
          Map<String, Object> values = new LinkedHashMap<>();
          values.put("size", file.size());
          values.put("blob_id", file.blobId());
          file.sha256()
              .ifPresent(hex -> {
                values.put("lfs_sha256", hex);
                values.put("lfs_size", file.size());
              });
          file.xetHash().ifPresent(hash -> values.put("xet_hash", hash));
          entries.put(file.path(), values);
        });
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("format_version", VERSION);
    whole.put("files", entries);
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    printer.indentObjectsWith(new DefaultIndenter(" ", "\n"));
    try {
      return JSON.writer(printer).writeValueAsBytes(whole);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("maps of text and numbers are JSON", impossible);
    }
  }
}
