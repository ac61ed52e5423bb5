package dev.hlotune.trainer.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.pjrt.web.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads when the hub refuses, is busy or is not there. */
final class HubErrorsTest {
  @TempDir private Path home;

  private final FakeHub hub = new FakeHub();
  private final HubTests.Waits waits = new HubTests.Waits();

  @BeforeEach
  void fill() {
    hub.model("owner/model", Map.of("config.json", "{}".getBytes(StandardCharsets.UTF_8)));
    hub.model("owner/words", Map.of("tokenizer.json", "{}".getBytes(StandardCharsets.UTF_8)));
    hub.dataset("owner/data", Map.of("train.jsonl", "{}\n"));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private String model(String id, Map<String, String> environment, String revision) {
    return HubTests.refusal(
            () -> {
              try (Hub client = Hub.of(environment, false, waits.patience())) {
                client.model(id, Optional.of(revision), HubProgress.silent());
              }
            })
        .replace(hub.endpoint(), "HUB");
  }

  private Map<String, String> withToken() {
    Map<String, String> environment = hub.environment(home);
    environment.put("HF_TOKEN", "hf_secret");
    return environment;
  }

  @Test
  void aNameThatIsNotThere() {
    assertEquals(
        "'owner/none': expected a model on HUB, got none of that name (status 404); check the spelling of the id or path, or set HF_TOKEN to a token that may read it",
        model("owner/none", hub.environment(home), "main"));
    assertEquals(
        "'owner/none': expected a model on HUB, got none of that name (status 404); check the spelling of the id or path, or whether the token of HF_TOKEN may read it",
        model("owner/none", withToken(), "main"));
    assertEquals(
        "data set: expected an id of the hub ('owner/name'), got '../x'",
        HubTests.refusal(() -> {
          try (Hub client = HubTests.hub(hub.environment(home))) {
            client.dataset(DatasetRequest.of("../x", "train"), HubProgress.silent());
          }
        }));
  }

  @Test
  void aRepositoryThatIsPrivate() {
    hub.token = "hf_other";
    assertEquals(
        "'owner/model': expected a model on HUB, got none of that name (status 401); check the spelling of the id or path, or set HF_TOKEN to a token that may read it",
        model("owner/model", hub.environment(home), "main"));
    String message = model("owner/model", withToken(), "main");
    assertFalse(message.contains("hf_secret"), message);
  }

  @Test
  void aTokenThatNobodyKnows() {
    hub.fail(
        path -> true,
        1,
        401,
        Map.of("X-Error-Message", "Invalid credentials in Authorization header"));
    assertEquals(
        "token of HF_TOKEN: expected one that HUB knows, got another; make one at HUB/settings/tokens, or do without",
        model("owner/model", withToken(), "main"));
  }

  @Test
  void aRepositoryWithTermsToAccept() {
    Map<String, String> gated =
        Map.of("X-Error-Code", "GatedRepo", "X-Error-Message", "restricted");
    hub.fail(path -> path.contains("/tree/"), 1, 401, gated);
    assertEquals(
        "'owner/model': expected the right to read a gated model, got status 401; accept its terms at HUB/owner/model and set HF_TOKEN to a token of that account",
        model("owner/model", hub.environment(home), "main"));
    hub.fail(path -> path.contains("/revision/"), 1, 403, gated);
    assertEquals(
        "'owner/model': expected the right to read a gated model, got status 403; accept its terms at HUB/owner/model with the account of the token of HF_TOKEN",
        model("owner/model", withToken(), "main"));
    hub.fail(path -> path.contains("/resolve/"), 1, 403, gated);
    assertEquals(
        "'owner/data': expected the right to read a gated data set, got status 403; accept its terms at HUB/datasets/owner/data and set HF_TOKEN to a token of that account",
        HubTests.refusal(
                () -> {
                  try (Hub client = HubTests.hub(hub.environment(home))) {
                    client.dataset(DatasetRequest.of("owner/data", "train"), HubProgress.silent());
                  }
                })
            .replace(hub.endpoint(), "HUB"));
  }

  @Test
  void aRevisionThatIsNotThere() {
    assertEquals(
        "'owner/model': expected a branch, tag or commit of it, got 'v2'; see HUB/owner/model",
        model("owner/model", hub.environment(home), "v2"));
    hub.asked.clear();
    for (String revision : List.of("../../etc", "/etc", "a b", "c:d", "")) {
      assertTrue(
          model("owner/model", hub.environment(home), revision)
              .contains("expected a branch, tag or commit"),
          revision);
    }
    assertEquals(List.of(), hub.asked);
  }

  @Test
  void aBusyHubIsAskedAgain() {
    hub.fail(path -> path.contains("/revision/"), 2, 429, Map.of("Retry-After", "17"));
    hub.fail(path -> path.contains("/tree/"), 2, 503, Map.of());
    hub.fail(
        path -> path.contains("/resolve/"), 1, 429, Map.of("RateLimit", "\"resolvers\";r=0;t=30"));
    try (Hub client = Hub.of(hub.environment(home), false, waits.patience())) {
      assertTrue(
          Files.exists(
              client
                  .model("owner/model", Optional.empty(), HubProgress.silent())
                  .resolve("config.json")));
    }
    assertEquals(
        List.of(
            Duration.ofSeconds(17),
            Duration.ofSeconds(17),
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofSeconds(30)),
        waits.all);
  }

  @Test
  void aHubThatStaysBusySaysForHowLong() {
    hub.fail(path -> true, 99, 429, Map.of("Retry-After", "301"));
    assertEquals(
        "'owner/model': expected an answer of HUB, got status 429; it asks to be left alone for 301 s, and for less with a token in HF_TOKEN",
        model("owner/model", hub.environment(home), "main"));
    assertEquals(List.of(), waits.all);
    hub.fail(path -> true, 99, 429, Map.of());
  }

  @Test
  void aLongWaitIsSeenAndCanBeEnded() {
    hub.fail(path -> true, 1, 429, Map.of("Retry-After", "200"));
    List<String> seen = new ArrayList<>();
    HubProgress progress =
        (activity, done, total) -> {
          seen.add(activity + " " + done + "/" + total);
          throw new CancellationException("asked to stop");
        };
    try (Hub client = Hub.of(hub.environment(home), false, Patience.waiting(Waiting::sleep))) {
      assertThrows(
          CancellationException.class,
          () -> client.model("owner/model", Optional.empty(), progress));
    }
    assertEquals(List.of("waiting for the hub 0/200000"), seen);
  }

  @Test
  void aShortWaitIsWaited() {
    hub.fail(path -> true, 1, 503, Map.of("Retry-After", "0"));
    hub.fail(path -> path.contains("/tree/"), 1, 503, Map.of());
    List<String> seen = new ArrayList<>();
    try (Hub client = Hub.of(hub.environment(home), false, Patience.waiting(Waiting::sleep))) {
      client.tokenizer("owner/words", Optional.empty(), (activity, _, _) -> seen.add(activity));
    }
    assertEquals("waiting for the hub", seen.getFirst());
    assertEquals("downloading owner/words", seen.getLast());
  }

  @Test
  void aCacheThatCannotBeWrittenTo() throws IOException {
    Path repository = home.resolve("hub/models--owner--words");
    Files.createDirectories(repository);
    // Something else lies where folders should be.
    Files.writeString(repository.resolve("blobs"), "");
    Files.writeString(repository.resolve("refs"), "");
    Files.writeString(repository.resolve("trees"), "");
    try (Hub client = HubTests.hub(hub.environment(home))) {
      assertEquals(
          repository.resolve("blobs")
              + ": expected a cache of the hub that can be read and written, got 'something else in its place'; name another with HF_HUB_CACHE or HF_HOME",
          HubTests.refusal(
              () -> client.tokenizer("owner/words", Optional.empty(), HubProgress.silent())));
    }
  }

  @Test
  void aCacheThatIsOnlyReadMayHoldAll() throws IOException {
    Path repository = home.resolve("hub/models--owner--words");
    Path snapshot = repository.resolve("snapshots").resolve("a".repeat(40));
    Files.createDirectories(snapshot);
    Files.writeString(snapshot.resolve("tokenizer.json"), "{}");
    Files.writeString(repository.resolve("refs"), "");
    Files.writeString(repository.resolve("trees"), "");
    try (Hub client = HubTests.hub(hub.environment(home))) {
      assertEquals(
          snapshot, client.tokenizer("owner/words", Optional.empty(), HubProgress.silent()));
    }
  }

  @Test
  void aHubThatFails() {
    hub.fail(path -> true, 99, 500, Map.of("X-Error-Message", "Internal Error"));
    assertEquals(
        "'owner/model': expected an answer of HUB, got status 500 (Internal Error); try again later, or set HF_HUB_OFFLINE=1 to use what the cache holds",
        model("owner/model", hub.environment(home), "main"));
    assertEquals(2, waits.all.size());
  }

  @Test
  void aHubThatIsNotThere() {
    Map<String, String> environment = hub.environment(home);
    hub.close();
    String message = model("owner/model", environment, "main");
    assertTrue(message.startsWith("HUB: expected an answer, got '"), message);
    assertTrue(
        message.endsWith(
            "'; check the network (HTTPS_PROXY, HF_ENDPOINT), or set HF_HUB_OFFLINE=1 to use what the cache holds"),
        message);
    assertEquals(2, waits.all.size());
  }

  @Test
  void somethingThatIsNoHub() {
    hub.fail(path -> true, 1, 200, Map.of());
    assertEquals(
        "HUB: expected the commit of 'owner/model', got ''; does HF_ENDPOINT name a hub?",
        model("owner/model", hub.environment(home), "main"));
  }

  @Test
  void pathsThatLeadOutOfTheRepositoryAreRefused() {
    for (String path :
        List.of("../x.jsonl", "a/../../x.jsonl", "/x.jsonl", "C:/x.jsonl", "a\\..\\x.jsonl")) {
      hub.dataset("owner/evil", Map.of(path, "{}\n"));
      assertEquals(
          "repository: expected paths that stay inside of it, got '" + path + "'",
          HubTests.refusal(() -> {
            try (Hub client = HubTests.hub(hub.environment(home.resolve("h" + path.hashCode())))) {
              client.dataset(DatasetRequest.of("owner/evil", "train"), HubProgress.silent());
            }
          }));
    }
  }

  @Test
  void variablesThatCannotBeUsed() {
    assertSetting(
        "HF_ENDPOINT",
        "huggingface.co",
        "HF_ENDPOINT: expected an address such as 'https://huggingface.co', got 'huggingface.co'");
    assertSetting(
        "HF_HUB_DOWNLOAD_TIMEOUT",
        "soon",
        "HF_HUB_DOWNLOAD_TIMEOUT: expected seconds, a whole number of at least 1, got 'soon'");
    assertSetting(
        "HF_TOKEN",
        "two words",
        "HF_TOKEN: expected a token, one word of ASCII characters, got something else");
  }

  private static void assertSetting(String name, String value, String message) {
    assertEquals(
        message,
        assertThrows(ConfigException.class, () -> Hub.of(Map.of(name, value), false)).getMessage());
  }

  @Test
  void variablesAreReadAsPythonReadsThem() throws Exception {
    Map<String, String> home = Map.of("HOME", this.home.toString());
    HubSettings plain = HubSettings.of(home, false);
    assertEquals("https://huggingface.co", plain.endpoint());
    assertEquals(this.home.resolve(".cache/huggingface/hub"), plain.cache());
    assertEquals(Duration.ofSeconds(10), plain.web().timeout());
    assertTrue(plain.symlinks());
    assertFalse(plain.offline());
    assertEquals(Optional.empty(), plain.token());
    HubSettings set =
        HubSettings.of(
            Map.of(
                "HOME", this.home.toString(),
                "WHERE", "there",
                "HF_ENDPOINT", "https://mirror.example/hub/",
                "HF_HUB_CACHE", "~/$WHERE/${WHERE}",
                "HUGGING_FACE_HUB_TOKEN", "hf_x",
                "HF_HUB_DOWNLOAD_TIMEOUT", "30",
                "HF_HUB_DISABLE_SYMLINKS", "True",
                "TRANSFORMERS_OFFLINE", "on"),
            false);
    assertEquals("https://mirror.example/hub", set.endpoint());
    assertEquals(this.home.resolve("there/there"), set.cache());
    assertEquals(Duration.ofSeconds(30), set.web().timeout());
    assertFalse(set.symlinks());
    assertTrue(set.offline());
    assertEquals(Optional.of("hf_x"), set.token().map(Token::value));
    assertFalse(set.toString().contains("hf_x"), set::toString);
    assertEquals(
        Optional.empty(),
        HubSettings.of(Map.of("HF_TOKEN", "t", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"), false)
            .token());
    Files.writeString(this.home.resolve("mine"), "of a file\n");
    assertThrows(
        ConfigException.class,
        () -> HubSettings.of(Map.of("HF_TOKEN_PATH", this.home.resolve("mine").toString()), false));
  }
}
