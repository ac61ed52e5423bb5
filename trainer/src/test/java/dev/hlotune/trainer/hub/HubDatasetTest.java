package dev.hlotune.trainer.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets in the forms in which they are on the hub. */
final class HubDatasetTest {
  private static final String ID = "owner/data";

  @TempDir private Path home;

  private final FakeHub hub = new FakeHub();

  @AfterEach
  void close() {
    hub.close();
  }

  private void serve(String... names) {
    Map<String, String> files = new LinkedHashMap<>();
    for (String name : names) {
      files.put(name, "of " + name);
    }
    hub.dataset(ID, files);
  }

  private DatasetFiles fetch(DatasetRequest request) {
    try (Hub client = HubTests.hub(hub.environment(home))) {
      return client.dataset(request, HubProgress.silent());
    }
  }

  private DatasetFiles fetch(String split) {
    return fetch(DatasetRequest.of(ID, split));
  }

  private static DatasetRequest request(
      Optional<String> config, Optional<String> folder, String... files) {
    return new DatasetRequest(ID, config, "train", Optional.empty(), folder, List.of(files));
  }

  private List<String> names(DatasetFiles data) {
    Path snapshot = home.resolve("hub/datasets--owner--data/snapshots").resolve(data.commit());
    return data.files().stream().map(file -> snapshot.relativize(file).toString()).toList();
  }

  @Test
  void partsOfSplitsInTheirOrder() {
    serve(
        "README.md",
        "data/train-00002-of-00003.parquet",
        "data/train-00000-of-00003.parquet",
        "data/train-00001-of-00003.parquet",
        "data/test-00000-of-00001.parquet");
    DatasetFiles data = fetch("train");
    assertEquals(
        List.of(
            "data/train-00000-of-00003.parquet",
            "data/train-00001-of-00003.parquet",
            "data/train-00002-of-00003.parquet"),
        names(data));
    assertEquals("parquet", data.format());
    assertEquals("default", data.config());
    assertEquals(ID, data.id());
    assertEquals("d".repeat(40), data.commit());
    assertEquals(List.of(), data.notes());
    // Nothing of other splits is fetched.
    assertTrue(
        hub.askedElsewhere.stream().noneMatch(line -> line.contains("test-")),
        hub.askedElsewhere::toString);
    assertEquals(
        "'owner/data': expected one of its splits 'train', 'test', got 'validation'",
        HubTests.refusal(() -> fetch("validation")));
  }

  @Test
  void filesAndFoldersNamedAfterSplits() {
    serve("train.jsonl", "dev.jsonl", "eval.jsonl", "LICENSE");
    assertEquals(List.of("dev.jsonl"), names(fetch("validation")));
    assertEquals(List.of("eval.jsonl"), names(fetch("test")));
    assertEquals("json", fetch("train").format());
  }

  @Test
  void foldersNamedAfterSplits() {
    serve("a/train/1.csv", "a/train/2.csv", "a/testing/1.csv");
    assertEquals(List.of("a/train/1.csv", "a/train/2.csv"), names(fetch("train")));
    assertEquals("csv", fetch("test").format());
  }

  @Test
  void allFilesWhereNoSplitIsNamed() {
    serve("b.txt", "a.txt", ".gitattributes", "script.sh");
    DatasetFiles data = fetch("train");
    assertEquals(List.of("a.txt", "b.txt"), names(data));
    assertEquals("text", data.format());
  }

  @Test
  void whatTheCardDeclares() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        "README.md",
        """
        ---
        license: mit
        configs:
        - config_name: small
          data_files:
          - split: train
            path: ["parts/2.jsonl", "parts/[01].jsonl"]
          - split: held.out
            path: parts/9.jsonl
        - config_name: large
          data_dir: more
          default: true
        - config_name: list
          data_files: ["parts/9.jsonl", "parts/1.jsonl"]
        - config_name: one
          data_files: parts/*.jsonl
        ---
        # Data
        """);
    for (String name :
        List.of(
            "parts/0.jsonl", "parts/1.jsonl", "parts/2.jsonl", "parts/9.jsonl", "more/train.csv")) {
      files.put(name, "of " + name);
    }
    hub.dataset(ID, files);
    assertEquals(List.of("more/train.csv"), names(fetch("train")));
    assertEquals("large", fetch("train").config());
    assertEquals(
        List.of("parts/2.jsonl", "parts/0.jsonl", "parts/1.jsonl"),
        names(fetch(request(Optional.of("small"), Optional.empty()))));
    assertEquals(
        List.of("parts/9.jsonl"),
        names(
            fetch(
                new DatasetRequest(
                    ID,
                    Optional.of("small"),
                    "held.out",
                    Optional.empty(),
                    Optional.empty(),
                    List.of()))));
    assertEquals(
        List.of("parts/9.jsonl", "parts/1.jsonl"),
        names(fetch(request(Optional.of("list"), Optional.empty()))));
    assertEquals(4, fetch(request(Optional.of("one"), Optional.empty())).files().size());
    assertEquals(
        "'owner/data': expected one of its configurations 'small', 'large', 'list', 'one', got 'tiny'",
        HubTests.refusal(() -> fetch(request(Optional.of("tiny"), Optional.empty()))));
    assertEquals(
        "'owner/data': expected one of its splits 'train', 'held.out', got 'test'",
        HubTests.refusal(() ->
            fetch(
                new DatasetRequest(
                    ID,
                    Optional.of("small"),
                    "test",
                    Optional.empty(),
                    Optional.empty(),
                    List.of()))));
  }

  @Test
  void aDeclarationOfItsOwnGoesOverTheCard() {
    hub.dataset(
        ID,
        Map.of(
            "README.md", "---\nconfigs:\n- config_name: a\n  data_files: a.jsonl\n---\n",
            ".huggingface.yaml", "configs:\n- config_name: b\n  data_files: b.jsonl\n",
            "a.jsonl", "a",
            "b.jsonl", "b"));
    assertEquals(List.of("b.jsonl"), names(fetch("train")));
  }

  @Test
  void foldersAndPatternsThatAreAskedFor() {
    serve("en/train.jsonl", "en/test.jsonl", "de/train.jsonl", "x/1.jsonl", "x/2.jsonl");
    assertEquals(
        List.of("de/train.jsonl"), names(fetch(request(Optional.empty(), Optional.of("./de/")))));
    assertEquals(
        List.of("x/2.jsonl", "x/1.jsonl"),
        names(fetch(request(Optional.empty(), Optional.empty(), "x/2.jsonl", "./x/*"))));
    assertEquals(
        List.of("en/test.jsonl"),
        names(fetch(request(Optional.empty(), Optional.of("en"), "te*.jsonl"))));
    assertEquals(
        "'owner/data': expected data files for split 'train' in 'fr', got none",
        HubTests.refusal(() -> fetch(request(Optional.empty(), Optional.of("fr")))));
    assertEquals(
        "'owner/data': expected data files for split 'train', got none that match 'y/*'",
        HubTests.refusal(() -> fetch(request(Optional.empty(), Optional.empty(), "y/*"))));
  }

  @Test
  void picturesAreRefused() {
    serve("train/1.jpg", "train/2.jpg", "train/metadata.jsonl");
    assertEquals(
        "'owner/data': expected text (JSON, CSV, Parquet, Arrow or .txt) in split 'train', got files of kind 'imagefolder' such as 'train/1.jpg'",
        HubTests.refusal(() -> fetch("train")));
  }

  @Test
  void anotherRevision() {
    serve("train.jsonl");
    hub.put(
        "datasets/" + ID,
        "refs/pr/1",
        "e".repeat(40),
        Map.of("train.csv", "text".getBytes(StandardCharsets.UTF_8)));
    DatasetFiles data =
        fetch(
            new DatasetRequest(
                ID,
                Optional.empty(),
                "train",
                Optional.of("refs/pr/1"),
                Optional.empty(),
                List.of()));
    assertEquals("e".repeat(40), data.commit());
    assertEquals(List.of("train.csv"), names(data));
    assertTrue(hub.asked.contains("GET /api/datasets/owner/data/revision/refs/pr/1"));
  }

  private void serveConversion(String... names) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : names) {
      files.put(name, name.getBytes(StandardCharsets.UTF_8));
    }
    hub.put("datasets/" + ID, ParquetConversion.REVISION, "c".repeat(40), files);
  }

  @Test
  void aLoadingScriptIsNotRun() {
    serve("README.md", "data.py", "raw/train.jsonl");
    assertEquals(
        "'owner/data': expected data files or the hub's Parquet conversion, got a loading script ('data.py'), which is not run, and no conversion; name data files of the repository, if it has any",
        HubTests.refusal(() -> fetch("train")));
    serveConversion(
        "main/train/0001.parquet",
        "main/train/0000.parquet",
        "main/partial-test/0000.parquet",
        ".gitattributes");
    DatasetFiles data = fetch("train");
    assertEquals(List.of("main/train/0000.parquet", "main/train/0001.parquet"), names(data));
    assertEquals("main", data.config());
    assertEquals("parquet", data.format());
    assertEquals("c".repeat(40), data.commit());
    assertEquals(
        List.of(
            "'owner/data' has a loading script ('data.py'), which is not run: the hub's Parquet conversion is read"),
        data.notes());
    assertEquals(
        "'owner/data': the hub's conversion holds only the first part of split 'test'",
        fetch("test").notes().getLast());
    // Files that are named are read whatever else there is.
    assertEquals(
        List.of("raw/train.jsonl"),
        names(fetch(request(Optional.empty(), Optional.empty(), "raw/*.jsonl"))));
    try (Hub offline = HubTests.offline(hub.environment(home))) {
      assertEquals(data, offline.dataset(DatasetRequest.of(ID, "train"), HubProgress.silent()));
    }
    assertEquals(
        "'owner/data': expected data files in revision 'd%s', got a loading script ('data.py'), which is not run; leave the revision out to read the hub's Parquet conversion"
            .formatted("d".repeat(39)),
        HubTests.refusal(() ->
            fetch(
                new DatasetRequest(
                    ID,
                    Optional.empty(),
                    "train",
                    Optional.of("d".repeat(40)),
                    Optional.empty(),
                    List.of()))));
  }

  @Test
  void configurationsOfAConversion() {
    serve("data.py");
    serveConversion("a[1]/train/0000.parquet", "b/train/0000.parquet");
    assertEquals(
        "'owner/data': expected one of its configurations 'a[1]', 'b', got none; name it",
        HubTests.refusal(() -> fetch("train")));
    assertEquals(
        List.of("a[1]/train/0000.parquet"),
        names(fetch(request(Optional.of("a[1]"), Optional.empty()))));
    assertEquals(
        "'owner/data': expected one of its splits 'train', got 'test'",
        HubTests.refusal(() ->
            fetch(
                new DatasetRequest(
                    ID, Optional.of("b"), "test", Optional.empty(), Optional.empty(), List.of()))));
  }
}
