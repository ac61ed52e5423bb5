package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** TRL's {@code model_init_kwargs}: what {@code from_pretrained} is given beside a model's name. */
final class ModelInit {
  private ModelInit() {}

  /** What makes no difference to a model that is compiled. */
  private static final Set<String> IDLE =
      Set.of(
          "attn_implementation",
          "use_cache",
          "device_map",
          "low_cpu_mem_usage",
          "trust_remote_code",
          "use_safetensors");

  static List<Assignment> read(String text, Siblings beside) {
    JsonNode node = JsonText.read(text);
    if (!node.isObject()) {
      throw new IllegalArgumentException("expected a mapping, got " + JsonText.kind(node));
    }
    boolean half = beside.says("bf16") || beside.says("fp16");
    List<Assignment> said = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String value = entry.getValue().asText();
      switch (entry.getKey()) {
        case "dtype", "torch_dtype" -> {
          if (!half || !value.equals("float32")) {
            said.add(Assignment.of("dtype", value));
          }
        }
        case "revision" -> said.add(Assignment.of("model_revision", value));
        default -> {
          if (!IDLE.contains(entry.getKey()) && !entry.getValue().isNull()) {
            throw new IllegalArgumentException(
                "expected 'dtype', 'revision' and what makes no difference, got '"
                    + entry.getKey()
                    + "'");
          }
        }
      }
    }
    return said;
  }
}
