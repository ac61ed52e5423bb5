package dev.hlotune.trainer.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.Executable;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import dev.hlotune.pjrt.Topology;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  static Stream<String> known() {
    return Target.known().stream();
  }

  @ParameterizedTest
  @MethodSource("known")
  void isWrittenAsItIsRead(String text) {
    assertEquals(text, Target.of(text).spelled());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpu",
        "cuda",
        "cuda:",
        "cuda:h9000",
        "tpu",
        "tpu:v5e",
        "tpu:v5e:4",
        "tpu:v5e:4x4x1",
        "tpu:v5e:0x4",
        "tpu:v4:2x2",
        "tpu:v9:2x2",
        "CPU"
      })
  void anotherOneIsAnsweredWithThoseThatThereAre(String text) {
    String message = assertThrows(ConfigException.class, () -> Target.of(text)).toString();
    assertTrue(message.contains("cuda:h100, ") && message.contains("got '" + text + "'"), message);
  }

  @Test
  void countsItsDevices() {
    assertEquals(1, Target.of("cuda:h100").count(Optional.empty(), OptionalInt.empty()));
    assertEquals(4, Target.of("cuda:h100").count(Optional.empty(), OptionalInt.of(4)));
    assertEquals(8, Target.of("cpu").count(Optional.of(8), OptionalInt.of(4)));
    assertEquals(16, Target.of("tpu:v5e:4x4").count(Optional.empty(), OptionalInt.of(4)));
    assertThrows(
        ConfigException.class,
        () -> Target.of("tpu:v5e:4x4").count(Optional.of(8), OptionalInt.empty()));
  }

  /** Every card has what a plan divides by. */
  @Test
  void cardsAreComplete() {
    for (String text : Target.known().subList(1, Target.known().size())) {
      Card card = Target.of(text).card().orElseThrow();
      assertTrue(card.budget() <= card.memory() && card.budget() > 1L << 33, text);
      assertTrue(card.bandwidth() > 1e11 && card.interconnect() > 1e10, text);
      assertTrue(card.peak(DType.BF16).orElseThrow() > 1e14, text);
      assertTrue(card.peak(DType.F32).isEmpty(), text);
    }
  }

  /** A run finds the card that its plan was made for. */
  @Test
  void cardsAreFoundByTheirNames() {
    for (String text : Target.known().subList(1, Target.known().size())) {
      Optional<Card> card = Target.of(text).card();
      assertEquals(card, Card.named(card.orElseThrow().name()), text);
    }
  }

  /** Names that plugins have for devices of one kind, and the figures of their data sheets. */
  @ParameterizedTest
  @CsvSource({
    "NVIDIA A100-PCIE-40GB, 40, 312e12",
    "NVIDIA A100 80GB PCIe, 80, 312e12",
    "NVIDIA H100 80GB HBM3, 80, 989e12",
    "NVIDIA H100 PCIe, 80, 756e12",
    "TPU v5 lite, 16, 197e12",
    "TPU v5e, 16, 197e12",
    "TPU v5, 95, 459e12",
    "TPU v5p, 95, 459e12",
    "TPU v6e, 32, 918e12",
  })
  void aDeviceIsFoundByWhatItsNameContains(String device, int gibibytes, double peak) {
    Card card = Card.named(device).orElseThrow();
    assertEquals((long) gibibytes << 30, card.memory());
    assertEquals(peak, card.peak(DType.BF16).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "NVIDIA L40", "TPU v50", "H", ""})
  void otherDevicesAreNone(String device) {
    assertEquals(Optional.empty(), Card.named(device));
  }

  /** The plugins know each of them. */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("known")
  void aPluginCompilesForIt(String text) {
    Target target = Target.of(text);
    assumeTrue(target.plugin() != PluginTarget.CPU, "the plugin for CPUs has no topologies");
    PluginRegistry registry = PluginRegistry.ofEnvironment(true);
    assumeTrue(registry.locate(target.plugin()).isPresent(), "the plugin is not installed");
    int count = target.count(Optional.empty(), OptionalInt.empty());
    Tensor one =
        Tensors.parameter("one", Shape.of(DType.F32, new Axis("a", 128), new Axis("b", 128)));
    Program program =
        new Program(
            "product",
            List.of(Program.Input.kept(one)),
            List.of(Program.Output.of("two", one.rename("a", "c").dot(one, "b"))));
    try (Topology topology =
            target.open(
                registry.loadCompiler(target.plugin(), PluginRegistry.Progress.silent()), count);
        Executable executable =
            topology.compile(Emitter.emit(program), CompileOptions.singleDevice())) {
      assertEquals(count, topology.devices().size());
      assertEquals(128 * 128 * 4, executable.memory().argument());
    }
  }
}
