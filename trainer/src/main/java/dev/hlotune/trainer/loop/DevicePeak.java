package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ComputeType;
import dev.hlotune.configs.SftConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a device can do at most, in floating-point operations a second: as the recipe says, else the
 * vendor's figure for dense products in bfloat16 and float16. For float32 there is no figure: how
 * much of a product runs in a shorter format is the compiler's choice.
 */
final class DevicePeak {
  /** From the data sheets, by what is found in the device's name; the longest name decides. */
  private static final Map<String, Double> SIXTEEN_BITS = new LinkedHashMap<>();

  static {
    SIXTEEN_BITS.put("b200", 2250e12);
    SIXTEEN_BITS.put("h200", 989e12);
    SIXTEEN_BITS.put("h100 pcie", 756e12);
    SIXTEEN_BITS.put("h100", 989e12);
    SIXTEEN_BITS.put("a100", 312e12);
    SIXTEEN_BITS.put("nvidia l40s", 362e12);
    SIXTEEN_BITS.put("nvidia l4", 121e12);
    SIXTEEN_BITS.put("rtx 4090", 165.2e12);
    SIXTEEN_BITS.put("tpu v6", 918e12);
    SIXTEEN_BITS.put("tpu v5 lite", 197e12);
    SIXTEEN_BITS.put("tpu v5", 459e12);
    SIXTEEN_BITS.put("tpu v4", 275e12);
  }

  private DevicePeak() {}

  /**
   * The peak of some devices together.
   *
   * @param kind the device's name, as its plugin gives it
   */
  static OptionalDouble of(SftConfig config, String kind, int devices) {
    Optional<Double> said = config.watch().peakFlops();
    OptionalDouble one =
        said.isPresent()
            ? OptionalDouble.of(said.get())
            : config.model().dtype() == ComputeType.FLOAT32 ? OptionalDouble.empty() : known(kind);
    return one.isPresent() ? OptionalDouble.of(one.getAsDouble() * devices) : one;
  }

  /** The vendor's figure, where the device is in the table. */
  static OptionalDouble known(String kind) {
    String name = kind.toLowerCase(java.util.Locale.ROOT);
    return SIXTEEN_BITS.entrySet().stream()
        .filter(entry -> name.contains(entry.getKey()))
        .max(Map.Entry.comparingByKey(java.util.Comparator.comparingInt(String::length)))
        .map(entry -> OptionalDouble.of(entry.getValue()))
        .orElseGet(OptionalDouble::empty);
  }
}
