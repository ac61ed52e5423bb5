package dev.hlotune.trainer.hardware;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Google's TPUs. Memory, bandwidths and operations of a chip are those of "Cloud TPU: TPU v4",
 * "v5e", "v5p" and "v6e" (cloud.google.com/tpu/docs); what its links carry together is the "ICI
 * bandwidth" there, in bits a second.
 */
public enum TpuVersion {
  /** Its two cores are one device, as frameworks have it; the plugin's own choice is two. */
  V4("v4", "TPU v4", 3, 32, 1228, 2400, 275, Map.of("chip_config_name", "megacore")),
  V5E("v5e", "TPU v5 lite", 2, 16, 819, 1600, 197, Map.of()),
  V5P("v5p", "TPU v5", 3, 95, 2765, 4800, 459, Map.of()),
  V6E("v6e", "TPU v6 lite", 2, 32, 1638, 3584, 918, Map.of());

  private final String spelled;
  private final String deviceName;
  private final int dimensions;
  private final int gibibytes;
  private final double gigabytesPerSecond;
  private final double linkGigabits;
  private final double teraflops;

  // An immutable map.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Map<String, String> options;

  TpuVersion(
      String spelled,
      String deviceName,
      int dimensions,
      int gibibytes,
      double gigabytesPerSecond,
      double linkGigabits,
      double teraflops,
      Map<String, String> options) {
    this.spelled = spelled;
    this.deviceName = deviceName;
    this.dimensions = dimensions;
    this.gibibytes = gibibytes;
    this.gigabytesPerSecond = gigabytesPerSecond;
    this.linkGigabits = linkGigabits;
    this.teraflops = teraflops;
    this.options = Map.copyOf(options);
  }

  /** As targets name it. */
  public String spelled() {
    return spelled;
  }

  /** The version of that name. */
  static Optional<TpuVersion> of(String name) {
    return Arrays.stream(values()).filter(version -> version.spelled.equals(name)).findFirst();
  }

  /** What names that plugins have for such a chip contain, in lower case. */
  List<String> marks() {
    return switch (this) {
      case V4 -> List.of("tpu v4");
      case V5E -> List.of("tpu v5 lite", "tpu v5e");
      case V5P -> List.of("tpu v5");
      case V6E -> List.of("tpu v6");
    };
  }

  /** Along how many axes its chips are connected. */
  int dimensions() {
    return dimensions;
  }

  /** What the plugin is told of its topology. */
  Map<String, String> options() {
    return options;
  }

  /** The figures of a chip. */
  public Card card() {
    long memory = (long) gibibytes << 30;
    return new Card(
        deviceName,
        memory,
        memory,
        gigabytesPerSecond * 1e9,
        linkGigabits / 8 * 1e9,
        teraflops * 1e12);
  }
}
