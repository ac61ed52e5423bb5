package dev.hlotune.hlo.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Graph;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Region;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.emit.Emitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The text of every program, byte for byte, as it was recorded by another virtual machine. {@code
 * ./mvnw test -pl hlo-builder -Dtest=GoldenTest -Dgolden.update} records it anew.
 */
class GoldenTest {
  private static final Path FOLDER = root().resolve("src/test/resources/golden");
  private static final boolean UPDATE = System.getProperty("golden.update") != null;

  /** A location; goldens keep the file and not the line, which changes with every edit. */
  private static final Pattern LOCATION = Pattern.compile("loc\\(\"(\\w+\\.java)\":\\d+:1\\)");

  @TestFactory
  Stream<DynamicTest> isAsRecorded() {
    return Programs.all().stream()
        .map(program -> DynamicTest.dynamicTest(program.name(), () -> check(program)));
  }

  private static void check(Program program) throws IOException {
    String text = Emitter.emit(program);
    String kept = LOCATION.matcher(text).replaceAll("loc(\"$1\")");
    Path file = FOLDER.resolve(program.name() + ".mlir");
    if (UPDATE) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, kept);
    }
    assertTrue(Files.exists(file), () -> file + ": none; record it with -Dgolden.update");
    assertEquals(
        Files.readString(file), kept, file.getFileName() + "; record it with -Dgolden.update");
  }

  @Test
  void hasNoFileWithoutAProgram() throws IOException {
    Set<String> expected = new TreeSet<>();
    Programs.all().forEach(program -> expected.add(program.name() + ".mlir"));
    assertEquals(Programs.all().size(), expected.size(), "programs of one name");
    try (Stream<Path> files = Files.list(FOLDER)) {
      Set<String> found = new TreeSet<>();
      files.forEach(file -> found.add(file.getFileName().toString()));
      assertEquals(expected, found);
    }
  }

  @Test
  void isTheSameEveryTime() {
    List<String> first = Programs.all().stream().map(Emitter::emit).toList();
    List<String> second = Programs.all().stream().map(Emitter::emit).toList();
    assertEquals(first, second);
  }

  /** A new record under {@link Op}, or a new kind, fails here until it has a program. */
  @Test
  void hasAProgramForEveryOperation() {
    Set<Object> expected = new HashSet<>(Arrays.asList(Op.class.getPermittedSubclasses()));
    expected.addAll(List.of(Op.UnaryKind.values()));
    expected.addAll(List.of(Op.BinaryKind.values()));
    expected.addAll(List.of(Op.Comparison.values()));
    expected.addAll(List.of(Op.ReduceKind.values()));
    for (Program program : Programs.operations()) {
      expected.removeAll(used(program.outputs().stream().map(Program.Output::tensor).toList()));
    }
    assertEquals(Set.of(), expected, "operations without a program");
  }

  private static Set<Object> used(List<Tensor> roots) {
    Set<Object> used = new HashSet<>();
    Deque<List<Tensor>> pending = new ArrayDeque<>(List.of(roots));
    while (!pending.isEmpty()) {
      for (Op op : Graph.sorted(pending.removeFirst())) {
        used.add(op.getClass());
        switch (op) {
          case Op.Unary unary -> used.add(unary.kind());
          case Op.Binary binary -> used.add(binary.kind());
          case Op.Compare compare -> used.add(compare.comparison());
          case Op.Reduce reduce -> used.add(reduce.kind());
          case Op.Scan(_, _, _, Region body, _, _) -> pending.add(body.results());
          case Op.While(_, _, Region body) -> pending.add(body.results());
          case Op.Checkpoint(_, Region body, _) -> pending.add(body.results());
          default -> {}
        }
      }
    }
    return used;
  }

  private static Path root() {
    String property = System.getProperty("hlotune.root", "");
    return property.isEmpty() ? Path.of("") : Path.of(property).resolve("hlo-builder");
  }
}
