package dev.hlotune.pjrt.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownloadTest {
  @TempDir private Path directory;

  private final byte[] bytes = new byte[100_000];
  private final List<Duration> waits = new ArrayList<>();
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicInteger wrong = new AtomicInteger();
  private final List<Long> progress = new ArrayList<>();

  /** Changes with every answer where the file is not the same file any more. */
  private boolean changes;

  private boolean ignoresRanges;

  private Path part;

  @BeforeEach
  void fill() {
    new Random(1).nextBytes(bytes);
    part = directory.resolve("part");
  }

  private void serve(HttpExchange exchange) throws IOException {
    String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
    String condition = exchange.getRequestHeaders().getFirst("If-Range");
    String tag = changes ? "\"" + System.nanoTime() + "\"" : "\"v1\"";
    exchange.getResponseHeaders().set("ETag", tag);
    boolean whole =
        ignoresRanges || range.equals("null") || (condition != null && !condition.equals(tag));
    int from = whole ? 0 : Integer.parseInt(range.substring("bytes=".length()).replace("-", ""));
    byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
    if (wrong.getAndDecrement() > 0) {
      rest[0]++;
    }
    if (!whole) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    if (cuts.getAndDecrement() > 0) {
      LoopbackServer.cut(exchange, whole ? 200 : 206, rest, rest.length / 2);
    } else {
      LoopbackServer.answer(exchange, whole ? 200 : 206, rest);
    }
  }

  private LoopbackServer server() {
    return new LoopbackServer(this::serve);
  }

  private void fetch(LoopbackServer server, Checksum checksum, long size) throws Exception {
    Patience patience =
        new Patience(
            3, Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofSeconds(1), waits::add);
    try (Web web =
        new Web(
            new WebSettings(Optional.empty(), Optional.empty(), Duration.ofSeconds(10)),
            Map.of())) {
      Download.fetch(
          web,
          new WantedFile(
              WebRequest.get(server.at("/file"), Map.of(), Map.of()),
              checksum,
              size,
              WantedFile.Refusal.status()),
          part,
          patience,
          (done, _) -> progress.add(done));
    }
  }

  private Checksum sha256() {
    return Checksum.sha256(HexFormat.of().formatHex(Checksum.sha256().digest(bytes)));
  }

  @Test
  void goesOnForAsLongAsSomethingComes() throws Exception {
    cuts.set(8);
    try (LoopbackServer server = server()) {
      fetch(server, sha256(), bytes.length);
      assertArrayEquals(bytes, Files.readAllBytes(part));
      assertEquals("GET /file", server.asked.getFirst());
      assertEquals("GET /file Range=bytes=50000- If-Range=\"v1\"", server.asked.get(1));
      assertEquals(9, server.asked.size());
      assertEquals(bytes.length, progress.getLast());
    }
  }

  @Test
  void beginsAnewWhereTheFileIsNotTheSameAnyMore() throws Exception {
    cuts.set(1);
    changes = true;
    try (LoopbackServer server = server()) {
      fetch(server, sha256(), -1);
      assertArrayEquals(bytes, Files.readAllBytes(part));
      assertEquals(2, server.asked.size());
    }
  }

  @Test
  void beginsAnewWhereTheServerKnowsNoRanges() throws Exception {
    cuts.set(1);
    ignoresRanges = true;
    try (LoopbackServer server = server()) {
      fetch(server, sha256(), bytes.length);
      assertArrayEquals(bytes, Files.readAllBytes(part));
    }
  }

  @Test
  void givesUpWhenNothingMoreComes() {
    cuts.set(100);
    ignoresRanges = true;
    try (LoopbackServer server = server()) {
      assertThrows(IOException.class, () -> fetch(server, sha256(), bytes.length));
      // The first brought something; three more did not.
      assertEquals(3, server.asked.size());
    }
  }

  @Test
  void damagedBytesAreFetchedOnceMore() throws Exception {
    wrong.set(1);
    try (LoopbackServer server = server()) {
      fetch(server, sha256(), bytes.length);
      assertArrayEquals(bytes, Files.readAllBytes(part));
      assertEquals(List.of("GET /file", "GET /file"), server.asked);
    }
  }

  @Test
  void wrongBytesAreNamedAndNotKept() {
    try (LoopbackServer server = server()) {
      Checksum other = Checksum.gitBlob("0".repeat(40));
      IOException e = assertThrows(IOException.class, () -> fetch(server, other, bytes.length));
      assertEquals(
          "expected git sha1 %s, got git sha1 %s".formatted(other.hex(), "GIT"),
          String.valueOf(e.getMessage()).replaceFirst("[0-9a-f]{40}$", "GIT"));
      assertFalse(Files.exists(part));
      assertEquals(2, server.asked.size());
    }
  }

  @Test
  void anotherSizeIsNamedAndNotKept() {
    try (LoopbackServer server = server()) {
      IOException e =
          assertThrows(IOException.class, () -> fetch(server, sha256(), bytes.length + 1));
      assertEquals("expected 100001 bytes, got 100000", e.getMessage());
      assertFalse(Files.exists(part));
    }
  }

  @Test
  void whatIsWholeIsNotAskedFor() throws Exception {
    Files.write(part, bytes);
    try (LoopbackServer server = server()) {
      fetch(server, sha256(), bytes.length);
      assertEquals(List.of(), server.asked);
    }
  }

  @Test
  void aBlobIsNamedAsGitNamesIt() throws Exception {
    Path file = Files.writeString(directory.resolve("hello"), "hello\n");
    // As `git hash-object` prints it.
    assertEquals(
        Checksum.gitBlob("ce013625030ba8dba906f756967f9e9ca394464a"),
        Checksum.of(Checksum.Kind.GIT_BLOB, file));
  }
}
