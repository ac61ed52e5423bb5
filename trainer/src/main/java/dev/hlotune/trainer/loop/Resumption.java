package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.Resume;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The checkpoint that a run goes on from, every byte of it compared with what was written.
 *
 * @param checkpoint its directory
 * @param progress how far it is
 * @param saved what its {@code training_state.json} says
 */
record Resumption(CheckpointDirectory checkpoint, RunProgress progress, SavedJson saved) {

  /**
   * Finds it; empty where the run begins anew.
   *
   * @throws DataException if it is damaged or holds a model alone
   */
  static Optional<Resumption> find(SftConfig config, RunObserver observer) throws IOException {
    Optional<Resume> resume = config.checkpoints().resume();
    if (resume.isEmpty()) {
      return Optional.empty();
    }
    return switch (resume.get()) {
      case Resume.Newest() -> newest(config.output().directory(), observer);
      case Resume.From(Path path) -> {
        CheckpointDirectory named = CheckpointDirectory.named(path);
        named.verify();
        yield Optional.of(open(named));
      }
    };
  }

  private static Optional<Resumption> newest(Path output, RunObserver observer) throws IOException {
    List<CheckpointDirectory> all = CheckpointDirectory.in(output);
    Optional<DataException> first = Optional.empty();
    for (CheckpointDirectory one : all.reversed()) {
      Optional<DataException> damage = one.damage();
      if (damage.isEmpty()) {
        if (Checkpoints.isComplete(one)) {
          return Optional.of(open(one));
        }
        continue; // A model alone, by 'save_only_model'.
      }
      Path aside = one.setAside();
      observer.on(
          new RunEvent.Noted(
              "%s; an older one is taken, this one is '%s' now"
                  .formatted(damage.get().getMessage(), aside)));
      first = first.or(() -> damage);
    }
    if (first.isPresent()) {
      throw first.get();
    }
    observer.on(
        new RunEvent.Noted(
            "'resume_from_checkpoint': no checkpoint in '" + output + "', from the beginning"));
    return Optional.empty();
  }

  private static Resumption open(CheckpointDirectory checkpoint) throws IOException {
    if (!Checkpoints.isComplete(checkpoint)) {
      throw new DataException(
          checkpoint.path(),
          "checkpoint: expected what it takes to go on from it, got a model alone ('save_only_model')");
    }
    SavedJson saved = Checkpoints.read(checkpoint);
    return new Resumption(checkpoint, RunProgress.of(saved.object("progress")), saved);
  }

  /**
   * Compares the recipe with the one that the checkpoint is of.
   *
   * @throws ConfigException that names every key with another value
   */
  void requireSameRecipe(SftConfig config) {
    Map<String, Object> before = saved.object("run").object("config").values();
    refuse(config, config.changesOf(before));
  }

  /**
   * Compares data, tokenizer, template and programs likewise.
   *
   * @throws ConfigException that names all that differ
   */
  void requireSame(SftConfig config, RunManifest manifest) {
    List<String> differences = new ArrayList<>();
    Map<String, Object> before = saved.object("run").object("hashes").values();
    boolean moved = !device(Manifests.MESH).equals(manifest.device().get(Manifests.MESH));
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(manifest.hashes().keySet());
    names.remove("eval_data");
    for (String name : names) {
      // On another mesh the same step is written otherwise.
      boolean both = before.containsKey(name) && manifest.hashes().containsKey(name);
      boolean same =
          (moved && both && name.startsWith(Manifests.STEP))
              || Objects.equals(before.get(name), manifest.hashes().get(name));
      if (!same) {
        differences.add(
            "%s: %s, now %s".formatted(name, before.get(name), manifest.hashes().get(name)));
      }
    }
    Object plugin = saved.object("run").object("versions").values().get("plugin");
    if (!Objects.equals(plugin, manifest.versions().get("plugin"))) {
      differences.add("plugin: %s, now %s".formatted(plugin, manifest.versions().get("plugin")));
    }
    refuse(config, differences);
  }

  /** Of what the rows of its batches are multiples. */
  int rowMultiple() {
    return saved.object("run").object("device").values().get("row_multiple") instanceof Number rows
        ? rows.intValue()
        : 1;
  }

  private Object device(String name) {
    Object value = saved.object("run").object("device").values().get(name);
    return value == null ? Map.of() : value;
  }

  private void refuse(SftConfig config, List<String> differences) {
    if (differences.isEmpty() || config.checkpoints().allowChanges()) {
      return;
    }
    throw ConfigException.of(
        "'resume_from_checkpoint': expected what '%s' was trained with, got another (%s); give what it was, or --allow_recipe_changes true"
            .formatted(checkpoint.path(), String.join("; ", differences)));
  }
}
