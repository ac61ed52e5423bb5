package dev.hlotune.trainer.adapter;

import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.LoraModel;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which linear layers get an adapter, in the ways in which PEFT and TuFT say it. */
public sealed interface TargetModules {
  /** What PEFT calls all linear layers but the head. */
  String ALL_LINEAR = "all-linear";

  /**
   * Layers whose path is one of these or ends with a dot and one of these.
   *
   * @param names such as {@code q_proj} or {@code mlp.c_proj}; each has to name a layer
   */
  record Names(List<String> names) implements TargetModules {
    /** Keeps its own copy. */
    public Names {
      names = List.copyOf(names);
    }
  }

  /** Layers whose whole path a regular expression matches. */
  record Matching(String pattern) implements TargetModules {
    /** Checks the expression. */
    public Matching {
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        throw new DataException(
            "target_modules: expected names or a regular expression, got \""
                + pattern
                + "\", in which "
                + e.getDescription());
      }
    }
  }

  /** All linear layers but the head. */
  record AllLinear() implements TargetModules {}

  /** Layers by what they are a part of, as TuFT's service has it. */
  record Kinds(boolean attention, boolean mlp, boolean unembed) implements TargetModules {}

  /**
   * What a list of texts means: names, or, where it is a single one that names no layer, all linear
   * layers or a regular expression.
   */
  static TargetModules of(List<String> texts, CausalModel model) {
    if (texts.size() > 1) {
      return new Names(texts);
    }
    String only = texts.getFirst();
    if (only.equals(ALL_LINEAR)) {
      return new AllLinear();
    }
    boolean name =
        LoraModel.linearLayers(model).stream().anyMatch(layer -> names(only, layer))
            || only.matches("[\\w.]+");
    return name ? new Names(texts) : new Matching(only);
  }

  /** What PEFT trains in models of a family where nothing is said (peft 0.21's table). */
  static TargetModules preset(String modelType) {
    List<String> names = PRESETS.get(modelType);
    if (names == null) {
      throw new DataException(
          "lora_target_modules: expected names, a regular expression or \"%s\" for a model of type \"%s\", for which PEFT has no preset, got none"
              .formatted(ALL_LINEAR, modelType));
    }
    return new Names(names);
  }

  /** {@code model_type} to names. */
  Map<String, List<String>> PRESETS =
      Map.of(
          "gpt2", List.of("c_attn"),
          "llama", List.of("q_proj", "v_proj"),
          "mistral", List.of("q_proj", "v_proj"),
          "gemma", List.of("q_proj", "v_proj"),
          "gemma2", List.of("q_proj", "v_proj"),
          "gemma3_text", List.of("q_proj", "v_proj"),
          "qwen2", List.of("q_proj", "v_proj"),
          "qwen3", List.of("q_proj", "v_proj"));

  /**
   * The layers meant.
   *
   * @param layers paths of all linear layers
   * @param head path of the one that makes logits
   * @throws DataException if there is none, or a name names none
   */
  default Set<String> choose(List<String> layers, String head) {
    Predicate<String> wanted =
        switch (this) {
          case Names(List<String> names) -> {
            requireKnown(names, layers);
            yield layer -> names.stream().anyMatch(name -> names(name, layer));
          }
          case Matching(String pattern) -> Pattern.compile(pattern).asMatchPredicate();
          case AllLinear() -> layer -> !layer.equals(head);
          case Kinds(boolean attention, boolean mlp, boolean unembed) ->
              layer ->
                  layer.equals(head)
                      ? unembed
                      : layer.matches(".*\\.(self_)?attn\\..*") ? attention : mlp;
        };
    Set<String> chosen = new LinkedHashSet<>(layers);
    chosen.removeIf(wanted.negate());
    if (chosen.isEmpty()) {
      throw new DataException(
          "target_modules: expected to name linear layers of the model, got %s, which matches none of %s"
              .formatted(shown(), kinds(layers)));
    }
    return chosen;
  }

  /** Whether a name of PEFT's means the module at this path. */
  static boolean names(String name, String path) {
    return path.equals(name) || path.endsWith("." + name);
  }

  private static void requireKnown(List<String> names, List<String> layers) {
    List<String> unknown = new ArrayList<>(names);
    unknown.removeIf(name -> layers.stream().anyMatch(layer -> names(name, layer)));
    if (!unknown.isEmpty()) {
      throw new DataException(
          "target_modules: expected names of linear layers of the model (%s), got \"%s\"; an embedding can be trained whole by 'modules_to_save'"
              .formatted(String.join(", ", kinds(layers)), String.join("\", \"", unknown)));
    }
  }

  /** The layers' names without what tells one layer of the stack from another. */
  static List<String> kinds(List<String> layers) {
    return layers.stream()
        .map(layer -> layer.replaceFirst("^.*\\.(\\d+|\\*)\\.", ""))
        .distinct()
        .toList();
  }

  private String shown() {
    return switch (this) {
      case Names(List<String> names) -> String.join(", ", names);
      case Matching(String pattern) -> "\"" + pattern + "\"";
      case AllLinear() -> ALL_LINEAR;
      case Kinds(boolean attention, boolean mlp, boolean unembed) ->
          "train_attn %s, train_mlp %s, train_unembed %s".formatted(attention, mlp, unembed);
    };
  }

  /** As {@code adapter_config.json} has it, given the layers that were chosen. */
  default Object json(Set<String> chosen) {
    return switch (this) {
      case Names(List<String> names) -> names;
      case Matching(String pattern) -> pattern;
      case AllLinear() -> kinds(List.copyOf(chosen));
      case Kinds kinds -> kinds(List.copyOf(chosen));
    };
  }
}
