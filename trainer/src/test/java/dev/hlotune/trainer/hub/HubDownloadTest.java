package dev.hlotune.trainer.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How files come: redirected, broken off, damaged. */
final class HubDownloadTest {
  private static final String ID = "owner/model";
  private static final String WEIGHTS = "model.safetensors";

  @TempDir private Path home;

  private final FakeHub hub = new FakeHub();
  private final byte[] weights = new byte[300_000];
  private final List<String> progress = new ArrayList<>();

  @BeforeEach
  void fill() {
    new Random(7).nextBytes(weights);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
    files.put("tokenizer.json", "{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
    files.put(WEIGHTS, weights);
    hub.model(ID, files);
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private Path fetch(Map<String, String> environment) {
    try (Hub client = HubTests.hub(environment)) {
      return client.model(
          ID,
          Optional.empty(),
          (activity, done, total) -> progress.add(activity + " " + done + "/" + total));
    }
  }

  private Path fetch() {
    return fetch(hub.environment(home));
  }

  private void assertWhole(Path folder) throws IOException {
    assertArrayEquals(weights, Files.readAllBytes(folder.resolve(WEIGHTS)));
    assertEquals(List.of(), incomplete());
  }

  private List<Path> incomplete() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("hub"))) {
      return files.filter(file -> file.toString().endsWith(".incomplete")).toList();
    }
  }

  private Path part() {
    return home.resolve("hub/models--owner--model/blobs")
        .resolve(FakeHub.sha256(weights) + ".hlotune.incomplete");
  }

  private boolean isShown(String name) {
    return Files.exists(
        home.resolve("hub/models--owner--model/snapshots/" + "a".repeat(40)).resolve(name),
        LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void largeFilesComeFromAnotherHostWhichNeverSeesTheToken() throws IOException {
    hub.token = "hf_secret";
    Map<String, String> environment = hub.environment(home);
    environment.put("HF_TOKEN", " hf_secret\n");
    assertWhole(fetch(environment));
    assertTrue(
        hub.asked.stream().allMatch(line -> line.endsWith(" Bearer hf_secret")),
        hub.asked::toString);
    assertEquals(List.of("GET /" + FakeHub.sha256(weights) + "/" + WEIGHTS), hub.askedElsewhere);
    assertEquals("downloading owner/model 300000/300000", progress.getLast());
    assertEquals("downloading owner/model 0/300000", progress.getFirst());
  }

  @Test
  void theTokenIsTakenFromItsFile() throws IOException {
    hub.token = "hf_of_the_file";
    Files.writeString(home.resolve("token"), "hf_of_the_file\n");
    assertWhole(fetch());
  }

  @Test
  void aMirrorThatListsNamesAloneIsAskedForChecksums() throws IOException {
    hub.listsTrees = false;
    assertWhole(fetch());
    String file = "/owner/model/resolve/" + "a".repeat(40) + "/" + WEIGHTS;
    assertTrue(hub.asked.contains("HEAD " + file), hub.asked::toString);
    // Not asked where the bytes are: the hub itself says what they come to.
    assertTrue(
        hub.askedElsewhere.stream().noneMatch(line -> line.startsWith("HEAD")),
        hub.askedElsewhere::toString);
    assertEquals("downloading owner/model 300000/300000", progress.getLast());
    hub.asked.clear();
    fetch();
    assertTrue(
        hub.asked.stream().noneMatch(line -> line.contains("/resolve/")), hub.asked::toString);
  }

  @Test
  void aBrokenConnectionIsTakenUpWhereItBroke() throws IOException {
    hub.cuts.put(WEIGHTS, new AtomicInteger(2));
    hub.cuts.put("config.json", new AtomicInteger(1));
    assertWhole(fetch());
    List<Integer> starts =
        hub.askedElsewhere.stream()
            .skip(1)
            .map(line -> Integer.parseInt(line.replaceFirst(".* bytes=(\\d+)-$", "$1")))
            .toList();
    assertEquals(2, starts.size());
    assertTrue(0 < starts.getFirst() && starts.getFirst() < starts.getLast(), starts::toString);
  }

  @Test
  void aLaterRunGoesOnWithWhatAnEarlierOneLeft() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    hub.stalls.put(WEIGHTS, end);
    try (Hub client = HubTests.hub(hub.environment(home))) {
      assertThrows(
          CancellationException.class,
          () ->
              client.model(
                  ID,
                  Optional.empty(),
                  (_, done, _) -> {
                    if (done > 0) {
                      throw new CancellationException("asked to stop");
                    }
                  }));
    }
    end.countDown();
    hub.stalls.clear();
    assertFalse(isShown(WEIGHTS));
    assertTrue(Files.size(part()) > 0);
    // Whatever had come by then; put down so that the test knows how much.
    Files.write(part(), Arrays.copyOf(weights, 1000));
    hub.askedElsewhere.clear();
    assertWhole(fetch());
    assertEquals(
        List.of("GET /" + FakeHub.sha256(weights) + "/" + WEIGHTS + " bytes=1000-"),
        hub.askedElsewhere);
  }

  @Test
  void aFileThatIsWholeButWasNotPutInItsPlaceIsNotFetched() throws IOException {
    Files.createDirectories(part().resolveSibling(""));
    Files.write(part(), weights);
    assertWhole(fetch());
    assertEquals(List.of(), hub.askedElsewhere);
  }

  @Test
  void damagedBytesAreFetchedOnceMore() throws IOException {
    hub.damages.put(WEIGHTS, new AtomicInteger(1));
    hub.damages.put("tokenizer.json", new AtomicInteger(1));
    assertWhole(fetch());
    assertEquals(2, hub.askedElsewhere.size());
  }

  @Test
  void wrongBytesAreRefusedAndNeverShown() throws IOException {
    hub.damages.put(WEIGHTS, new AtomicInteger(Integer.MAX_VALUE));
    byte[] wrong = weights.clone();
    wrong[0]++;
    assertEquals(
        "'owner/model': expected its file 'model.safetensors' from %s, got 'expected sha256 %s, got sha256 %s'; run it again to go on where it stopped"
            .formatted(hub.endpoint(), FakeHub.sha256(weights), FakeHub.sha256(wrong)),
        HubTests.refusal(this::fetch));
    assertEquals(2, hub.askedElsewhere.size());
    assertFalse(isShown(WEIGHTS));
    assertEquals(List.of(), incomplete());
    hub.damages.clear();
    assertWhole(fetch());
  }

  @Test
  void aConnectionThatAlwaysBreaksIsGivenUpAndWhatCameIsKept() throws IOException {
    hub.cuts.put(WEIGHTS, new AtomicInteger(Integer.MAX_VALUE));
    assertTrue(
        HubTests.refusal(this::fetch)
            .startsWith("'owner/model': expected its file 'model.safetensors' from "));
    assertFalse(isShown(WEIGHTS));
    assertTrue(Files.size(part()) > 100_000);
    hub.cuts.clear();
    assertWhole(fetch());
  }
}
