package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.adapter.AdaptedModel;
import dev.hlotune.trainer.adapter.AdapterDirectory;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.ModelExport;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.SpecialTokens;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.EndTokens;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.step.TrainState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Leaves the trained model as a Hugging Face directory. */
final class FinalModel {
  private FinalModel() {}

  static void write(
      SftConfig config,
      TunedModel tuned,
      Tokenizer tokenizer,
      ChatTemplate template,
      TrainState state,
      RunObserver observer)
      throws IOException {
    Path target = config.output().directory().resolve("final");
    Optional<AdaptedModel> adapter =
        tuned.adapted().filter(_ -> !config.model().lora().orElseThrow().merge());
    if (adapter.isPresent()) {
      Map<String, float[]> values = tuned.adapterValues(state);
      ModelDirectory.write(
          target,
          export(config, tuned, tokenizer, template, List.of()),
          folder -> AdapterDirectory.write(folder, adapter.get(), values));
      observer.on(new RunEvent.Saved(target, adapter.get().trainedParameters() * Float.BYTES));
      return;
    }
    BaseModel base = tuned.base();
    try (ModelWeights files = base.hasWeights() ? ModelWeights.open(base.path()) : null) {
      List<WritableTensor> tensors =
          tuned.wholeModel(
              state, SavedTypes.of(config.output().saveType(), base), Optional.ofNullable(files));
      ModelDirectory.write(target, export(config, tuned, tokenizer, template, tensors));
      observer.on(
          new RunEvent.Saved(target, tensors.stream().mapToLong(WritableTensor::byteSize).sum()));
    }
  }

  private static ModelExport export(
      SftConfig config,
      TunedModel tuned,
      Tokenizer tokenizer,
      ChatTemplate template,
      List<WritableTensor> tensors) {
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
        specialTokens(tokenizer, template));
  }

  /** Generation ends at the template's end of turn, where that is a token, and at the text's. */
  private static SpecialTokens specialTokens(Tokenizer tokenizer, ChatTemplate template) {
    return new SpecialTokens(
        tokenizer.bosToken().flatMap(token -> id(tokenizer, token)),
        List.copyOf(EndTokens.of(template, tokenizer).ids()),
        tokenizer.padToken().flatMap(token -> id(tokenizer, token)));
  }

  private static Optional<Integer> id(Tokenizer tokenizer, String token) {
    OptionalInt id = tokenizer.idOf(token);
    return id.isPresent() ? Optional.of(id.getAsInt()) : Optional.empty();
  }
}
