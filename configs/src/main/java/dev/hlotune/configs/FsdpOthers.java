package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What PyTorch's FSDP is told, by transformers' {@code fsdp} and by accelerate's options. */
final class FsdpOthers {
  private FsdpOthers() {}

  private static final String STRATEGY = MeshKeys.STRATEGY.name();
  private static final String PART = "a part of 'fsdp', 'use_fsdp' or 'fsdp_config'";
  private static final String COMPILED = "when what is gathered is compiled into the step";
  private static final String PREFIX = "fsdp_";

  /** What of its settings makes no difference here. */
  private static final Set<String> IDLE =
      Set.of(
          "version",
          "auto_wrap_policy",
          "transformer_layer_cls_to_wrap",
          "min_num_params",
          "backward_prefetch",
          "backward_prefetch_policy",
          "forward_prefetch",
          "limit_all_gathers",
          "use_orig_params",
          "sync_module_states",
          "cpu_ram_efficient_loading",
          "state_dict_type",
          "activation_checkpointing_offload",
          "xla",
          "xla_fsdp_v2",
          "xla_fsdp_settings",
          "xla_fsdp_grad_ckpt");

  static final List<Alias> ALL =
      Stream.concat(
              Stream.of(
                  Alias.reading(
                          "fsdp",
                          List.of(STRATEGY, MeshKeys.DATA.name()),
                          FsdpOthers::words,
                          "'full_shard' is 'zero3', 'shard_grad_op' 'zero2', 'no_shard' 'ddp'; 'hybrid_shard' with 'mesh.data' as many as machines")
                      .standingAlone(),
                  Alias.reading(
                          "use_fsdp",
                          List.of(STRATEGY, MeshKeys.DATA.name()),
                          FsdpOthers::words,
                          "as 'fsdp'")
                      .standingAlone(),
                  Alias.reading(
                      "fsdp_config",
                      List.of("gradient_checkpointing"),
                      (text, beside) -> config(text, beside),
                      "'activation_checkpointing'; 'reshard_after_forward' says the strategy"),
                  Alias.yesNo(
                      "fsdp_activation_checkpointing", "gradient_checkpointing", "full", ""),
                  Alias.only("fsdp_offload_params", DeepSpeedZero.WEIGHTS_STAY, "false"),
                  Alias.nothing("fsdp_sharding_strategy", PART),
                  Alias.nothing("fsdp_reshard_after_forward", PART)),
              IDLE.stream().sorted().map(name -> Alias.nothing(named(name), COMPILED)))
          .toList();

  private static String named(String name) {
    return name.startsWith("xla") ? name : PREFIX + name;
  }

  /** The words of {@code fsdp}, or true. */
  private static List<Assignment> words(String text, Siblings beside) {
    List<String> words = List.of(text.replaceAll("[\\[\\]\",]", " ").strip().split("\\s+", -1));
    String strategy = "";
    for (String word : words) {
      switch (word.toLowerCase(Locale.ROOT)) {
        case "", "false" -> {
          return List.of();
        }
        case "true", "auto_wrap" -> {}
        case "offload" ->
            throw new IllegalArgumentException(
                "expected none of 'offload', got it; " + DeepSpeedZero.WEIGHTS_STAY);
        default -> strategy = word;
      }
    }
    return strategy(strategy, beside);
  }

  /**
   * The strategy of a word, or of what stands beside it.
   *
   * @param word one of transformers' or accelerate's; empty leaves it to the settings
   */
  static List<Assignment> strategy(String word, Siblings beside) {
    String said = word;
    if (said.isEmpty()) {
      Map<String, String> settings = settings(beside);
      said =
          settings.getOrDefault(
              "reshard_after_forward", settings.getOrDefault("sharding_strategy", "true"));
    }
    return switch (said.toLowerCase(Locale.ROOT)) {
      case "true", "full_shard", "1" -> List.of(Assignment.of(STRATEGY, "zero3"));
      case "false", "shard_grad_op", "2" -> List.of(Assignment.of(STRATEGY, "zero2"));
      case "no_shard", "3" -> List.of(Assignment.of(STRATEGY, "ddp"));
      case "hybrid_shard", "4" -> hybrid(beside);
      case "hybrid_shard_zero2", "5" ->
          throw new IllegalArgumentException(
              "expected no 'hybrid_shard_zero2', got it; gradients alone are split over all"
                  + " devices ('zero2'), or weights within a machine ('hybrid_shard')");
      default ->
          throw new IllegalArgumentException(
              "expected 'full_shard', 'shard_grad_op', 'no_shard' or 'hybrid_shard', got '"
                  + said
                  + "'");
    };
  }

  /** Weights are split within a machine, and each machine has all of them. */
  private static List<Assignment> hybrid(Siblings beside) {
    List<Assignment> said = new ArrayList<>();
    said.add(Assignment.of(STRATEGY, "zero3"));
    int machines = DeviceOthers.machines(beside);
    if (machines > 1) {
      said.add(Assignment.of(MeshKeys.DATA.name(), Integer.toString(machines)));
    }
    return said;
  }

  private static Map<String, String> settings(Siblings beside) {
    Map<String, String> settings = new TreeMap<>();
    beside
        .first(List.of("fsdp_config"))
        .filter(text -> text.startsWith("{"))
        .ifPresent(text -> settings.putAll(read(text)));
    for (String name : List.of("reshard_after_forward", "sharding_strategy")) {
      beside
          .first(List.of(PREFIX + name))
          .filter(text -> !text.isEmpty())
          .ifPresent(text -> settings.putIfAbsent(name, text));
    }
    return settings;
  }

  private static Map<String, String> read(String text) {
    JsonNode node = JsonText.read(text);
    Map<String, String> settings = new TreeMap<>();
    node.properties()
        .forEach(entry -> {
          String name = entry.getKey();
          String own = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
          if (!entry.getValue().isNull()) {
            settings.put(own, entry.getValue().asText());
          }
        });
    return settings;
  }

  private static List<Assignment> config(String text, Siblings beside) {
    if (!text.startsWith("{")) {
      throw new IllegalArgumentException(
          "expected a mapping, got '" + text + "'; name what a file holds");
    }
    boolean used =
        beside
            .first(List.of("fsdp", "use_fsdp", "distributed_type"))
            .filter(it -> !it.isEmpty() && !it.equalsIgnoreCase("false"))
            .isPresent();
    List<Assignment> said = new ArrayList<>();
    read(text)
        .forEach((name, value) -> {
          switch (name) {
            case "activation_checkpointing" -> {
              if (new Flag().parse(value) && used) {
                said.add(Assignment.of("gradient_checkpointing", "full"));
              }
            }
            case "cpu_offload", "offload_params" -> {
              if (new Flag().parse(value) && used) {
                throw new IllegalArgumentException(
                    "expected '" + name + "' false, got true; " + DeepSpeedZero.WEIGHTS_STAY);
              }
            }
            case "reshard_after_forward", "sharding_strategy" -> {}
            default -> {
              if (!IDLE.contains(name)) {
                throw new IllegalArgumentException("expected settings of FSDP, got '" + name + "'");
              }
            }
          }
        });
    return said;
  }
}
