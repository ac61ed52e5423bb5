package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every key of the other systems' releases is known here, and says something. */
final class PeerKeysTest {

  /** The names as they were recorded, read apart from the code under test. */
  private static List<String> recorded(Peer peer) throws IOException {
    List<String> names = new ArrayList<>();
    try (InputStream stream =
        PeerKeys.class.getResourceAsStream("peers/" + peer.spelled() + ".json")) {
      for (JsonNode group :
          new JsonMapper().readTree(Objects.requireNonNull(stream)).get("groups")) {
        group.get("keys").fieldNames().forEachRemaining(names::add);
      }
    }
    return names;
  }

  @ParameterizedTest
  @EnumSource(Peer.class)
  void noKeyIsForgotten(Peer peer) throws IOException {
    Set<String> unknown = new TreeSet<>();
    for (String name : recorded(peer)) {
      boolean known =
          peer == Peer.DEEPSPEED ? !DeepSpeedKeys.of(name).isEmpty() : SftKeys.TABLE.knows(name);
      if (!known) {
        unknown.add(name);
      }
    }
    assertEquals(Set.of(), unknown);
  }

  @TempDir private Path directory;

  /** A recipe of all keys of a system with the values that they have there without being set. */
  private SftRecipe defaults(Peer peer, Set<String> without, String... options) throws IOException {
    Files.createDirectories(directory.resolve("model"));
    Files.writeString(directory.resolve("train.jsonl"), "{}\n");
    StringBuilder yaml = new StringBuilder();
    Set<String> seen = new TreeSet<>(without);
    try (InputStream stream =
        PeerKeys.class.getResourceAsStream("peers/" + peer.spelled() + ".json")) {
      for (JsonNode group :
          new JsonMapper().readTree(Objects.requireNonNull(stream)).get("groups")) {
        for (Map.Entry<String, JsonNode> key : group.get("keys").properties()) {
          if (!key.getValue().isNull() && seen.add(key.getKey())) {
            yaml.append(key.getKey()).append(": ").append(key.getValue()).append('\n');
          }
        }
      }
    }
    Files.writeString(directory.resolve("recipe.yaml"), yaml);
    List<String> arguments = new ArrayList<>(List.of("recipe.yaml"));
    arguments.addAll(List.of(options));
    return SftRecipe.read(arguments, directory);
  }

  /** What a run without any key but its inputs has. */
  private SftConfig own() {
    return SftRecipe.read(
            List.of("--model_name_or_path", "model", "--dataset_name", "train.jsonl"), directory)
        .config();
  }

  private static void assertDiffers(Map<String, Object> expected, SftConfig from, SftConfig of) {
    Map<String, Object> differs = new TreeMap<>(of.resolved());
    differs.entrySet().removeAll(from.resolved().entrySet());
    assertEquals(new TreeMap<>(expected), differs);
  }

  /** Both recipes are read with all values of TRL; only what TRL does otherwise differs. */
  @Test
  void trlWithAllItsDefaultsWrittenOutRuns() throws IOException {
    SftRecipe recipe =
        defaults(
            Peer.TRL,
            Set.of("datasets", "model_name_or_path", "r"),
            "--model_name_or_path",
            "model",
            "--dataset_name",
            "train.jsonl");
    assertDiffers(
        Map.of(
            "dataset_split", "train",
            "dataset_text_field", "text",
            "gradient_checkpointing", "full",
            "scan_layers", true,
            "group_by_length", false,
            "num_devices", 1,
            "train_on_what", "all_but_prompts"),
        own(),
        recipe.config());
  }

  @Test
  void easydelWithAllItsDefaultsWrittenOutRuns() throws IOException {
    SftRecipe recipe =
        defaults(
            Peer.EASYDEL,
            Set.of("use_wandb", "dataset_name"),
            "--repo_id",
            "model",
            "--dataset_name",
            "train.jsonl");
    assertDiffers(
        Map.ofEntries(
            Map.entry("data_seed", 64871),
            Map.entry("dataset_split", "train"),
            Map.entry("dataset_text_field", "text"),
            Map.entry("dtype", "bfloat16"),
            Map.entry("lr_scheduler_type", "constant"),
            Map.entry("num_train_epochs", 10.0),
            Map.entry("output_dir", "EasyDeL-Checkpoints"),
            Map.entry("mesh", Map.of("data", 1, "fsdp", -1, "sequence", 1, "tensor", 1)),
            Map.entry("total_batch_size", 32),
            Map.entry("resume_from_checkpoint", "auto"),
            Map.entry("train_on_what", "all_tokens"),
            Map.entry("truncation_mode", "keep_end"),
            Map.entry("weight_decay", 0.01)),
        own(),
        recipe.config());
  }

  @Test
  void deepSpeedWithAllItsDefaultsWrittenOutIsRead() throws IOException {
    List<RawSetting> settings = new ArrayList<>();
    for (PeerKeys.Group group : PeerKeys.of(Peer.DEEPSPEED).groups()) {
      for (PeerKeys.Entry entry : group.keys()) {
        entry
            .preset()
            .ifPresent(preset ->
                settings.add(
                    new RawSetting(
                        entry.name(), Optional.of(preset), new Origin.InFile("ds.json", 1))));
      }
    }
    Resolver resolver = new Resolver(SftKeys.TABLE, directory, Optional.empty());
    resolver.agree(settings, DeepSpeedKeys::of);
    assertEquals(List.of(), resolver.problems().stream().map(Problem::toString).toList());
  }

  @ParameterizedTest
  @EnumSource(Peer.class)
  void everyMeaningIsOneLine(Peer peer) {
    for (PeerKeys.Group group : PeerKeys.of(peer).groups()) {
      for (PeerKeys.Entry entry : group.keys()) {
        PeerRow row = PeerRow.of(entry);
        assertTrue(
            row.effect() == PeerRow.Effect.KEY
                || row.effect() == PeerRow.Effect.READ
                || !row.how().isBlank(),
            row.toString());
        assertTrue(row.here().length() <= 180, row.here());
        row.keys().forEach(key -> assertTrue(SftKeys.TABLE.find(key).isPresent(), row.toString()));
      }
    }
  }
}
