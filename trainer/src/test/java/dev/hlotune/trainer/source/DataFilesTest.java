package dev.hlotune.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files a name stands for. */
class DataFilesTest {
  @TempDir private Path folder;

  private void make(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "{\"text\": \"a\"}\n");
    }
  }

  /** What a pattern finds, relative to the folder. */
  private List<String> expand(String pattern) {
    return names(DataFiles.expand(folder + "/" + pattern));
  }

  private List<String> names(List<Path> files) {
    return files.stream().map(file -> folder.relativize(file).toString()).toList();
  }

  private String refused(String pattern) {
    String message =
        assertThrows(DataException.class, () -> DataFiles.expand(folder + "/" + pattern))
            .getMessage();
    return String.valueOf(message).replace(folder.toString(), "F");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a.jsonl               | a.jsonl
          *.jsonl               | a.jsonl b.jsonl
          *.{jsonl,csv}         | a.jsonl b.jsonl c.csv
          [ac].*                | a.jsonl c.csv
          [!a]*                 | b.jsonl c.csv f.json.gz
          [^a]*                 | b.jsonl c.csv f.json.gz
          ?.jsonl               | a.jsonl b.jsonl
          d/*                   | d/1.parquet d/10.parquet d/2.parquet
          d/[0-9].parquet       | d/1.parquet d/2.parquet
          **/*.parquet          | d/1.parquet d/10.parquet d/2.parquet d/e/3.parquet
          **/*.jsonl            | a.jsonl b.jsonl
          d/**                  | d/1.parquet d/10.parquet d/2.parquet d/e/3.parquet
          **                    | a.jsonl b.jsonl c.csv d/1.parquet d/10.parquet d/2.parquet d/e/3.parquet f.json.gz
          *                     | a.jsonl b.jsonl c.csv f.json.gz
          d/{1,e/3}.parquet     | d/1.parquet d/e/3.parquet
          *.json*               | a.jsonl b.jsonl f.json.gz
          d*                    | d/1.parquet d/10.parquet d/2.parquet d/e/3.parquet
          \\a.*                 | a.jsonl
          *.txt                 | state.txt x.txt
          *.{txt,csv}           | c.csv state.txt x.txt
          [s-x]*                | state.txt x.txt
          .                     | a.jsonl b.jsonl c.csv d/1.parquet d/10.parquet d/2.parquet d/e/3.parquet f.json.gz
          d                     | d/1.parquet d/10.parquet d/2.parquet d/e/3.parquet
          """)
  void patternsFindFilesInOrder(String pattern, String expected) throws IOException {
    make("b.jsonl", "a.jsonl", "c.csv", "d/1.parquet", "d/10.parquet", "d/2.parquet");
    make("d/e/3.parquet", "f.json.gz", ".hidden.jsonl", ".cache/x.jsonl", "__MACOSX/y.jsonl");
    make("README.md", "readme.json", "dataset_info.json", "state.txt", "d/config.json", "x.txt");
    List<String> found =
        expand(pattern.strip()).stream().map(name -> name.replaceFirst("^[.]/", "")).toList();
    assertEquals(List.of(expected.split(" ", -1)), found);
  }

  @Test
  void namesWithCharactersOfPatternsAreFoundAsTheyStand() throws IOException {
    make("odd[1].jsonl", "odd1.jsonl");
    assertEquals(List.of("odd[1].jsonl"), expand("odd[1].jsonl"));
    assertEquals(List.of("odd1.jsonl"), expand("odd[1]*nl"));
    assertEquals(List.of("odd[1].jsonl"), expand("odd\\[1\\]*"));
  }

  @Test
  void linksAreFollowedOnce() throws IOException {
    make("blobs/0123", "data/a.jsonl");
    Files.createSymbolicLink(folder.resolve("data/b.jsonl"), folder.resolve("blobs/0123"));
    Files.createSymbolicLink(folder.resolve("data/up"), folder);
    assertEquals(List.of("data/a.jsonl", "data/b.jsonl"), expand("data"));
    assertEquals(List.of("data/a.jsonl", "data/b.jsonl"), expand("data/**"));
  }

  @Test
  void whatIsNotThereIsAnsweredWithTheNearestNames() throws IOException {
    make("train.jsonl", "test.jsonl", "data/a.md", "many/1.md", "many/2.md", "many/3.md");
    make("many/4.md");
    Files.createDirectories(folder.resolve("empty"));
    String expected = "expected a data file, a folder of them or a pattern, got ";
    assertEquals(
        "\"F/trian.jsonl\": " + expected + "no such file; the nearest names are \"train.jsonl\"",
        refused("trian.jsonl"));
    assertEquals("\"F/other\": " + expected + "no such file", refused("other"));
    assertEquals(
        "\"F/dota/a.jsonl\": " + expected + "no such file; the nearest names are \"data\"",
        refused("dota/a.jsonl"));
    assertEquals(
        "\"F/dota/*\": " + expected + "no folder \"F/dota\"; the nearest names are \"data\"",
        refused("dota/*"));
    assertEquals(
        "\"F/data/*.jsonl\": " + expected + "none in \"F/data\", which has \"a.md\"",
        refused("data/*.jsonl"));
    assertEquals(
        "\"F/many\": "
            + expected
            + "none in \"F/many\", which has \"1.md\", \"2.md\", \"3.md\" and 1 more",
        refused("many"));
    assertEquals(
        "\"F/empty\": " + expected + "none in \"F/empty\", which has nothing", refused("empty"));
    assertEquals(
        "\"F/{a\": expected a pattern with closed brackets and braces, got: \"{\" without \"}\"",
        refused("{a"));
  }

  @Test
  void whatDatasetsSavedIsReadWhole() throws IOException {
    List<JsonNode> rows = Sources.rows("chat.rows.jsonl");
    Sources.assertRows(rows, trees(DataFiles.expand(Sources.path("saved").toString())), "saved");
    Path dictionary = Sources.path("saved-dict");
    List<JsonNode> train = rows.subList(0, 3);
    List<JsonNode> test = rows.subList(3, 5);
    Sources.assertRows(train, trees(DataFiles.expand(dictionary.toString())), "alone");
    Sources.assertRows(train, trees(DataFiles.expand(dictionary + "/train")), "train");
    Sources.assertRows(test, trees(DataFiles.expand(dictionary + "/test")), "test");
    Sources.assertRows(test, trees(DataFiles.saved(dictionary, "test").orElseThrow()), "by name");
    Sources.assertRows(
        rows, trees(DataFiles.saved(Sources.path("saved"), "train").orElseThrow()), "the only");
    assertEquals(Optional.empty(), DataFiles.saved(folder, "train"));
    Sources.assertRows(
        test, trees(DataFiles.expand(dictionary.getParent() + "/*-dict/test")), "by pattern");
    assertEquals(
        dictionary + ": expected the split \"dev\", got \"train\", \"test\"",
        assertThrows(DataException.class, () -> DataFiles.saved(dictionary, "dev")).getMessage());
  }

  @Test
  void onlyWhatTheStateNamesIsRead() throws IOException {
    make("saved/data-1.arrow", "saved/data-0.arrow", "saved/cache-7.arrow", "dict/a/x.csv");
    make("dict/b/y.csv");
    Files.writeString(
        folder.resolve("saved/state.json"),
        "{\"_data_files\": [{\"filename\": \"data-1.arrow\"}, {\"filename\": \"data-0.arrow\"}]}");
    assertEquals(List.of("saved/data-1.arrow", "saved/data-0.arrow"), expand("saved"));
    Files.writeString(folder.resolve("dict/dataset_dict.json"), "{\"splits\": [\"a\", \"b\"]}");
    assertEquals(
        "F/dict: expected a split \"train\", got \"a\", \"b\"; name one of these folders",
        refused("dict"));
    Files.writeString(folder.resolve("dict/dataset_dict.json"), "{\"splits\": [\"b\"]}");
    assertEquals(List.of("dict/b/y.csv"), expand("dict"));
  }

  private static List<JsonNode> trees(List<Path> files) {
    List<JsonNode> trees = new ArrayList<>();
    files.forEach(file -> trees.addAll(Sources.trees(file)));
    return trees;
  }

  @Test
  void formatsAreToldByEndings() {
    Map<String, FileFormat> known =
        Map.of(
            "a.jsonl", FileFormat.JSONL,
            "a.NDJSON.GZ", FileFormat.JSONL,
            "a.json.zst", FileFormat.JSON,
            "a.csv", FileFormat.CSV,
            "a.b.tsv.gz", FileFormat.CSV,
            "a.txt", FileFormat.TEXT,
            "a.parquet", FileFormat.PARQUET,
            "a.feather", FileFormat.ARROW,
            "a.arrow", FileFormat.ARROW);
    known.forEach((name, format) -> assertEquals(format, FileFormat.of(Path.of(name)), name));
    for (String unknown : List.of("a.md", "jsonl", "a.gz", "a.jsonl.xz", "a.parquet.gz")) {
      assertEquals(
          unknown
              + ": expected a name that ends in .jsonl, .ndjson, .json, .csv, .tsv, .txt, .parquet,"
              + " .arrow, .feather, the text formats also with .gz or .zst after it, got \""
              + unknown
              + '"',
          assertThrows(DataException.class, () -> FileFormat.of(Path.of(unknown))).getMessage());
    }
  }
}
