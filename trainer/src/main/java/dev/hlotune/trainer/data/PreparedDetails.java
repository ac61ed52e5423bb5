package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.source.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * {@link PreparationDetails} in {@code meta.json}. Places are numbers, so that they name the files
 * as they are called when the data is opened again.
 */
final class PreparedDetails {
  private PreparedDetails() {}

  static void write(PreparationDetails details, List<Path> files, ObjectNode into) {
    ObjectNode kinds = into.putObject("kinds");
    details.kinds().forEach((kind, count) -> kinds.put(kind.name(), count));
    ArrayNode causes = into.putArray("causes");
    for (DropCause cause : details.causes()) {
      ObjectNode node = causes.addObject();
      node.put("reason", cause.reason().name());
      node.put("text", cause.text());
      node.put("count", cause.count());
      write(cause.places(), files, node.putArray("places"));
    }
    write(details.truncated(), files, into.putArray("truncated"));
  }

  private static void write(List<Origin> places, List<Path> files, ArrayNode into) {
    places.forEach(place -> into.add(PackedOrigin.pack(files.indexOf(place.path()), place)));
  }

  static PreparationDetails read(JsonNode node, List<Path> files) {
    Map<RecordKind, Long> kinds = new EnumMap<>(RecordKind.class);
    for (RecordKind kind : RecordKind.values()) {
      if (node.path("kinds").has(kind.name())) {
        kinds.put(kind, node.path("kinds").path(kind.name()).asLong());
      }
    }
    List<DropCause> causes = new ArrayList<>();
    for (JsonNode cause : node.path("causes")) {
      causes.add(
          new DropCause(
              DropReason.valueOf(cause.path("reason").asText()),
              cause.path("text").asText(),
              cause.path("count").asLong(),
              places(cause.path("places"), files)));
    }
    return new PreparationDetails(kinds, causes, places(node.path("truncated"), files));
  }

  private static List<Origin> places(JsonNode node, List<Path> files) {
    List<Origin> places = new ArrayList<>();
    node.forEach(place -> places.add(PackedOrigin.unpack(place.asLong(), files)));
    return places;
  }
}
