package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Meshes of other systems: accelerate's parallelism, and the axes of EasyDeL. */
final class MeshOthers {
  private MeshOthers() {}

  private static final String PARALLELISM = "parallelism_config";
  private static final String COMPILED = "what devices tell each other is compiled into the step";
  private static final String SPLIT =
      "batches are split over 'mesh.data' and 'mesh.fsdp', rows over 'mesh.sequence'";

  /** EasyDeL's axes, of this release and of those before it had experts. */
  private static final List<String> FIVE = List.of("dp", "fsdp", "ep", "tp", "sp");

  private static final List<String> FOUR = List.of("dp", "fsdp", "tp", "sp");

  private static final Map<String, MeshAxis> BY_NAME =
      Map.of(
          "dp", MeshAxis.DATA,
          "fsdp", MeshAxis.FSDP,
          "tp", MeshAxis.TENSOR,
          "sp", MeshAxis.SEQUENCE);

  private static final Map<String, MeshAxis> SIZES =
      Map.of(
          "dp_replicate_size", MeshAxis.DATA,
          "dp_shard_size", MeshAxis.FSDP,
          "tp_size", MeshAxis.TENSOR,
          "cp_size", MeshAxis.SEQUENCE,
          "sp_size", MeshAxis.SEQUENCE);

  private static final Set<String> IDLE =
      Set.of(
          "cp_backend",
          "cp_comm_strategy",
          "cp_handler",
          "sp_backend",
          "sp_handler",
          "sp_seq_length",
          "sp_seq_length_is_variable",
          "sp_attn_implementation",
          "tp_handler");

  static final List<Alias> ALL =
      Stream.of(
              Stream.of(
                  Alias.reading(
                      PARALLELISM,
                      Stream.of(MeshAxis.values()).map(axis -> MeshKeys.of(axis).name()).toList(),
                      (text, _) -> parallelism(text),
                      "'dp_replicate_size', 'dp_shard_size', 'cp_size' or 'sp_size', 'tp_size'"),
                  Alias.nothing("use_parallelism_config", "'parallelism_config' says the rest"),
                  easydel("sharding_axis"),
                  easydel("sharding_axis_dims"),
                  Alias.nothing("sharding_axis_names", "beside 'sharding_axis_dims'"),
                  Alias.only(
                      "sharding_dcn_axis_dims",
                      "the first axis of the mesh goes over machines",
                      "axes of 1",
                      text -> text.replaceAll("[\\s()\\[\\]\"']", "").matches("1(,1)*")),
                  Alias.nothing("auto_shard_states", "'sharding_strategy' says what is split"),
                  Alias.nothing("step_partition_spec", SPLIT),
                  Alias.nothing("grain_shard_index", "each process reads its share of a batch"),
                  Alias.only("grain_shard_count", "each process reads its share of a batch", "1"),
                  Alias.reading(
                      "jax_distributed_config",
                      List.of(
                          ProcessKeys.COORDINATOR.name(),
                          ProcessKeys.COUNT.name(),
                          ProcessKeys.ID.name()),
                      (text, _) -> distributed(text),
                      "its keys, unless 'initialize_jax_distributed' is false")),
              SIZES.entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(size -> parallelism(size.getKey(), size.getValue())),
              IDLE.stream().sorted().map(name -> Alias.nothing(PARALLELISM + "_" + name, COMPILED)))
          .flatMap(aliases -> aliases)
          .toList();

  /** One of accelerate's sizes as an option. */
  private static Alias parallelism(String name, MeshAxis axis) {
    return Alias.reading(
        PARALLELISM + "_" + name,
        List.of(MeshKeys.of(axis).name()),
        (text, _) ->
            // Rows are split by one of two sizes, so that a 1 says nothing of the other.
            text.equals("1") ? List.of() : List.of(Assignment.of(MeshKeys.of(axis).name(), text)),
        "1 leaves it");
  }

  private static List<Assignment> parallelism(String text) {
    JsonNode node = text.startsWith("{") ? JsonText.read(text) : JsonText.normal(null);
    if (!node.isObject()) {
      throw new IllegalArgumentException("expected a mapping, got '" + text + "'");
    }
    Map<MeshAxis, String> sizes = new EnumMap<>(MeshAxis.class);
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String name = entry.getKey().replaceFirst("^" + PARALLELISM + "_", "");
      MeshAxis axis = SIZES.get(name);
      String size = entry.getValue().asText();
      if (axis == null && !IDLE.contains(name)) {
        throw new IllegalArgumentException(
            "expected sizes of accelerate's ParallelismConfig, got '" + entry.getKey() + "'");
      }
      if (axis == null || entry.getValue().isNull() || size.equals("1")) {
        continue;
      }
      if (sizes.put(axis, size) != null) {
        throw new IllegalArgumentException(
            "expected 'cp_size' or 'sp_size', got both; rows are split over one axis");
      }
    }
    return assignments(sizes);
  }

  /** Every axis, so that a mesh said before is replaced whole. */
  private static List<Assignment> assignments(Map<MeshAxis, String> sizes) {
    return Stream.of(MeshAxis.values())
        .map(axis -> Assignment.of(MeshKeys.of(axis).name(), sizes.getOrDefault(axis, "1")))
        .toList();
  }

  /** Sizes of EasyDeL's axes, of which -1 takes what is left. */
  private static Alias easydel(String name) {
    return Alias.reading(
        name,
        Stream.of(MeshAxis.values()).map(axis -> MeshKeys.of(axis).name()).toList(),
        MeshOthers::axes,
        "sizes of dp, fsdp, ep, tp, sp, or of 'sharding_axis_names'");
  }

  private static List<Assignment> axes(String text, Siblings beside) {
    List<String> sizes = words(text);
    List<String> names =
        beside
            .first(List.of("sharding_axis_names"))
            .filter(it -> !it.isEmpty())
            .map(MeshOthers::words)
            .orElse(sizes.size() == FOUR.size() ? FOUR : FIVE);
    if (names.size() != sizes.size() || new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException(
          "expected a size for each of " + String.join(", ", names) + ", got '" + text + "'");
    }
    Map<MeshAxis, String> known = new EnumMap<>(MeshAxis.class);
    for (int i = 0; i < names.size(); i++) {
      MeshAxis axis = BY_NAME.get(names.get(i));
      if (axis != null) {
        known.put(axis, sizes.get(i));
      } else if (!sizes.get(i).equals("1")) {
        throw new IllegalArgumentException(
            "expected 1 for '"
                + names.get(i)
                + "', which is no axis here, got "
                + sizes.get(i)
                + "; batches, weights, heads and rows are split (dp, fsdp, tp, sp)");
      }
    }
    return assignments(known);
  }

  private static List<String> words(String text) {
    return Stream.of(text.replaceAll("[\\s()\\[\\]\"']", "").split(",", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static List<Assignment> distributed(String text) {
    JsonNode node = text.startsWith("{") ? JsonText.read(text) : JsonText.normal(null);
    if (!node.isObject()) {
      throw new IllegalArgumentException("expected a mapping, got '" + text + "'");
    }
    List<Assignment> said = new ArrayList<>();
    if (!node.path("initialize_jax_distributed").asBoolean(true)) {
      return said;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      switch (entry.getKey()) {
        case "coordinator_address", "num_processes", "process_id" -> {
          if (!entry.getValue().isNull()) {
            said.add(Assignment.of(entry.getKey(), entry.getValue().asText()));
          }
        }
        case "initialize_jax_distributed", "local_device_ids" -> {}
        default ->
            throw new IllegalArgumentException(
                "expected 'coordinator_address', 'num_processes' and 'process_id', got '"
                    + entry.getKey()
                    + "'");
      }
    }
    return said;
  }
}
