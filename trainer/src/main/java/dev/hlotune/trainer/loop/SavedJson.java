package dev.hlotune.trainer.loop;

import dev.hlotune.trainer.checkpoint.JsonFile;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An object of a JSON file that this program wrote earlier, read strictly.
 *
 * @param path the file, for errors
 * @param values of the object
 */
record SavedJson(Path path, Map<String, Object> values) {

  static SavedJson read(Path path) throws IOException {
    return new SavedJson(path, JsonFile.read(path));
  }

  /** A number that must be there. */
  Number number(String key) {
    return find(key)
        .filter(Number.class::isInstance)
        .map(Number.class::cast)
        .orElseThrow(() -> missing(key, "a number"));
  }

  /** A number that may be null. */
  Optional<Number> optional(String key) {
    return find(key).map(_ -> number(key));
  }

  /** An object that must be there. */
  SavedJson object(String key) {
    if (values.get(key) instanceof Map<?, ?> object) {
      Map<String, Object> copy = new LinkedHashMap<>();
      object.forEach((name, value) -> copy.put(String.valueOf(name), value));
      return new SavedJson(path, copy);
    }
    throw missing(key, "an object");
  }

  private Optional<Object> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  private DataException missing(String key, String what) {
    return new DataException(
        path, "'%s': expected %s, got %s".formatted(key, what, values.get(key)));
  }
}
