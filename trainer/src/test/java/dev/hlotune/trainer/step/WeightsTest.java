package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Vocabulary;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.RecordedModel;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.checkpoint.FloatConversion;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.SafetensorsWriter;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {
  @TempDir Path folder;

  /** From a file to the device and into a file again, in every type there and here. */
  @ParameterizedTest
  @CsvSource({
    "gpt2, UNROLL, F32, F32", "gpt2, SCAN, F32, F32", "llama, UNROLL, BF16, F32",
    "llama, SCAN, BF16, F32", "llama, UNROLL, BF16, BF16", "llama, SCAN, BF16, BF16",
    "gpt2, UNROLL, F16, F32", "gpt2, SCAN, F16, F16", "llama-variant, SCAN, F64, F32",
    "llama, SCAN, F32, BF16", "gpt2-variant, UNROLL, BF16, F16"
  })
  void comeBackByteForByte(String name, Layering layering, StorageType inFile, DType onDevice)
      throws IOException {
    RecordedModel recorded = Fixtures.model(name);
    Path directory = Files.createDirectories(folder.resolve("model"));
    Path file = directory.resolve("model.safetensors");
    try (ModelWeights weights = ModelWeights.open(recorded.directory())) {
      List<TensorEntry> converted = new ArrayList<>();
      weights.tensors().forEach((_, entry) -> converted.add(converted(entry, inFile)));
      SafetensorsWriter.write(file, converted);
    }
    CausalModel model = model(recorded, layering);
    ParamMap<ParameterSpec> specs = in(onDevice, model.parameters());
    List<ShardedBuffer> buffers = List.of();
    try (ModelWeights files = ModelWeights.open(directory)) {
      buffers = Weights.load(TestClient.storage(), specs, model, files);
      for (int i = 0; i < buffers.size(); i++) {
        assertEquals(
            ElementTypes.buffer(specs.values().get(i).shape()), buffers.get(i).first().type());
      }
      Path again = folder.resolve("again.safetensors");
      SafetensorsWriter.write(
          again, Weights.stored(specs, HeldArray.onDevice(buffers), (_, _) -> inFile));
      StorageType held = ElementTypes.stored(onDevice);
      boolean exact =
          onDevice == DType.F32 || inFile == held; // f64 of the fixtures is f32 that was widened
      assertEquals(exact, Files.mismatch(file, again) == -1);
      try (Arena arena = Arena.ofConfined()) {
        List<TensorEntry> read = Weights.read(specs, buffers, arena);
        assertEquals(files.tensors().size(), read.size());
        for (TensorEntry entry : read) {
          TensorEntry expected = converted(files.find(entry.name()).orElseThrow(), held);
          assertEquals(held, entry.type());
          assertEquals(-1, expected.data().mismatch(entry.data()), entry.name());
        }
      }
    } finally {
      buffers.forEach(ShardedBuffer::close);
    }
  }

  /** More than one piece: of a file, of what is converted, of what is read back. */
  @Test
  void largeWeightsGoInPieces() throws IOException {
    int rows = 5000;
    int width = 1021;
    Path directory = Files.createDirectories(folder.resolve("large"));
    short[] halves = new short[rows * width];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (short) (0x3f00 + i % 251);
    }
    MemorySegment data = MemorySegment.ofArray(new byte[2 * halves.length]);
    data.copyFrom(MemorySegment.ofArray(halves));
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"),
        List.of(new TensorEntry("w", StorageType.BF16, List.of((long) rows, (long) width), data)));
    for (DType type : List.of(DType.BF16, DType.F32, DType.F16)) {
      ParamMap<ParameterSpec> specs = one(type, rows, width);
      List<ShardedBuffer> buffers = List.of();
      try (ModelWeights files = ModelWeights.open(directory)) {
        buffers = Weights.load(TestClient.storage(), specs, new Bigrams(rows, width), files);
        for (WritableTensor tensor :
            Weights.stored(specs, HeldArray.onDevice(buffers), (_, _) -> StorageType.BF16)) {
          long[] at = {0};
          tensor.writeTo(piece -> {
            assertEquals(-1, data.asSlice(at[0], piece.byteSize()).mismatch(piece));
            at[0] += piece.byteSize();
          });
          assertEquals(tensor.byteSize(), at[0]);
        }
      } finally {
        buffers.forEach(ShardedBuffer::close);
      }
    }
  }

  /** As for a device that tiles its arrays: a weight goes there whole and comes back whole. */
  @ParameterizedTest
  @CsvSource({"BF16, BF16", "BF16, F32", "F32, F32"})
  void goWholeWhereADeviceKeepsThemItsOwnWay(StorageType inFile, DType onDevice)
      throws IOException {
    List<TensorEntry> layers =
        List.of(
            converted(TensorEntry.ofFloats("w", List.of(3L), new float[] {1, -2, 3}), inFile),
            converted(TensorEntry.ofFloats("w", List.of(3L), new float[] {0.5f, 5, 6}), inFile));
    Shape shape = Shape.of(onDevice, new Axis("layer", 2), new Axis("embed", 3));
    StorageType held = ElementTypes.stored(onDevice);
    try (Staging staging = new Staging();
        WeightUpload upload = new WeightUpload(TestClient.storage(), shape, staging, false)) {
      upload.put(layers.get(1).data(), inFile, 3);
      upload.put(layers.get(0).data(), inFile, 0);
      try (ShardedBuffer buffer = upload.finish()) {
        for (int layer = 0; layer < 2; layer++) {
          for (boolean dense : new boolean[] {false, true}) {
            MemorySegment data = layers.get(layer).data();
            List<Long> differences = new ArrayList<>();
            new HeldTensor(
                    "w",
                    inFile,
                    List.of(3L),
                    new HeldArray.OnDevice(buffer, dense),
                    held,
                    3L * layer)
                .writeTo(piece -> differences.add(data.mismatch(piece)));
            assertEquals(List.of(-1L), differences);
          }
        }
      }
    }
  }

  /** One of several failures is told, once all threads have let go. */
  @Test
  void refusesMoreThanThereIsRoomFor() {
    MemorySegment much = MemorySegment.ofArray(new byte[(int) (3 * Staging.ELEMENTS * 4)]);
    try (Staging staging = new Staging();
        WeightUpload upload =
            new WeightUpload(
                TestClient.storage(), Shape.of(DType.BF16, new Axis("x", 7)), staging)) {
      assertThrows(IllegalArgumentException.class, () -> upload.put(much, StorageType.F32, 0));
    }
  }

  /** The same numbers whatever the type, rounded; the mean of new rows too. */
  @Test
  void randomZerosAndNewRowsTakeTheTypeOfTheirShape() throws IOException {
    float[] full = random(DType.F32);
    float[] half = random(DType.BF16);
    assertEquals(full.length, half.length);
    for (int i = 0; i < full.length; i++) {
      assertEquals(full[i], half[i], Math.abs(full[i]) * 0x1p-8, "number " + i);
    }
    List<ShardedBuffer> zeros =
        Weights.zeros(TestClient.storage(), one(DType.BF16, 3, 5).map(ParameterSpec::shape));
    assertArrayEquals(new byte[30], zeros.getFirst().first().readBytes());
    zeros.getFirst().close();

    Path directory = Files.createDirectories(folder.resolve("rows"));
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"),
        List.of(TensorEntry.ofFloats("w", List.of(2L, 2L), new float[] {1, 2, 3, 6})));
    List<ShardedBuffer> grown = List.of();
    try (ModelWeights files = ModelWeights.open(directory);
        Arena arena = Arena.ofConfined()) {
      ParamMap<ParameterSpec> specs = one(DType.F16, 4, 2);
      grown = Weights.load(TestClient.storage(), specs, new Bigrams(2, 2), files);
      assertArrayEquals(
          new float[] {1, 2, 3, 6, 2, 4, 2, 4},
          Weights.read(specs, grown, arena).getFirst().toFloats());
    } finally {
      grown.forEach(ShardedBuffer::close);
    }
  }

  private float[] random(DType type) {
    ParamMap<ParameterSpec> specs = one(type, 700, 1999);
    List<ShardedBuffer> buffers = Weights.random(TestClient.storage(), specs, 4);
    try (Arena arena = Arena.ofConfined()) {
      return Weights.read(specs, buffers, arena).getFirst().toFloats();
    } finally {
      buffers.forEach(ShardedBuffer::close);
    }
  }

  private static TensorEntry converted(TensorEntry entry, StorageType type) {
    MemorySegment data =
        MemorySegment.ofArray(new byte[Math.toIntExact(entry.elementCount() * type.byteSize())]);
    FloatConversion.convert(entry.data(), entry.type(), data, type);
    return new TensorEntry(entry.name(), type, entry.shape(), data);
  }

  private static ParamMap<ParameterSpec> one(DType type, int rows, int width) {
    return in(type, new Bigrams(rows, width).parameters());
  }

  /** The smallest model: an embedding that is its own head. */
  private record Bigrams(int rows, int width) implements CausalModel {
    @Override
    public ParamMap<ParameterSpec> parameters() {
      return words().parameters(ParamMap.empty());
    }

    @Override
    public Tensor hidden(ParamMap<Tensor> weights, Inputs inputs) {
      return words().embed(weights, inputs.tokens());
    }

    @Override
    public Vocabulary words() {
      return Vocabulary.of("w", "head", rows, new Axis("embed", width), true, 0.02);
    }

    @Override
    public LayerStack stack() {
      return new LayerStack("layers", 0, Layering.UNROLL, Remat.NOTHING);
    }

    @Override
    public int maxPositions() {
      return 1;
    }
  }

  private static ParamMap<ParameterSpec> in(DType type, ParamMap<ParameterSpec> specs) {
    return specs.map(spec -> new ParameterSpec(spec.shape().withDtype(type), spec.initializer()));
  }

  private static CausalModel model(RecordedModel recorded, Layering layering) {
    return Families.of(new ModelConfig(recorded.config()), new Layout(layering, Remat.NOTHING));
  }
}
