package dev.hlotune.trainer.adapter;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.LoraModel;
import dev.hlotune.hlo.models.QuantizedModel;
import dev.hlotune.hlo.nn.Initializer;
import dev.hlotune.hlo.nn.LowRank;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Quantization;
import dev.hlotune.hlo.nn.Vocabulary;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.step.Tuning;
import dev.hlotune.trainer.step.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A model with the adapters that a configuration asks for.
 *
 * @param config what was asked
 * @param model the base and the adapters beside its layers
 * @param paths of the layers with an adapter, each by its own number, as files have them
 * @param whole names of the base's weights that are trained themselves
 */
public record AdaptedModel(
    AdapterConfig config, LoraModel model, Set<String> paths, Set<String> whole) {
  private static final String PREFIX = "base_model.model.";
  private static final String BIAS = ".bias";

  /**
   * Finds the layers.
   *
   * @param base the model without adapters
   * @param largestRank rows that the program has room for, at least the rank
   * @throws DataException if the configuration does not fit the model
   */
  public static AdaptedModel of(CausalModel base, AdapterConfig config, int largestRank) {
    if (largestRank < config.rank()) {
      throw new DataException(
          "adapter: expected a largest rank of at least r %d, got %d"
              .formatted(config.rank(), largestRank));
    }
    ParamMap<ParameterSpec> weights = base.parameters();
    List<String> layers = LoraModel.linearLayers(base);
    List<String> all = new ArrayList<>();
    layers.forEach(layer -> all.addAll(paths(layer, weights)));
    Set<String> chosen = config.targets().choose(all, base.words().headLayer());
    List<String> adapted = new ArrayList<>();
    for (String layer : layers) {
      List<String> own = paths(layer, weights);
      long count = own.stream().filter(chosen::contains).count();
      if (count == own.size()) {
        adapted.add(layer);
      } else if (count > 0) {
        throw new DataException(
            "target_modules: expected all layers of a stack or none, got %d of %d of \"%s\"; set 'scan_layers' to false"
                .formatted(count, own.size(), layer));
      }
    }
    LoraModel model = new LoraModel(base, largestRank, adapted, config.dora());
    return new AdaptedModel(config, model, chosen, whole(base, config, adapted));
  }

  /** A layer's name in files, or one for each layer of a stack. */
  private static List<String> paths(String layer, ParamMap<ParameterSpec> weights) {
    String weight = layer + ".weight";
    return weights.has(weight)
        ? Weights.parts(weight, weights.get(weight).shape()).stream()
            .map(part -> module(part.name()))
            .toList()
        : List.of(layer);
  }

  private static Set<String> whole(CausalModel base, AdapterConfig config, List<String> adapted) {
    Set<String> whole = new LinkedHashSet<>();
    Vocabulary words = base.words();
    List<String> names = base.parameters().names();
    for (String module : config.modulesToSave()) {
      List<String> own =
          names.stream().filter(name -> TargetModules.names(module, module(name))).toList();
      if (own.isEmpty() && words.tied() && TargetModules.names(module, module(words.head()))) {
        own = List.of(words.embedding());
      }
      if (own.isEmpty()) {
        throw new DataException(
            "modules_to_save: expected modules of the model, got \"%s\"".formatted(module));
      }
      own.stream()
          .map(AdaptedModel::module)
          .filter(adapted::contains)
          .findFirst()
          .ifPresent(both -> {
            throw new DataException(
                "modules_to_save: expected modules without an adapter, got \"%s\", which has one"
                    .formatted(both));
          });
      whole.addAll(own);
    }
    names.stream()
        .filter(name -> name.endsWith(BIAS))
        .filter(name ->
            switch (config.bias()) {
              case NONE -> false;
              case ALL -> true;
              case LORA_ONLY -> adapted.contains(module(name));
            })
        .forEach(whole::add);
    if (whole.contains(words.embedding()) && words.tied() && adapted.contains(words.headLayer())) {
      throw new DataException(
          "modules_to_save: expected no embedding beside an adapter of the head that it is tied to,"
              + " got \"%s\"".formatted(words.embedding()));
    }
    return whole;
  }

  private static String module(String parameter) {
    return parameter.substring(0, Math.max(0, parameter.lastIndexOf('.')));
  }

  /** What is trained of it, and how it is held. */
  public Tuning tuning(DType compute) {
    return tuning(model, compute);
  }

  /**
   * The same where the base's weights are held in few bits.
   *
   * @throws DataException if they cannot be
   */
  public Tuning tuning(Quantization kind, DType compute) {
    try {
      return tuning(new QuantizedModel(model, kind, quantized()), compute);
    } catch (ShapeException e) {
      throw new DataException(String.valueOf(e.getMessage()));
    }
  }

  private Tuning tuning(CausalModel held, DType compute) {
    Set<String> trained = new LinkedHashSet<>(model.adapters().names());
    trained.addAll(whole);
    return Tuning.of(held, trained, compute);
  }

  /** The layers whose weights may be held in few bits: all but the head and what is trained. */
  private List<String> quantized() {
    List<String> layers = new ArrayList<>(LoraModel.linearLayers(model.base()));
    layers.remove(model.words().headLayer());
    layers.removeIf(layer -> whole.contains(layer + ".weight"));
    return layers;
  }

  /**
   * First values of new adapters, but for magnitudes, which are made of the weights.
   *
   * @param seed equal seeds give equal values, whatever the largest rank
   */
  public Map<String, float[]> drawn(long seed) {
    Map<String, float[]> drawn = new LinkedHashMap<>();
    model.adapters().stream()
        .filter(entry -> !(entry.getValue().initializer() instanceof Initializer.NormOf))
        .forEach(entry -> {
          Shape shape = entry.getValue().shape();
          Shape used = Ranks.withRank(shape, config.rank());
          float[] values = Weights.drawn(entry.getValue().withShape(used), seed, entry.getKey());
          drawn.put(entry.getKey(), Ranks.resized(values, shape, config.rank(), model.rank()));
        });
    return drawn;
  }

  /** Specifications of everything trained, in the model's order. */
  ParamMap<ParameterSpec> trained() {
    return model.parameters().subset((name, _) -> LowRank.owns(name) || whole.contains(name));
  }

  /** The layer whose adapter a weight is of. */
  boolean isAdapted(String parameter) {
    return paths.contains(module(parameter));
  }

  /** A trained weight's name in {@code adapter_model.safetensors}. */
  String inFile(String parameter) {
    return PREFIX
        + (!LowRank.owns(parameter) && isAdapted(parameter)
            ? module(parameter) + ".base_layer" + parameter.substring(parameter.lastIndexOf('.'))
            : parameter);
  }

  /**
   * Looks whether PEFT can load what is trained. It gives a module that is saved whole a copy of
   * its own, and a head that was tied to it keeps the old one (peft 0.21, also with {@code
   * ensure_weight_tying}).
   *
   * @throws DataException if it cannot
   */
  public void requirePortable() {
    Vocabulary words = model.words();
    if (words.tied() && whole.contains(words.embedding())) {
      throw new DataException(
          "modules_to_save: expected no embedding that the head is tied to, as PEFT would load it"
              + " without the head, got \"%s\"; set 'merge_lora_before_save' to save a whole model"
                  .formatted(words.embedding()));
    }
  }

  /** Whether the layers with an adapter are stored {@code [in, out]}. */
  boolean fanInFanOut() {
    ParamMap<ParameterSpec> weights = model.base().parameters();
    return model.layers().stream()
            .filter(layer -> weights.has(layer + ".weight"))
            .map(layer -> weights.get(layer + ".weight"))
            .allMatch(ParameterSpec::isInputFirst)
        && !model.layers().contains(model.words().headLayer());
  }

  /** Trained numbers, those of ranks that are not used left out. */
  public long trainedParameters() {
    return counted(trained().stream());
  }

  /** All numbers, those that an adapter has a copy of counted twice, as PEFT does. */
  public long allParameters() {
    long copies =
        counted(
            trained().stream()
                .filter(entry -> !LowRank.owns(entry.getKey()))
                .filter(entry -> !entry.getKey().endsWith(BIAS)));
    long base =
        model.base().parameters().values().stream()
            .mapToLong(spec -> spec.shape().elements())
            .sum();
    return base + copies + counted(model.adapters().stream());
  }

  private long counted(Stream<Map.Entry<String, ParameterSpec>> weights) {
    return weights
        .mapToLong(entry -> {
          Shape shape = entry.getValue().shape();
          return shape.has(LowRank.RANK)
              ? shape.elements() / model.rank() * config.rank()
              : shape.elements();
        })
        .sum();
  }

  /** The line that PEFT's {@code print_trainable_parameters} prints. */
  public String line() {
    return line(trainedParameters(), allParameters());
  }

  /** The same of any numbers of parameters. */
  public static String line(long trained, long all) {
    return String.format(
        Locale.ROOT,
        "trainable params: %,d || all params: %,d || trainable%%: %.4f",
        trained,
        all,
        100.0 * trained / all);
  }
}
