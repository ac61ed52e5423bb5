package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.hlo.DType;
import dev.hlotune.trainer.hardware.Card;
import dev.hlotune.trainer.hardware.GpuModel;
import dev.hlotune.trainer.hardware.TpuVersion;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run judges itself by the same peak as its plan. */
final class CardPeaksTest {
  static Stream<Card> cards() {
    return Stream.concat(
        Arrays.stream(GpuModel.values()).map(GpuModel::card),
        Arrays.stream(TpuVersion.values()).map(TpuVersion::card));
  }

  @ParameterizedTest
  @MethodSource("cards")
  void aRunFindsTheCardByItsName(Card card) {
    assertEquals(card.peak(DType.BF16), DevicePeak.known(card.name()));
  }
}
