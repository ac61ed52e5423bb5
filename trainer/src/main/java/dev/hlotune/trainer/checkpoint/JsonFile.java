package dev.hlotune.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** JSON objects in files, as maps that keep the order of the keys and the digits of the numbers. */
public final class JsonFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private JsonFile() {}

  /**
   * Reads an object.
   *
   * @throws IOException if the file cannot be read
   * @throws dev.hlotune.trainer.source.DataException if it holds no JSON object
   */
  public static Map<String, Object> read(Path path) throws IOException {
    byte[] text = Files.readAllBytes(path);
    try {
      Map<String, Object> values = JSON.readValue(text, OBJECT);
      if (values != null) {
        return values;
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw Malformed.line(path, line, "expected a JSON object, got " + e.getOriginalMessage());
    }
    throw Malformed.file(path, "expected a JSON object, got null");
  }

  /** The text in the layout that Python's {@code json.dump(indent=2)} gives. */
  public static byte[] print(Map<String, Object> values) throws IOException {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    printer.indentArraysWith(indenter);
    printer.indentObjectsWith(indenter);
    byte[] text = JSON.writer(printer).writeValueAsBytes(values);
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    return line;
  }
}
