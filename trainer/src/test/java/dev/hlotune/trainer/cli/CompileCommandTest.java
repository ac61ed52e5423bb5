package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.SftRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are compiled first and run later, and archives that are for somebody else. */
final class CompileCommandTest {
  @TempDir Path folder;
  private TinyRun tiny = new TinyRun(Path.of("."));
  private Captured captured = Captured.plain();

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  private int run(List<String> arguments) {
    captured = Captured.plain();
    return Main.run(captured.console(), arguments.toArray(String[]::new));
  }

  private List<String> options(String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("max_steps", "2", "cache_dir", cache("empty")));
    all.addAll(List.of(more));
    return tiny.options(all.toArray(String[]::new));
  }

  private String cache(String name) {
    return folder.resolve("cache-" + name).toString();
  }

  private void compile(Path archive) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("compile", "--target", "cpu", "--output", archive.toString()));
    arguments.addAll(options("test_size", "8", "eval_strategy", "no"));
    assertEquals(0, run(arguments), captured.err());
  }

  /** How many programs a run had, how many of them were there, and what it noted. */
  private record Started(int programs, int there, List<String> notes) {}

  private Started train(String... more) throws IOException {
    List<Integer> counts = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    SftRun.run(
        SftRecipe.read(options(more)).config(),
        event -> {
          switch (event) {
            case RunEvent.Compiled(int all, int there, _, _) -> counts.addAll(List.of(all, there));
            case RunEvent.Noted(String note) -> notes.add(note);
            default -> {}
          }
        },
        new AtomicBoolean());
    return new Started(counts.get(0), counts.get(1), notes);
  }

  @Test
  void aRunWithAnArchiveAndAnEmptyCacheCompilesNothing() throws IOException {
    Path archive = folder.resolve("programs.zip");
    compile(archive);
    assertTrue(captured.out().contains("2 programs for cpu"), captured.out());
    Started started =
        train("test_size", "8", "eval_strategy", "no", "compiled_archive", archive.toString());
    assertEquals(2, started.programs());
    assertEquals(2, started.there());
    assertFalse(
        Files.exists(Path.of(cache("empty")).resolve("executables")), "nothing was compiled");
    // Of another recipe: what is not in it is compiled, and that is said.
    Started other =
        train(
            "test_size",
            "8",
            "eval_strategy",
            "no",
            "compiled_archive",
            archive.toString(),
            "overwrite_output_dir",
            "true",
            "z_loss",
            "0.001");
    assertEquals(1, other.there());
    assertTrue(
        other.notes().stream()
            .anyMatch(note -> note.contains("compiled_archive: 1 of 2 programs are not in it")),
        () -> other.notes().toString());
  }

  @Test
  void anArchiveIsTakenIntoTheCache() throws IOException {
    Path archive = folder.resolve("programs.zip");
    compile(archive);
    assertEquals(
        0,
        run(List.of("cache", "import", archive.toString(), "--cache_dir", cache("taken"))),
        captured.err());
    assertEquals("took in 2 programs\n", captured.out());
    Started started = train("test_size", "8", "eval_strategy", "no", "cache_dir", cache("taken"));
    assertEquals(List.of(2, 2), List.of(started.programs(), started.there()));
  }

  @Test
  void compilesIntoTheCacheOfThisMachine() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("compile", "--target", "cpu"));
    arguments.addAll(options("cache_dir", cache("own")));
    assertEquals(0, run(arguments), captured.err());
    assertEquals("1 program in the cache, 1 of them compiled now\n", captured.out());
    assertEquals(0, run(arguments), captured.err());
    assertEquals("1 program in the cache, 0 of them compiled now\n", captured.out());
    Started started = train("cache_dir", cache("own"));
    assertEquals(List.of(1, 1), List.of(started.programs(), started.there()));
    List<String> elsewhere = new ArrayList<>(List.of("compile", "--target", "cuda:h100"));
    elsewhere.addAll(options());
    assertEquals(2, run(elsewhere));
    assertTrue(captured.err().contains("'--output': expected a file"), captured.err());
  }

  @Test
  void whatIsForSomebodyElseIsRefusedByName() throws IOException {
    Path archive = folder.resolve("programs.zip");
    compile(archive);
    Map<String, UnaryOperator<String>> changes =
        Map.of(
            "expected plugin 'other_plugin.so 12', which is libtpu 0.0.51, got 'xla_cpu_pjrt.so",
            text ->
                text.replaceFirst(
                        "\"plugin_identity\" : \"[^\"]*\"",
                        "\"plugin_identity\" : \"other_plugin.so 12\"")
                    .replaceFirst("\"plugin\" : \"[^\"]*\"", "\"plugin\" : \"libtpu 0.0.51\""),
            "expected devices 1 × TPU v4, got 1 × cpu",
            text -> text.replace("\"device_kind\" : \"cpu\"", "\"device_kind\" : \"TPU v4\""),
            "expected platform cuda, got cpu",
            text -> text.replace("\"platform\" : \"cpu\"", "\"platform\" : \"cuda\""),
            "expected the kind of processor that it was compiled on, got another",
            text ->
                text.replaceFirst(
                    "\"topology_sha256\" : \"[^\"]*\"", "\"topology_sha256\" : \"00\""),
            "manifest.json: expected format 'hlotune compiled programs 1'",
            text -> text.replace("compiled programs 1", "compiled programs 2"),
            ".executable': expected sha256",
            text ->
                text.replaceAll(
                    "\"executable_sha256\" : \"[^\"]*\"", "\"executable_sha256\" : \"00\""));
    int number = 0;
    for (Map.Entry<String, UnaryOperator<String>> change : changes.entrySet()) {
      Path changed = folder.resolve("changed-" + number++ + ".zip");
      rewrite(archive, changed, change.getValue());
      List<String> arguments =
          List.of("cache", "import", changed.toString(), "--cache_dir", cache("refused"));
      assertEquals(3, run(arguments), () -> change.getKey() + ": " + captured.err());
      String error =
          captured
              .err()
              .lines()
              .filter(line -> line.startsWith("hlotune: "))
              .findFirst()
              .orElse("");
      assertTrue(error.contains(change.getKey()), captured.err());
      assertTrue(error.contains(changed.toString()), captured.err());
    }
    // A run refuses it too, before it compiles.
    List<String> arguments = new ArrayList<>(List.of("sft"));
    arguments.addAll(options("sharding_strategy", "ddp", "cpu_device_count", "2"));
    arguments.addAll(List.of("--compiled_archive", archive.toString()));
    assertEquals(3, run(arguments), captured.err());
    assertTrue(captured.err().contains("expected devices 1 × cpu, got 2 × cpu"), captured.err());
    Path text = Files.writeString(folder.resolve("no.zip"), "no zip file");
    assertEquals(3, run(List.of("cache", "import", text.toString(), "--cache_dir", cache("no"))));
    assertTrue(
        captured.err().contains("archive: expected a zip file of compiled programs"),
        captured.err());
  }

  private static void rewrite(Path from, Path to, UnaryOperator<String> manifest)
      throws IOException {
    try (ZipFile zip = new ZipFile(from.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      for (ZipEntry entry : zip.stream().toList()) {
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        out.putNextEntry(new ZipEntry(entry.getName()));
        out.write(
            entry.getName().equals("manifest.json")
                ? manifest
                    .apply(new String(bytes, StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8)
                : bytes);
        out.closeEntry();
      }
    }
  }
}
