package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as the plain Java values that a chat template works with. */
final class PlainValues {
  private PlainValues() {}

  /** Strings, booleans, whole numbers, doubles, lists, maps in order, and null. */
  static @Nullable Object of(JsonNode node, String field, Origin origin) {
    return switch (node.getNodeType()) {
      case STRING -> Fields.checked(node.textValue(), field, origin);
      case BOOLEAN -> node.booleanValue();
      case NUMBER ->
          node.isIntegralNumber()
              ? node.canConvertToLong() ? (Object) node.longValue() : node.bigIntegerValue()
              : (Object) node.doubleValue();
      case ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
          list.add(of(node.get(i), field + "[" + i + "]", origin));
        }
        yield list;
      }
      case OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        node.properties()
            .forEach(entry ->
                map.put(
                    entry.getKey(), of(entry.getValue(), field + "." + entry.getKey(), origin)));
        yield map;
      }
      case NULL, MISSING, BINARY, POJO -> null;
    };
  }
}
