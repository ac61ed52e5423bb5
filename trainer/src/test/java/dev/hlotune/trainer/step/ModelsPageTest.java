package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.trainer.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What docs/models.md and the README say of families is so. */
class ModelsPageTest {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @Test
  void everyFamilyIsInTheTables() throws IOException {
    for (String page : List.of("docs/models.md", "README.md")) {
      TreeSet<String> named = new TreeSet<>();
      table(page, "| `model_type` |")
          .forEach(row ->
              CODE.matcher(row.getFirst()).results().forEach(name -> named.add(name.group(1))));
      assertEquals(new TreeSet<>(Families.names()), named, page);
    }
  }

  @TestFactory
  Stream<DynamicTest> filesAreRefusedInTheseWords() throws IOException {
    List<List<String>> rows = table("docs/models.md", "| `config.json` |");
    assertTrue(rows.size() > 10, "rows found: " + rows);
    return rows.stream()
        .map(row ->
            DynamicTest.dynamicTest(
                row.getFirst(),
                () -> {
                  Map<String, Object> config =
                      new JsonMapper()
                          .readValue(row.getFirst().replace("`", ""), new TypeReference<>() {});
                  ShapeException thrown =
                      assertThrows(
                          ShapeException.class,
                          () ->
                              Families.of(
                                  new ModelConfig(config),
                                  new Layout(Layering.SCAN, Remat.NOTHING)));
                  assertEquals(row.get(1), thrown.getMessage());
                }));
  }

  /** The cells of the table whose head begins so, row by row. */
  private static List<List<String>> table(String page, String head) throws IOException {
    List<String> lines = Files.readAllLines(Repository.root().resolve(page));
    int start =
        lines.indexOf(lines.stream().filter(l -> l.startsWith(head)).findFirst().orElseThrow());
    return lines.subList(start + 2, lines.size()).stream()
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ")))
        .toList();
  }
}
