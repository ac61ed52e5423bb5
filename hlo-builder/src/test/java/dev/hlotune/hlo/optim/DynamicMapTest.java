package dev.hlotune.hlo.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Eight bits for a number, beside the values that bitsandbytes has. */
class DynamicMapTest {
  private static final int COUNT = 20_000;
  private static final Axis AXIS = new Axis("i", COUNT);

  @ParameterizedTest
  @EnumSource
  void ascendsFromTheLeastToOne(DynamicMap map) {
    List<Double> table = map.table();
    assertEquals(256, table.size());
    assertEquals(1, table.getLast());
    assertEquals(map == DynamicMap.SIGNED ? -0.99296875 : 0, table.getFirst(), 1e-7);
    for (int i = 1; i < table.size(); i++) {
      assertTrue(table.get(i) > table.get(i - 1), "code " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void hasTheValuesOfBitsandbytes(DynamicMap map) throws IOException {
    String name = "/dynamic_maps/" + map.name().toLowerCase(Locale.ROOT) + ".txt";
    List<Double> expected;
    try (InputStream file = DynamicMapTest.class.getResourceAsStream(name)) {
      expected =
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .map(Double::valueOf)
              .toList();
    }
    assertEquals(expected.size(), map.table().size());
    for (int i = 0; i < expected.size(); i++) {
      double value = expected.get(i);
      // Sums and products of floats there, of doubles here.
      assertEquals(value, map.table().get(i), 2e-7 * Math.abs(value), "code " + i);
    }
  }

  /** Of all sizes, the values themselves and both ends among them. */
  @ParameterizedTest
  @EnumSource
  void takesTheNearestValue(DynamicMap map) {
    Random random = new Random(3);
    double[] numbers = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      double size = Math.pow(10, -7.5 * random.nextDouble());
      numbers[i] = (float) (map == DynamicMap.SIGNED && random.nextBoolean() ? -size : size);
    }
    for (int i = 0; i < 256; i++) {
      numbers[i] = map.table().get(i);
    }
    numbers[256] = 0;
    numbers[257] = 1;
    numbers[258] = map == DynamicMap.SIGNED ? -1 : 0;
    Tensor input = Tensors.parameter("x", Shape.of(DType.F32, AXIS));
    Tensor codes = map.codes(input);
    assertEquals(DType.U8, codes.dtype());
    List<NdArray> results =
        Evaluator.evaluate(
            List.of(codes, map.values(codes)),
            Map.of("x", new NdArray(Shape.of(DType.F32, AXIS), numbers)));
    int near = 0;
    for (int i = 0; i < COUNT; i++) {
      int code = (int) results.get(0).values()[i];
      double value = map.table().get(code);
      assertEquals(value, results.get(1).values()[i]);
      double number = numbers[i];
      double best =
          map.table().stream().mapToDouble(other -> Math.abs(other - number)).min().orElseThrow();
      // Where two are equally near up to the last bit of a float, either will do.
      double distance = Math.abs(value - number);
      assertEquals(best, distance, 1e-6 * Math.abs(number), "number " + number);
      near += distance == best ? 1 : 0;
    }
    assertTrue(near > 0.999 * COUNT, "nearest: " + near);
    for (int i : IntStream.range(0, 256).toArray()) {
      assertEquals(i, (int) results.get(0).values()[i]);
    }
  }
}
