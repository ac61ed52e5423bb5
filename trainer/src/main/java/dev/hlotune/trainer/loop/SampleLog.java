package dev.hlotune.trainer.loop;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The file samples.jsonl: what the model answered on the way, one line of JSON for each answer. */
final class SampleLog {
  private static final JsonMapper JSON = new JsonMapper();

  private SampleLog() {}

  /**
   * Adds answers in one write.
   *
   * @param step after which update
   * @throws IOException if they cannot be written
   */
  static void append(Path file, int step, List<RunEvent.Sample> samples) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (RunEvent.Sample sample : samples) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("step", step);
      values.put("prompt", sample.prompt());
      values.put("completion", sample.completion());
      values.put("reference", sample.reference());
      values.put("exact_match", sample.isRight());
      lines.writeBytes(JSON.writeValueAsString(values).getBytes(StandardCharsets.UTF_8));
      lines.write('\n');
    }
    Files.write(file, lines.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
