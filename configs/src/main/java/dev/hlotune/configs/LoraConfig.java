package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Low-rank adapters.
 *
 * @param rank {@code r}
 * @param alpha {@code lora_alpha}
 * @param dropout the part of an adapter's input that is dropped
 * @param targets names, one expression or {@code all-linear}; empty takes the family's preset
 * @param kinds layers by what they are a part of, in place of {@code targets}
 * @param modulesToSave modules that are trained whole
 * @param rsLora whether the scale is alpha / sqrt(r)
 * @param dora whether magnitudes are trained apart
 * @param bias which biases are trained
 * @param maxRank the rank that programs have room for
 * @param merge whether a whole model is saved
 * @param loadIn the bits in which the model's own weights are held; empty for those of the
 *     computation
 * @param adapter to train further; its own settings hold in place of those here
 */
public record LoraConfig(
    int rank,
    double alpha,
    double dropout,
    List<String> targets,
    Optional<Kinds> kinds,
    List<String> modulesToSave,
    boolean rsLora,
    boolean dora,
    LoraBias bias,
    Optional<Integer> maxRank,
    boolean merge,
    Optional<LoadIn> loadIn,
    Optional<Path> adapter) {

  /** Layers by what they are a part of. */
  public record Kinds(boolean attention, boolean mlp, boolean unembed) {}

  /** Holds the bounds and keeps its own copies. */
  public LoraConfig {
    targets = List.copyOf(targets);
    modulesToSave = List.copyOf(modulesToSave);
    new Checks()
        .within(LoraKeys.R, rank)
        .within(LoraKeys.ALPHA, alpha)
        .within(LoraKeys.DROPOUT, dropout)
        .within(LoraKeys.TARGETS, targets)
        .within(LoraKeys.MODULES_TO_SAVE, modulesToSave)
        .within(LoraKeys.MAX_RANK, maxRank)
        .require(
            kinds.isEmpty() || targets.isEmpty(),
            "'lora_target_modules': expected none beside 'train_attn', 'train_mlp' and"
                + " 'train_unembed', got "
                + targets,
            LoraKeys.TARGETS,
            LoraKeys.TRAIN_ATTN)
        .require(
            kinds.isEmpty()
                || kinds.get().attention()
                || kinds.get().mlp()
                || kinds.get().unembed(),
            "'train_attn': expected one of 'train_attn', 'train_mlp' and 'train_unembed' to be true,"
                + " got none",
            LoraKeys.TRAIN_ATTN)
        .require(
            loadIn.isEmpty() || !dora,
            "'use_dora': expected false beside 'load_in_4bit' and 'load_in_8bit', got true; the norms"
                + " of weights in few bits are not there to start from",
            LoraKeys.DORA)
        .require(
            adapter.isPresent() || maxRank.orElse(rank) >= rank,
            "'lora_max_rank': expected at least 'lora_r' " + rank + ", got " + maxRank.orElse(rank),
            LoraKeys.MAX_RANK,
            LoraKeys.R)
        .done();
  }

  /** The adapters asked for, if any are. */
  static Optional<LoraConfig> of(Settings settings) {
    boolean wanted = settings.get(LoraKeys.USE_PEFT);
    // Whoever says that there are to be none may bring along what they would be.
    boolean declined = settings.given(LoraKeys.USE_PEFT).isPresent() && !wanted;
    Optional<Path> adapter = settings.find(LoraKeys.ADAPTER);
    Checks checks = new Checks();
    for (Key<?> key : LoraKeys.OF_NEW) {
      boolean given = settings.find(key).isPresent();
      checks.require(
          !given || wanted || declined || adapter.isPresent(),
          "'" + key.name() + "': expected 'use_peft: true' beside it, got none",
          key,
          LoraKeys.USE_PEFT);
      checks.require(
          !given || adapter.isEmpty(),
          "'"
              + key.name()
              + "': expected none beside 'adapter_name_or_path', whose own settings hold, got one",
          key,
          LoraKeys.ADAPTER);
    }
    for (Key<?> key :
        List.of(LoraKeys.MAX_RANK, LoraKeys.MERGE, LoraKeys.LOAD_IN_4BIT, LoraKeys.LOAD_IN_8BIT)) {
      checks.require(
          settings.find(key).filter(value -> !value.equals(false)).isEmpty()
              || wanted
              || (declined && !LoraKeys.LOADING.contains(key))
              || adapter.isPresent(),
          "'" + key.name() + "': expected 'use_peft: true' beside it, got none",
          key,
          LoraKeys.USE_PEFT);
    }
    boolean four = settings.find(LoraKeys.LOAD_IN_4BIT).orElse(false);
    boolean eight = settings.find(LoraKeys.LOAD_IN_8BIT).orElse(false);
    checks
        .require(
            !four || !eight,
            "'load_in_4bit': expected one of 'load_in_4bit' and 'load_in_8bit', got both",
            LoraKeys.LOAD_IN_4BIT,
            LoraKeys.LOAD_IN_8BIT)
        .done();
    if (!wanted && adapter.isEmpty()) {
      return Optional.empty();
    }
    Optional<Boolean> attention = settings.find(LoraKeys.TRAIN_ATTN);
    Optional<Boolean> mlp = settings.find(LoraKeys.TRAIN_MLP);
    Optional<Boolean> unembed = settings.find(LoraKeys.TRAIN_UNEMBED);
    boolean byKind = attention.isPresent() || mlp.isPresent() || unembed.isPresent();
    return Optional.of(
        new LoraConfig(
            settings.find(LoraKeys.R).orElse(16),
            settings.find(LoraKeys.ALPHA).orElse(32.0),
            settings.find(LoraKeys.DROPOUT).orElse(0.05),
            settings.find(LoraKeys.TARGETS).orElse(List.of()),
            byKind
                ? Optional.of(
                    new Kinds(attention.orElse(true), mlp.orElse(true), unembed.orElse(true)))
                : Optional.empty(),
            settings.find(LoraKeys.MODULES_TO_SAVE).orElse(List.of()),
            settings.find(LoraKeys.RSLORA).orElse(false),
            settings.find(LoraKeys.DORA).orElse(false),
            settings.find(LoraKeys.BIAS).orElse(LoraBias.NONE),
            settings.find(LoraKeys.MAX_RANK),
            settings.find(LoraKeys.MERGE).orElse(false),
            four ? Optional.of(LoadIn.NF4) : eight ? Optional.of(LoadIn.INT8) : Optional.empty(),
            adapter));
  }

  static void addTo(Values values, Optional<LoraConfig> lora) {
    values.put(LoraKeys.USE_PEFT, lora.isPresent() && lora.get().adapter.isEmpty());
    lora.ifPresent(config -> config.addTo(values));
  }

  private void addTo(Values values) {
    values
        .put(LoraKeys.ADAPTER, adapter)
        .put(LoraKeys.MAX_RANK, maxRank)
        .put(LoraKeys.MERGE, merge)
        .put(LoraKeys.LOAD_IN_4BIT, loadIn.map(LoadIn.NF4::equals))
        .put(LoraKeys.LOAD_IN_8BIT, loadIn.map(LoadIn.INT8::equals));
    if (adapter.isPresent()) {
      return;
    }
    values
        .put(LoraKeys.R, rank)
        .put(LoraKeys.ALPHA, alpha)
        .put(LoraKeys.DROPOUT, dropout)
        .put(LoraKeys.TARGETS, Optional.of(targets).filter(names -> !names.isEmpty()))
        .put(LoraKeys.TRAIN_ATTN, kinds.map(Kinds::attention))
        .put(LoraKeys.TRAIN_MLP, kinds.map(Kinds::mlp))
        .put(LoraKeys.TRAIN_UNEMBED, kinds.map(Kinds::unembed))
        .put(LoraKeys.MODULES_TO_SAVE, Optional.of(modulesToSave).filter(names -> !names.isEmpty()))
        .put(LoraKeys.RSLORA, rsLora)
        .put(LoraKeys.DORA, dora)
        .put(LoraKeys.BIAS, bias);
  }
}
