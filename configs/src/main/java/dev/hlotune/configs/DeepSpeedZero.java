package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What ZeRO's part of a DeepSpeed configuration says. */
final class DeepSpeedZero {
  private DeepSpeedZero() {}

  static final String WEIGHTS_STAY =
      "weights stay on the devices; 'sharding_strategy' zero3 splits them";
  private static final String GATHERED = "when what is gathered is compiled into the step";
  private static final String EXACT = "what devices tell each other is not rounded";
  private static final String STRATEGY = MeshKeys.STRATEGY.name();
  private static final String OFFLOAD = MeshKeys.OFFLOAD_OPTIMIZER.name();

  static final List<Alias> ALL =
      Stream.concat(
              Stream.of(
                  Alias.nothing("zero_optimization", GATHERED),
                  Alias.reading(
                      "zero_optimization.stage",
                      List.of(STRATEGY),
                      (text, _) -> stage(text),
                      "0 is 'ddp', 1 to 3 'zero1' to 'zero3'"),
                  Alias.reading(
                      "zero_optimization.offload_optimizer",
                      List.of(OFFLOAD),
                      (text, _) -> offloadGroup(text),
                      "its 'device': 'cpu' is 'host'"),
                  Alias.only(
                      "zero_optimization.offload_param",
                      WEIGHTS_STAY,
                      "'device' none",
                      text ->
                          !text.contains("device") || text.matches("(?s).*device\\W+none\\b.*")),
                  Alias.yesNo("zero_optimization.cpu_offload", OFFLOAD, "host", ""),
                  Alias.only("zero_optimization.cpu_offload_param", WEIGHTS_STAY, "false"),
                  Alias.only("zero_optimization.zenflow", "there is no such method here")),
              Stream.of("weights", "gradients", "nontrainable_weights")
                  .map(what ->
                      Alias.only("zero_optimization.zero_quantized_" + what, EXACT, "false")))
          .toList();

  /** A stage as a strategy. */
  static List<Assignment> stage(String text) {
    String strategy =
        switch (text) {
          case "0" -> ShardingStrategy.DDP.spelled();
          case "1", "2", "3" -> "zero" + text;
          default ->
              throw new IllegalArgumentException(
                  "expected a stage from 0 to 3, got '" + text + "'");
        };
    return List.of(Assignment.of(STRATEGY, strategy));
  }

  /** A device that state is moved to. */
  static List<Assignment> offload(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "none" -> List.of(Assignment.of(OFFLOAD, OffloadOptimizer.NONE.spelled()));
      case "cpu" -> List.of(Assignment.of(OFFLOAD, OffloadOptimizer.HOST.spelled()));
      default ->
          throw new IllegalArgumentException(
              "expected 'none' or 'cpu', got '" + text + "'; state is not moved to disks");
    };
  }

  private static List<Assignment> offloadGroup(String text) {
    JsonNode node = text.startsWith("{") ? JsonText.read(text) : JsonText.normal(null);
    if (!node.isObject()) {
      throw new IllegalArgumentException("expected an object with 'device', got '" + text + "'");
    }
    if (node.path("ratio").asDouble(1) != 1) {
      throw new IllegalArgumentException(
          "expected a 'ratio' of 1, got "
              + node.get("ratio").asText()
              + "; the state is moved whole");
    }
    return offload(node.path("device").asText("none"));
  }
}
