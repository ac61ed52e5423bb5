package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.trainer.adapter.AdaptedModel;
import dev.hlotune.trainer.adapter.AdapterDirectory;
import dev.hlotune.trainer.checkpoint.AtomicDirectory;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.ModelExport;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.SpecialTokens;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.EndTokens;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.step.ElementTypes;
import dev.hlotune.trainer.step.HeldArray;
import dev.hlotune.trainer.step.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/**
 * The model of a run as a Hugging Face directory: a whole model, or an adapter.
 *
 * @param tuned what is trained of which model
 * @param template that it is trained with
 */
record TrainedModel(
    SftConfig config, TunedModel tuned, Tokenizer tokenizer, ChatTemplate template) {

  /**
   * Writes the directory whole.
   *
   * @param weights in the model's order
   * @return bytes of the weights in it
   */
  long write(Path target, List<HeldArray> weights) throws IOException {
    long[] bytes = {0};
    AtomicDirectory.write(target, folder -> bytes[0] = writeInto(folder, weights));
    return bytes[0];
  }

  /** The same, into a folder that is there. */
  long writeInto(Path folder, List<HeldArray> weights) throws IOException {
    Optional<AdaptedModel> adapter = savedAdapter();
    if (adapter.isPresent()) {
      Map<String, float[]> values = tuned.adapterValues(weights);
      ModelDirectory.writeInto(
          folder, export(List.of()), place -> AdapterDirectory.write(place, adapter.get(), values));
      return adapter.get().trainedParameters() * Float.BYTES;
    }
    BaseModel base = tuned.base();
    try (ModelWeights files = base.hasWeights() ? ModelWeights.open(base.path()) : null) {
      List<WritableTensor> tensors = tuned.wholeModel(weights, types(), Optional.ofNullable(files));
      ModelDirectory.writeInto(folder, export(tensors));
      return tensors.stream().mapToLong(WritableTensor::byteSize).sum();
    }
  }

  /**
   * Whether the directory has every trained weight as it is trained: a run can go on from it. It
   * has not where they are rounded, or an adapter is taken apart into its layers or merged.
   */
  boolean holdsWeightsExactly() throws IOException {
    if (tuned.adapted().isPresent()) {
      return false;
    }
    BiFunction<String, StorageType, StorageType> types = types();
    ParamMap<ParameterSpec> specs = tuned.tuning().parameters();
    return specs.stream()
        .allMatch(entry -> {
          StorageType held = ElementTypes.stored(entry.getValue().shape().dtype());
          return Weights.parts(entry.getKey(), entry.getValue().shape()).stream()
              .allMatch(part -> types.apply(part.name(), held) == held);
        });
  }

  private BiFunction<String, StorageType, StorageType> types() throws IOException {
    return SavedTypes.of(config.output().saveType(), tuned.base());
  }

  private Optional<AdaptedModel> savedAdapter() {
    return tuned.adapted().filter(_ -> !config.model().lora().orElseThrow().merge());
  }

  private ModelExport export(List<WritableTensor> tensors) {
    return new ModelExport(
        tuned.base().path(),
        tuned.configChanges(),
        tensors,
        config.output().maxShardSize().bytes(),
        Optional.of(tokenizer.directory()),
        tokenizer.changedFiles(),
        // The tokenizer's own stays where it is the one that was trained with.
        template.source().equals(tokenizer.chatTemplates().get(Tokenizer.DEFAULT_TEMPLATE))
            ? Optional.empty()
            : Optional.of(template.portable()),
        specialTokens());
  }

  /** Generation ends at the template's end of turn, where that is a token, and at the text's. */
  private SpecialTokens specialTokens() {
    return new SpecialTokens(
        tokenizer.bosToken().flatMap(this::id),
        List.copyOf(EndTokens.of(template, tokenizer).ids()),
        tokenizer.padToken().flatMap(this::id));
  }

  private Optional<Integer> id(String token) {
    OptionalInt id = tokenizer.idOf(token);
    return id.isPresent() ? Optional.of(id.getAsInt()) : Optional.empty();
  }
}
