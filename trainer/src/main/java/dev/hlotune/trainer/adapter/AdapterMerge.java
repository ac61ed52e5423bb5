package dev.hlotune.trainer.adapter;

import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.ModelExport;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.SpecialTokens;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.step.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a whole model of a base and an adapter, or a base of a whole model and its adapter.
 *
 * @param base the model's directory
 * @param adapter the adapter's
 * @param unmerge whether the adapter is taken away
 */
public record AdapterMerge(Path base, Path adapter, boolean unmerge) {
  /**
   * Writes the model.
   *
   * @param maxShardBytes how large a file of weights may be
   * @return how many weights the adapter has changed
   * @throws IOException if a file cannot be read or written
   * @throws DataException if the adapter is not one of this model, or cannot be taken away
   */
  public int write(Path target, long maxShardBytes) throws IOException {
    Map<String, Object> json = ModelDirectory.readConfig(base);
    try (AdapterDirectory files = AdapterDirectory.open(adapter);
        ModelWeights weights = ModelWeights.open(base)) {
      CausalModel model = model(json);
      AdaptedModel adapted = AdaptedModel.of(model, files.config(), files.config().rank());
      Weights.check(model, weights);
      Map<String, TensorEntry> tensors = files.match(adapted);
      if (unmerge) {
        requireUnmergeable(adapted, tensors);
      }
      Merging merging = new Merging(adapted, tensors, unmerge);
      List<TensorEntry> own = new ArrayList<>();
      for (String name : model.parameters().names()) {
        own.add(weights.find(name).orElseThrow().named(name));
      }
      ModelDirectory.write(
          target,
          new ModelExport(
              base,
              merging.untiesHead() ? Map.of("tie_word_embeddings", false) : Map.of(),
              merging.whole(own, name -> type(weights, name)),
              maxShardBytes,
              Optional.of(
                  Files.exists(adapter.resolve("tokenizer.json"))
                      ? adapter.toAbsolutePath()
                      : base.toAbsolutePath()),
              Map.of(),
              Optional.empty(),
              new SpecialTokens(Optional.empty(), List.of(), Optional.empty())));
      return Math.toIntExact(own.stream().filter(entry -> merging.changes(entry.name())).count());
    }
  }

  private CausalModel model(Map<String, Object> json) {
    try {
      return Families.of(new ModelConfig(json), new Layout(Layering.UNROLL, Remat.NOTHING));
    } catch (ShapeException e) {
      throw new DataException(base.resolve("config.json"), String.valueOf(e.getMessage()), e);
    }
  }

  private static StorageType type(ModelWeights weights, String name) {
    return weights.find(name).orElseThrow().type();
  }

  private void requireUnmergeable(AdaptedModel adapted, Map<String, TensorEntry> tensors) {
    if (adapted.config().dora()) {
      throw new DataException(
          adapter,
          "adapter: expected one without magnitudes to take away, got use_dora; the norms that it"
              + " replaced are gone");
    }
    tensors.keySet().stream()
        .filter(name -> adapted.model().base().parameters().has(name))
        .findFirst()
        .ifPresent(name -> {
          throw new DataException(
              adapter,
              "adapter: expected no weights that it replaced to take it away, got '%s'"
                  .formatted(name));
        });
    if (new Merging(adapted, tensors, true).untiesHead()) {
      throw new DataException(
          adapter, "adapter: expected none of a head that was tied to take away, got one");
    }
  }
}
