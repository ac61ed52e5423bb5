package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Quantization;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.Storage;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Weights of linear layers on their way from files to the device, in few bits from then on. */
public final class QuantizedWeights {
  private QuantizedWeights() {}

  /**
   * Codes and scales of one layer, by their names.
   *
   * @param layer its name; a stacked one stands for all layers
   * @param weight as the files have it
   * @param tensors finds a tensor of the files by its name there
   */
  public static Map<String, ShardedBuffer> load(
      Storage storage,
      Quantization kind,
      String layer,
      ParameterSpec weight,
      Function<String, TensorEntry> tensors) {
    ParamMap<ParameterSpec> held = kind.parameters(layer, weight);
    String input = weight.input().orElseThrow();
    Shape one = weight.shape().without(List.of(LayerStack.AXIS));
    boolean inputsFirst = weight.isInputFirst();
    int inputs = one.axis(input).size();
    int outputs =
        one.axes().stream()
            .filter(axis -> !axis.name().equals(input))
            .mapToInt(Axis::size)
            .reduce(1, Math::multiplyExact);
    Quantizer quantizer = new Quantizer(kind, outputs, inputs);
    Shape codes = held.get(layer + Quantization.CODES).shape();
    Shape scales = held.get(layer + Quantization.SCALES).shape();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment allCodes = arena.allocate(codes.bytes(), 64);
      MemorySegment allScales = arena.allocate(scales.bytes(), 64);
      long part = 0;
      for (Weights.Part own : Weights.parts(layer + ".weight", weight.shape())) {
        quantizer.quantize(
            tensors.apply(own.name()).toFloats(),
            inputsFirst,
            allCodes.asSlice(part * quantizer.codeBytes(), quantizer.codeBytes()),
            allScales.asSlice(part * quantizer.scaleBytes(), quantizer.scaleBytes()));
        part++;
      }
      Map<String, ShardedBuffer> buffers = new LinkedHashMap<>();
      buffers.put(layer + Quantization.CODES, storage.put(allCodes, codes));
      buffers.put(layer + Quantization.SCALES, storage.put(allScales, scales));
      return buffers;
    }
  }
}
