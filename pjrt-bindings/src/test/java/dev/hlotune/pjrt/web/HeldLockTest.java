package dev.hlotune.pjrt.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HeldLockTest {
  @TempDir private Path directory;

  @Test
  void isHeldByOneThreadAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Callable<Integer> turn =
        () -> {
          try (HeldLock _ = HeldLock.take(directory.resolve("lock"))) {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Files.write(directory.resolve("work"), new byte[1000]);
            return inside.decrementAndGet();
          }
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Integer> done : threads.invokeAll(List.of(turn, turn, turn, turn, turn, turn))) {
        assertEquals(0, done.get());
      }
    }
    assertEquals(1, most.get());
  }

  @Test
  void isLetGoWhenWaitingForItIsInterrupted() throws Exception {
    Path file = directory.resolve("lock");
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> HeldLock.take(file));
    try (HeldLock _ = HeldLock.take(file)) {
      Files.writeString(directory.resolve("work"), "");
    }
  }

  /**
   * Each of two processes holds what a thread of the other waits for: no deadlock, but an operating
   * system that counts by processes takes it for one and refuses the wait.
   */
  @Test
  void isNoDeadlockBetweenProcesses() throws Exception {
    Path ours = directory.resolve("ours");
    Path theirs = directory.resolve("theirs");
    Process other =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                theirs.toString(),
                ours.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      HeldLock held = HeldLock.take(ours);
      try (BufferedReader lines = other.inputReader(StandardCharsets.UTF_8);
          Writer answers = other.outputWriter(StandardCharsets.UTF_8)) {
        answers.write("we hold ours\n");
        answers.flush();
        assertEquals("they hold theirs and wait for ours", lines.readLine());
        Future<String> got = threads.submit(() -> waitFor(theirs));
        // Long enough for both to be waiting; where they are not, this test only shows less.
        Thread.sleep(200);
        answers.write("let go\n");
        answers.flush();
        assertEquals("got it", got.get());
        held.close();
        assertEquals("got it", lines.readLine());
      } finally {
        held.close();
      }
      assertEquals(0, other.waitFor());
    } finally {
      other.destroy();
    }
  }

  private static String waitFor(Path file) throws IOException, InterruptedException {
    try (HeldLock _ = HeldLock.take(file)) {
      return "got it";
    }
  }

  /** Holds one file while another thread waits for the other one. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] files) throws Exception {
      try (BufferedReader answers =
              new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
          ExecutorService threads = Executors.newSingleThreadExecutor()) {
        HeldLock held = HeldLock.take(Path.of(files[0]));
        String first = answers.readLine();
        Future<String> got = threads.submit(() -> waitFor(Path.of(files[1])));
        System.out.println("they hold theirs and wait for ours");
        String second = answers.readLine();
        held.close();
        System.out.println(first != null && second != null ? got.get() : "alone");
      }
    }
  }
}
