package dev.hlotune.trainer.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Splits are those that the library datasets takes, as recorded from it. */
final class LayoutsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<List<String>> LIST = new TypeReference<>() {};

  private static JsonNode recorded() throws IOException {
    return JSON.readTree(Fixtures.path("hub/layouts.json").toFile());
  }

  private static List<String> list(JsonNode node) {
    return JSON.convertValue(node, LIST);
  }

  private static Map<String, List<String>> splits(JsonNode node) {
    Map<String, List<String>> splits = new LinkedHashMap<>();
    node.properties().forEach(entry -> splits.put(entry.getKey(), list(entry.getValue())));
    return splits;
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    List<JsonNode> nodes = new ArrayList<>();
    array.forEach(nodes::add);
    return nodes.stream();
  }

  @TestFactory
  Stream<DynamicTest> listsOfFiles() throws IOException {
    return stream(recorded().path("listings"))
        .map(listing ->
            DynamicTest.dynamicTest(listing.path("files").toString(), () -> compare(listing)));
  }

  private static void compare(JsonNode listing) {
    FileList files = FileList.of(list(listing.path("files")));
    Map<String, List<String>> patterns = SplitPatterns.of(files, "");
    Map<String, List<String>> expected = splits(listing.path("patterns"));
    assertEquals(expected, patterns);
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(patterns.keySet()), "order");
    splits(listing.path("splits"))
        .forEach((split, paths) -> {
          DatasetRequest request = DatasetRequest.of("owner/name", split);
          String kind = listing.path("kinds").path(split).asText();
          if (DataFormats.TEXT.contains(kind)) {
            DatasetLayout layout = DatasetLayout.of(request, DatasetCard.NONE, files);
            assertEquals(kind, layout.format());
            assertEquals(DataFormats.only(kind, once(paths)), layout.paths());
          } else {
            String message = message(request, DatasetCard.NONE, files);
            assertTrue(message.contains(paths.isEmpty() ? "got none" : "'" + kind + "'"), message);
          }
        });
  }

  /** Where two patterns match one file, datasets reads it twice. */
  private static List<String> once(List<String> paths) {
    return List.copyOf(new LinkedHashSet<>(paths));
  }

  private static String message(DatasetRequest request, DatasetCard card, FileList files) {
    return String.valueOf(
        assertThrows(DataException.class, () -> DatasetLayout.of(request, card, files))
            .getMessage());
  }

  @TestFactory
  Stream<DynamicTest> requests() throws IOException {
    JsonNode recorded = recorded();
    List<String> files = new ArrayList<>(list(recorded.path("files")));
    files.add("README.md");
    return stream(recorded.path("requests"))
        .map(request ->
            DynamicTest.dynamicTest(
                request.toString(), () -> compareRequest(request, FileList.of(files))));
  }

  private static DatasetRequest request(JsonNode node, String split) {
    return new DatasetRequest(
        "owner/name",
        Optional.ofNullable(node.path("name").textValue()),
        split,
        Optional.empty(),
        Optional.ofNullable(node.path("data_dir").textValue()),
        node.has("data_files") ? list(node.path("data_files")) : List.of());
  }

  private static void compareRequest(JsonNode node, FileList files) {
    DatasetCard card = DatasetCard.read(Path.of("README.md"), node.path("card").asText());
    if (node.has("refused") && !node.has("lenient")) {
      String message = message(request(node, "train"), card, files);
      assertTrue(message.startsWith("'owner/name': expected "), message);
      return;
    }
    splits(node.path("splits"))
        .forEach((split, paths) -> {
          DatasetLayout layout = DatasetLayout.of(request(node, split), card, files);
          assertEquals(paths, layout.paths(), split);
          assertEquals(node.path("config").asText(), layout.config());
        });
    if (node.has("lenient")) {
      assertFalse(
          Stream.of("train", "test")
              .filter(split -> reads(request(node, split), card, files))
              .toList()
              .isEmpty());
    } else {
      assertTrue(message(request(node, "none"), card, files).contains("got 'none'"));
    }
  }

  private static boolean reads(DatasetRequest request, DatasetCard card, FileList files) {
    try {
      return !DatasetLayout.of(request, card, files).paths().isEmpty();
    } catch (DataException refused) {
      return false;
    }
  }

  @Test
  void endingsAreThoseThatDatasetsKnows() throws IOException {
    recorded()
        .path("kinds")
        .properties()
        .forEach(entry -> {
          String name = "a" + entry.getKey();
          assertTrue(DataFormats.isData(name), name);
          assertEquals(
              List.of(name), DataFormats.only(entry.getValue().asText(), List.of(name)), name);
        });
    for (String other : List.of("a", "a.py", "a.pkl", "a.JSONL", "jsonl")) {
      assertFalse(DataFormats.isData(other), other);
    }
  }

  @Test
  void whatDoesNotExistIsAnsweredWithWhatDoes() {
    FileList files = FileList.of(List.of("train.jsonl", "test.jsonl"));
    assertEquals(
        "'owner/name': expected one of its splits 'train', 'test', got 'dev'",
        message(DatasetRequest.of("owner/name", "dev"), DatasetCard.NONE, files));
    DatasetCard card =
        DatasetCard.read(
            Path.of("README.md"),
            "---\nconfigs:\n- config_name: en\n  data_files: train.jsonl\n- config_name: de\n  data_files: test.jsonl\n---\n");
    assertEquals(
        "'owner/name': expected one of its configurations 'en', 'de', got none; name it",
        message(DatasetRequest.of("owner/name", "train"), card, files));
    assertEquals(
        "'owner/name': expected one of its configurations 'en', 'de', got 'fr'",
        message(
            new DatasetRequest(
                "owner/name",
                Optional.of("fr"),
                "train",
                Optional.empty(),
                Optional.empty(),
                List.of()),
            card,
            files));
    assertEquals(
        "'owner/name': expected the data file 'nowhere.jsonl', got none; it has 'test.jsonl', 'train.jsonl'",
        message(
            new DatasetRequest(
                "owner/name",
                Optional.empty(),
                "train",
                Optional.empty(),
                Optional.empty(),
                List.of("nowhere.jsonl")),
            DatasetCard.NONE,
            files));
    assertEquals(
        "'owner/name': expected data files of the repository itself, got 'https://example.org/a.csv'; fetch it and name the file",
        message(
            DatasetRequest.of("owner/name", "train"),
            DatasetCard.read(
                Path.of("README.md"),
                "---\nconfigs:\n- config_name: a\n  data_files: https://example.org/a.csv\n---\n"),
            files));
  }

  @Test
  void aBrokenCardIsNamed() {
    for (String configs :
        List.of(
            "configs: 3",
            "configs:\n- data_files: a",
            "configs:\n- config_name: a\n  data_files: {}",
            "configs:\n- config_name: a\n  data_files: 7",
            "configs:\n- config_name: a\n  data_files:\n  - split: a-b\n    path: c",
            "configs:\n- config_name: a\n  data_files:\n  - split: a\n    path: c\n  - split: a\n    path: d",
            "configs: [",
            "\tconfigs")) {
      DataException e =
          assertThrows(
              DataException.class,
              () -> DatasetCard.read(Path.of("README.md"), "---\n" + configs + "\n---\n"),
              configs);
      assertTrue(String.valueOf(e.getMessage()).startsWith("README.md: "), e.getMessage());
    }
  }

  @Test
  void aPatternHoldsNoHalfOfAFolder() {
    assertThrows(DataException.class, () -> Glob.compile("a**/b"));
    assertTrue(Glob.compile(Glob.quote("a[b]*?c")).matcher("a[b]*?c").matches());
    assertFalse(Glob.compile("[b-a]").matcher("a").matches());
    assertTrue(Glob.compile("[]x]").matcher("]").matches());
    assertTrue(Glob.compile("[!b-a]").matcher("z").matches());
    assertTrue(Glob.compile("[x").matcher("[x").matches());
    assertTrue(Glob.compile("a.b\\d").matcher("a.b\\d").matches());
    assertFalse(Glob.compile("*").matcher("a/b").matches());
  }
}
