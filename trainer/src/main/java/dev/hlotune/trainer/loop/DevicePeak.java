package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ComputeType;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.DType;
import dev.hlotune.trainer.hardware.Card;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a device can do at most, in floating-point operations a second: as the recipe says, else the
 * vendor's figure for dense products in bfloat16 and float16, by which plans judge too. For float32
 * there is no figure.
 */
final class DevicePeak {
  private DevicePeak() {}

  /**
   * The peak of some devices together.
   *
   * @param kind the device's name, as its plugin gives it
   */
  static OptionalDouble of(SftConfig config, String kind, int devices) {
    Optional<Double> said = config.watch().peakFlops();
    DType compute = config.model().dtype() == ComputeType.FLOAT32 ? DType.F32 : DType.BF16;
    OptionalDouble one =
        said.isPresent()
            ? OptionalDouble.of(said.get())
            : Card.named(kind).map(card -> card.peak(compute)).orElseGet(OptionalDouble::empty);
    return one.isPresent() ? OptionalDouble.of(one.getAsDouble() * devices) : one;
  }
}
