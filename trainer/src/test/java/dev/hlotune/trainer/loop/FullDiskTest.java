package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full for a while, for which the machine must let the test mount one. */
final class FullDiskTest {
  @TempDir Path folder;

  private static boolean runs(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Test
  void costsACheckpointAndNothingElse() throws IOException, InterruptedException {
    TestClient.get();
    TinyRun tiny = new TinyRun(folder);
    Path disk = Files.createDirectories(folder.resolve("disk"));
    assumeTrue(
        runs("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()),
        "needs the right to mount a small disk");
    try {
      Path filler = disk.resolve("filler");
      List<RunEvent> events = new ArrayList<>();
      SftRun.run(
          SftRecipe.read(
                  tiny.options(
                      "output_dir", disk.resolve("out").toString(),
                      "save_strategy", "steps",
                      "save_steps", "2",
                      "logging_steps", "1"))
              .config(),
          event -> {
            events.add(event);
            try {
              if (event instanceof RunEvent.Saved saved
                  && saved.directory().endsWith("checkpoint-2")) {
                Files.write(filler, new byte[(int) (disk.toFile().getUsableSpace() - 20_000)]);
              } else if (event instanceof RunEvent.Noted note
                  && note.message().startsWith("checkpoint-")) {
                Files.deleteIfExists(filler);
              }
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          },
          new AtomicBoolean());
      List<String> failed =
          events.stream()
              .filter(RunEvent.Noted.class::isInstance)
              .map(event -> ((RunEvent.Noted) event).message())
              .filter(message -> message.startsWith("checkpoint-"))
              .toList();
      assertEquals(1, failed.size(), events.toString());
      assertTrue(
          failed
              .getFirst()
              .matches(
                  "checkpoint-[46] could not be saved, those before it are intact and training goes on: .*No space left on device.*"),
          failed.getFirst());
      List<CheckpointDirectory> left = CheckpointDirectory.in(disk.resolve("out"));
      assertEquals(3, left.size(), left.toString());
      for (CheckpointDirectory one : left) {
        one.verify();
      }
      assertEquals(8, left.getLast().step());
      SftRun.run(SftRecipe.read(tiny.options()).config(), RunObserver.NONE, new AtomicBoolean());
      assertArrayEquals(
          tiny.weights("out"),
          Files.readAllBytes(disk.resolve("out/final/model.safetensors")),
          "the model is what it would have been");
    } finally {
      runs("umount", "-l", disk.toString());
    }
  }
}
