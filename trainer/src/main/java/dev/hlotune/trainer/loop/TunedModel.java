package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.LoraConfig;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.QuantizedModel;
import dev.hlotune.hlo.nn.LowRank;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Quantization;
import dev.hlotune.hlo.nn.Spread;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.Storage;
import dev.hlotune.trainer.adapter.AdaptedModel;
import dev.hlotune.trainer.adapter.AdapterBias;
import dev.hlotune.trainer.adapter.AdapterConfig;
import dev.hlotune.trainer.adapter.AdapterDirectory;
import dev.hlotune.trainer.adapter.Merging;
import dev.hlotune.trainer.adapter.TargetModules;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.RetypedTensor;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.HeldArray;
import dev.hlotune.trainer.step.ModelMesh;
import dev.hlotune.trainer.step.NormProgram;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.QuantizedWeights;
import dev.hlotune.trainer.step.StateFile;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.TrainState;
import dev.hlotune.trainer.step.Training;
import dev.hlotune.trainer.step.Tuning;
import dev.hlotune.trainer.step.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The model of a run with what is trained of it, and how both get on the device.
 *
 * @param base the model that it starts from
 * @param stages what is trained, by the number of updates before it; the first stands at 0
 * @param adapted the adapters, where there are any
 * @param adapter the directory of an adapter that is trained further
 */
record TunedModel(
    BaseModel base,
    Map<Integer, Tuning> stages,
    Optional<AdaptedModel> adapted,
    Optional<Path> adapter) {

  /**
   * What a recipe trains of a model.
   *
   * @throws dev.hlotune.trainer.source.DataException if its adapters do not fit the model
   */
  static TunedModel of(SftConfig config, BaseModel base) throws IOException {
    if (!base.hasWeights() && config.model().lora().flatMap(LoraConfig::loadIn).isPresent()) {
      throw ConfigException.of(
          "'load_in_4bit': expected a model with weights, got a configuration alone");
    }
    return described(config, base);
  }

  /** The same where the weights need not be there yet. */
  static TunedModel described(SftConfig config, BaseModel base) throws IOException {
    TunedModel tuned = unchecked(config, base);
    tuned.requireNewRowsTrained(config);
    return tuned;
  }

  /** Rows of new tokens start as the mean of the others: left so, they would mean nothing. */
  private void requireNewRowsTrained(SftConfig config) {
    if (base.model().vocabulary() == base.saved().vocabulary()) {
      return;
    }
    String embedding = base.model().words().embedding();
    if (!tuning().masters().contains(embedding)) {
      throw ConfigException.of(
          "'additional_special_tokens': expected '%s' to be trained, as new tokens need rows of their own, got it frozen; %s"
              .formatted(
                  embedding,
                  adapted.isPresent()
                      ? "name it and the head in 'lora_modules_to_save'"
                      : "take it out of 'frozen_parameters'"));
    }
    if (adapted.isPresent() && !config.model().lora().orElseThrow().merge()) {
      throw ConfigException.of(
          "'additional_special_tokens': expected 'merge_lora_before_save' beside an adapter, whose"
              + " base has no rows for new tokens, got none");
    }
  }

  private static TunedModel unchecked(SftConfig config, BaseModel base) throws IOException {
    DType compute = Recipes.compute(config.model());
    Optional<LoraConfig> lora = config.model().lora();
    if (lora.isEmpty()) {
      return new TunedModel(
          base,
          Freezing.stages(config.model().freeze(), base.model(), compute),
          Optional.empty(),
          Optional.empty());
    }
    Optional<Path> adapter = lora.get().adapter();
    AdapterConfig wanted =
        adapter.isPresent()
            ? AdapterDirectory.readConfig(adapter.get())
            : fresh(config, lora.get(), base);
    AdaptedModel adapted =
        AdaptedModel.of(base.model(), wanted, lora.get().maxRank().orElse(wanted.rank()));
    if (!lora.get().merge()) {
      adapted.requirePortable();
    }
    if (adapter.isPresent()) {
      try (AdapterDirectory files = AdapterDirectory.open(adapter.get())) {
        files.match(adapted);
      }
    }
    Optional<Quantization> bits =
        lora.get().loadIn().map(loadIn -> Quantization.valueOf(loadIn.name()));
    if (bits.isPresent() && wanted.dora()) {
      throw ConfigException.of(
          "'load_in_4bit': expected an adapter without magnitudes beside it, got one with");
    }
    Tuning tuning =
        bits.isPresent() ? adapted.tuning(bits.get(), compute) : adapted.tuning(compute);
    return new TunedModel(base, Map.of(0, tuning), Optional.of(adapted), adapter);
  }

  private static AdapterConfig fresh(SftConfig config, LoraConfig lora, BaseModel base) {
    return new AdapterConfig(
        Optional.of(config.model().model().toString()),
        config.model().revision(),
        lora.rank(),
        lora.alpha(),
        lora.dropout(),
        lora.kinds()
            .<TargetModules>map(
                kinds -> new TargetModules.Kinds(kinds.attention(), kinds.mlp(), kinds.unembed()))
            .orElseGet(() -> targets(lora, base)),
        lora.modulesToSave(),
        lora.rsLora(),
        lora.dora(),
        AdapterBias.valueOf(lora.bias().name()));
  }

  private static TargetModules targets(LoraConfig lora, BaseModel base) {
    if (lora.targets().isEmpty()) {
      return TargetModules.preset(String.valueOf(base.json().get("model_type")));
    }
    return TargetModules.of(lora.targets(), base.model());
  }

  /**
   * A model with weights, of which nothing is trained, perhaps with an adapter.
   *
   * @throws DataException if it cannot be used
   */
  static TunedModel frozen(SftConfig config) throws IOException {
    BaseModel base = BaseModel.ofAnyLength(config);
    if (!base.hasWeights()) {
      throw new DataException(
          base.path(), "weights: expected 'model.safetensors' beside the configuration, got none");
    }
    return of(config, base).frozen();
  }

  /** The same model, of which nothing is trained. */
  TunedModel frozen() {
    return new TunedModel(
        base, Map.of(0, Tuning.none(tuning().model(), tuning().compute())), adapted, adapter);
  }

  /** The same model on the devices of a mesh. */
  TunedModel on(Spread devices) {
    Map<Integer, Tuning> spread = new TreeMap<>();
    stages.forEach((start, tuning) -> spread.put(start, tuning.on(devices)));
    return new TunedModel(base, spread, adapted, adapter);
  }

  /** What is trained at first; the weights are held as all stages need them. */
  Tuning tuning() {
    return Optional.ofNullable(stages.get(0)).orElseThrow();
  }

  /** How much is trained, in words; empty where it is all. */
  List<String> lines() {
    if (adapted.isPresent()) {
      return List.of(adapted.get().line());
    }
    long all = elements(base.model().parameters());
    List<String> lines = new ArrayList<>();
    stages.forEach((start, tuning) -> {
      long trained = elements(base.model().parameters().subset((name, _) -> tuning.trains(name)));
      if (trained < all || stages.size() > 1) {
        lines.add(
            (start == 0 ? "" : "from update %,d: ".formatted(start + 1))
                + AdaptedModel.line(trained, all));
      }
    });
    return lines;
  }

  private static long elements(ParamMap<ParameterSpec> weights) {
    return weights.values().stream().mapToLong(spec -> spec.shape().elements()).sum();
  }

  /** Weights and fresh optimizer state on the device. */
  TrainState initial(Training training, ProgramCompiler compiler, long seed) throws IOException {
    return TrainState.of(
        tuning(),
        weights(compiler, seed),
        Weights.zeros(compiler.mesh().stateStorage(), TrainProgram.state(training)));
  }

  /**
   * Weights and optimizer state as a checkpoint has them.
   *
   * @param training of the stage that it was saved in
   * @param checkpoint its directory
   * @throws dev.hlotune.trainer.source.DataException if it is of another model or optimizer
   */
  TrainState restored(Training training, ProgramCompiler compiler, long seed, Path checkpoint)
      throws IOException {
    Storage storage = compiler.mesh().storage();
    Map<String, ShardedBuffer> trained = new LinkedHashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(checkpoint.resolve(StateFile.NAME))) {
      ParamMap<Shape> masters = StateFile.masters(tuning());
      List<ShardedBuffer> loaded;
      if (StateFile.hasWeights(file)) {
        loaded = StateFile.weights(storage, file, masters);
      } else {
        try (ModelWeights files = ModelWeights.open(checkpoint)) {
          loaded =
              Weights.load(
                  storage, tuning().parameters().subset(masters.names()), base.model(), files);
        }
      }
      for (int i = 0; i < loaded.size(); i++) {
        trained.put(masters.names().get(i), loaded.get(i));
      }
      List<ShardedBuffer> optimizer =
          StateFile.optimizer(compiler.mesh().stateStorage(), file, training);
      return TrainState.of(
          training.tuning(), weights(compiler, seed, new LinkedHashMap<>(trained)), optimizer);
    } catch (IOException | RuntimeException e) {
      trained.values().forEach(ShardedBuffer::close);
      throw e;
    }
  }

  /** All weights on the device. */
  List<ShardedBuffer> weights(ProgramCompiler compiler, long seed) throws IOException {
    return weights(compiler, seed, new LinkedHashMap<>());
  }

  /** The same, where all trained ones are there already, or none. */
  private List<ShardedBuffer> weights(
      ProgramCompiler compiler, long seed, Map<String, ShardedBuffer> buffers) throws IOException {
    Storage storage = compiler.mesh().storage();
    boolean fresh = buffers.isEmpty();
    ParamMap<ParameterSpec> wanted = tuning().parameters();
    ParamMap<ParameterSpec> ofBase =
        heldAsInFiles().subset((name, _) -> !buffers.containsKey(name));
    List<ShardedBuffer> loaded = base.weights(storage, ofBase, seed);
    for (int i = 0; i < loaded.size(); i++) {
      buffers.put(ofBase.names().get(i), loaded.get(i));
    }
    if (tuning().model() instanceof QuantizedModel quantized) {
      addQuantized(quantized, storage, buffers);
    }
    if (adapted.isPresent()) {
      if (fresh) {
        addAdapters(adapted.get(), compiler, seed, buffers);
      }
      float scale = (float) adapted.get().config().scale();
      buffers.put(LowRank.SCALE, storage.devices().scalar(scale));
    }
    return wanted.names().stream().map(buffers::get).toList();
  }

  /** The base's weights that are on the device as files have them, not in few bits. */
  private ParamMap<ParameterSpec> heldAsInFiles() {
    ParamMap<ParameterSpec> names = base.model().parameters();
    return tuning().parameters().subset((name, _) -> names.has(name));
  }

  private void addQuantized(
      QuantizedModel quantized, Storage storage, Map<String, ShardedBuffer> buffers)
      throws IOException {
    try (ModelWeights files = ModelWeights.open(base.path())) {
      for (String layer : quantized.layers()) {
        buffers.putAll(
            QuantizedWeights.load(
                storage,
                quantized.kind(),
                layer,
                base.model().parameters().get(layer + ".weight"),
                name -> files.find(name).orElseThrow()));
      }
    }
  }

  private void addAdapters(
      AdaptedModel model, ProgramCompiler compiler, long seed, Map<String, ShardedBuffer> buffers)
      throws IOException {
    Storage storage = compiler.mesh().storage();
    ParamMap<ParameterSpec> wanted = tuning().parameters();
    ParamMap<String> norms = NormProgram.norms(wanted);
    if (adapter.isEmpty() && !norms.isEmpty()) {
      try (DeviceProgram program = compiler.compile(NormProgram.of(tuning()))) {
        List<ShardedBuffer> of = norms.values().stream().map(buffers::get).toList();
        List<ShardedBuffer> results = program.run(of);
        for (int i = 0; i < results.size(); i++) {
          buffers.put(norms.names().get(i), results.get(i));
        }
      }
    }
    adapterValues(model, seed)
        .forEach((name, values) -> {
          ShardedBuffer before =
              buffers.put(name, Weights.transfer(storage, values, wanted.get(name).shape()));
          if (before != null) { // A module that is trained whole, as the adapter has it.
            before.close();
          }
        });
  }

  /**
   * The weights of the model without adapters beside it, those merged that there are; read when
   * they are written. What was never trained is taken from the base's files, exact, where it has
   * any.
   *
   * @param weights as {@link TrainState} has them
   * @param types the type in which each is wanted, by its name and the type it is held in
   * @param files the base's, open as long as the result is used
   */
  List<WritableTensor> wholeModel(
      List<HeldArray> weights,
      BiFunction<String, StorageType, StorageType> types,
      Optional<ModelWeights> files) {
    ParamMap<ParameterSpec> ofBase = heldAsInFiles();
    ParamMap<HeldArray> all = ParamMap.zip(tuning().parameters().names(), weights);
    Optional<Merging> merging = adapted.map(_ -> merging(weights));
    Set<String> frozen = frozenInFiles();
    Map<String, StorageType> wanted = new HashMap<>();
    List<WritableTensor> held = new ArrayList<>();
    // What is merged is rounded once, afterwards.
    for (WritableTensor weight :
        Weights.stored(
            ofBase,
            all.subset(ofBase.names()).values(),
            (name, type) -> {
              wanted.put(name, types.apply(name, type));
              boolean later = merging.isPresent() && merging.get().changes(name);
              return later ? type : types.apply(name, type);
            })) {
      Optional<TensorEntry> original =
          files
              .filter(_ -> frozen.contains(weight.name()))
              .flatMap(some -> some.find(weight.name()));
      boolean same = original.filter(entry -> entry.shape().equals(weight.shape())).isPresent();
      held.add(same ? original.get().named(weight.name()) : weight);
    }
    if (tuning().model() instanceof QuantizedModel quantized) {
      for (String layer : quantized.layers()) {
        ParameterSpec spec = base.model().parameters().get(layer + ".weight");
        for (Weights.Part part : Weights.parts(layer + ".weight", spec.shape())) {
          TensorEntry original =
              files.flatMap(some -> some.find(part.name())).orElseThrow().named(part.name());
          wanted.put(part.name(), types.apply(part.name(), original.type()));
          held.add(original);
        }
      }
    }
    Function<String, StorageType> type = name -> Objects.requireNonNull(wanted.get(name));
    return merging.isPresent()
        ? merging.get().whole(held, type)
        : held.stream()
            .<WritableTensor>map(weight -> new RetypedTensor(weight, type.apply(weight.name())))
            .toList();
  }

  /** Names in files of the weights that no stage of the run trains. */
  private Set<String> frozenInFiles() {
    Set<String> frozen = new HashSet<>();
    tuning().parameters().stream()
        .filter(entry -> !tuning().masters().contains(entry.getKey()))
        .forEach(entry ->
            Weights.parts(entry.getKey(), entry.getValue().shape())
                .forEach(part -> frozen.add(part.name())));
    return frozen;
  }

  private Merging merging(List<HeldArray> weights) {
    AdaptedModel model = adapted.orElseThrow();
    return new Merging(model, AdapterDirectory.tensors(model, adapterValues(weights)), false);
  }

  /** What the {@code config.json} of a whole model says other than the base's. */
  Map<String, Object> configChanges() {
    Map<String, Object> changes = new LinkedHashMap<>(base.configChanges());
    if (adapted.isPresent() && new Merging(adapted.get(), Map.of(), false).untiesHead()) {
      changes.put("tie_word_embeddings", false);
    }
    return changes;
  }

  private Map<String, float[]> adapterValues(AdaptedModel model, long seed) throws IOException {
    if (adapter.isEmpty()) {
      return model.drawn(seed);
    }
    try (AdapterDirectory files = AdapterDirectory.open(adapter.get())) {
      return files.values(model);
    }
  }

  /** The trained weights of the adapters, as {@link AdapterDirectory#write} takes them. */
  Map<String, float[]> adapterValues(List<HeldArray> weights) {
    Map<String, float[]> values = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(tuning().parameters().names());
    for (int i = 0; i < names.size(); i++) {
      if (tuning().trains(names.get(i))) {
        values.put(names.get(i), weights.get(i).readFloats());
      }
    }
    return values;
  }

  /** Bytes of the weights on each device. */
  long bytes(ModelMesh mesh) {
    return tuning().parameters().values().stream()
        .map(ParameterSpec::shape)
        .mapToLong(mesh::weightBytes)
        .sum();
  }
}
