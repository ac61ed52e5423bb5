package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes {@code meta.json} of a prepared data set. */
final class PreparedMeta {
  private static final JsonMapper JSON = new JsonMapper();

  private PreparedMeta() {}

  static void write(Path path, String key, List<Path> sources, PreparationStatistics statistics)
      throws IOException {
    ObjectNode meta = JSON.createObjectNode();
    meta.put("version", PreparedFiles.VERSION);
    meta.put("key", key);
    meta.put("records", statistics.records());
    meta.put("examples", statistics.examples());
    meta.put("tokens", statistics.tokens());
    meta.put("supervised", statistics.supervised());
    meta.put("weight", statistics.weight());
    meta.put("truncated", statistics.truncated());
    meta.put("truncated_tokens", statistics.truncatedTokens());
    meta.put("largest_id", statistics.largestId());
    ObjectNode dropped = meta.putObject("dropped");
    statistics.dropped().forEach((reason, count) -> dropped.put(reason.name(), count));
    ArrayNode files = meta.putArray("sources");
    sources.forEach(source -> files.add(source.toString()));
    ArrayNode reports = meta.putArray("reports");
    statistics.reports().forEach(reports::add);
    PreparedDetails.write(statistics.details(), sources, meta.putObject("details"));
    Files.write(path, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(meta));
  }

  /**
   * The statistics, or nothing where the file is missing, unreadable or of another data set.
   *
   * @param sources the files of the same content that are read now, by which reports name them
   */
  static Optional<PreparationStatistics> read(Path path, String key, List<Path> sources) {
    JsonNode meta;
    try {
      meta = Files.isRegularFile(path) ? JSON.readTree(path.toFile()) : JSON.missingNode();
    } catch (IOException e) {
      return Optional.empty();
    }
    if (!meta.path("key").asText().equals(key)
        || meta.path("version").asInt() != PreparedFiles.VERSION) {
      return Optional.empty();
    }
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      if (meta.path("dropped").has(reason.name())) {
        dropped.put(reason, meta.path("dropped").path(reason.name()).asLong());
      }
    }
    List<String> reports = new ArrayList<>();
    meta.path("reports")
        .forEach(report -> reports.add(renamed(report.asText(), meta.path("sources"), sources)));
    return Optional.of(
        new PreparationStatistics(
            meta.path("records").asLong(),
            meta.path("examples").asLong(),
            meta.path("tokens").asLong(),
            meta.path("supervised").asLong(),
            meta.path("weight").asDouble(),
            meta.path("truncated").asLong(),
            meta.path("truncated_tokens").asLong(),
            dropped,
            reports,
            meta.path("largest_id").asInt(),
            PreparedDetails.read(meta.path("details"), sources)));
  }

  /** The content may have lain elsewhere when it was prepared. */
  private static String renamed(String report, JsonNode before, List<Path> now) {
    for (int i = 0; i < Math.min(before.size(), now.size()); i++) {
      String prefix = before.get(i).asText() + ":";
      if (report.startsWith(prefix)) {
        return now.get(i) + ":" + report.substring(prefix.length());
      }
    }
    return report;
  }
}
