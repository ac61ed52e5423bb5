package dev.hlotune.trainer.loop;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TinyRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The keys of a recipe in a recorded file. */
final class RecordedRecipe {
  private RecordedRecipe() {}

  /** A member that has to be there. */
  static Object member(Map<?, ?> recorded, String name) {
    Object value = recorded.get(name);
    if (value == null) {
      throw new IllegalArgumentException("recorded: expected '" + name + "', got " + recorded);
    }
    return value;
  }

  /** A list of numbers that has to be there. */
  static List<Number> numbers(Map<?, ?> recorded, String name) {
    return ((List<?>) member(recorded, name)).stream().map(number -> (Number) number).toList();
  }

  /** A run of the keys of its member "recipe"; {@code folder} has its files. */
  static SftConfig config(Path folder, Map<?, ?> recorded) throws IOException {
    Map<?, ?> keys = (Map<?, ?>) member(recorded, "recipe");
    List<String> more = new ArrayList<>();
    for (Map.Entry<?, ?> entry : keys.entrySet()) {
      Object value = entry.getValue();
      boolean structured = value instanceof Map || value instanceof Collection;
      more.add(String.valueOf(entry.getKey()));
      more.add(structured ? new JsonMapper().writeValueAsString(value) : String.valueOf(value));
    }
    if (keys.containsKey("matrix_lr")) {
      more.set(more.indexOf("matrix_lr"), "learning_rate");
    }
    return SftRecipe.read(new TinyRun(folder).options(more.toArray(String[]::new))).config();
  }
}
