package dev.hlotune.trainer.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.RelativeError;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.data.Bucket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One program for many shapes computes in each what the program of that shape computes. */
class SymbolicExportTest {
  private static final List<Bucket> BUCKETS = List.of(new Bucket(1, 2), new Bucket(4, 12));
  private static final int STEPS = 2;
  private static final double TOLERANCE = 1e-5;

  @TempDir static Path folder;

  private static TinyExport fixed = TinyExport.NONE;
  private static TinyExport symbolic = TinyExport.NONE;

  @BeforeAll
  static void write() throws IOException {
    TestClient.get();
    fixed = write("fixed", BUCKETS, false);
    symbolic = write("symbolic", BUCKETS, true);
  }

  private static TinyExport write(String name, List<Bucket> buckets, boolean many)
      throws IOException {
    return TinyExport.write(
        folder,
        folder.resolve(name),
        ShardingRules.none(),
        EnumSet.allOf(ProgramKind.class),
        buckets,
        many);
  }

  static List<Bucket> shapes() {
    return BUCKETS;
  }

  private static ParamMap<TensorEntry> run(
      TinyExport from, String program, ParamMap<TensorEntry> given, int steps) throws IOException {
    return from.run(TestClient.get(), folder, program, given, steps);
  }

  private static ParamMap<TensorEntry> assertSame(
      String kind, Bucket bucket, ParamMap<TensorEntry> given, int steps) throws IOException {
    ParamMap<TensorEntry> expected = run(fixed, kind + "_" + bucket, given, steps);
    ParamMap<TensorEntry> got = run(symbolic, kind, given, steps);
    assertEquals(expected.names(), got.names());
    expected
        .entries()
        .forEach((name, entry) -> {
          assertEquals(entry.shape(), got.get(name).shape(), name);
          if (entry.type() == StorageType.F32) {
            double error =
                RelativeError.of(
                    TinyExport.doubles(entry), TinyExport.doubles(got.get(name)), _ -> true);
            assertTrue(error <= TOLERANCE, () -> name + ": relative error " + error);
          }
        });
    return got;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void trains(Bucket bucket) throws IOException {
    assertSame("train_step", bucket, TinyExport.batches(bucket, STEPS), STEPS);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void evaluates(Bucket bucket) throws IOException {
    assertSame("eval_step", bucket, TinyExport.batches(bucket, 0), 0);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void continues(Bucket bucket) throws IOException {
    TensorEntry starts =
        TinyExport.ints(
            "starts",
            IntStream.range(0, bucket.rows()).map(i -> i % 2).toArray(),
            0,
            bucket.rows());
    ParamMap<TensorEntry> begun =
        assertSame(
            "prefill",
            bucket,
            TinyExport.named(TinyExport.batches(bucket, 0).get("tokens"), starts),
            0);
    int[] next = IntStream.range(0, bucket.rows()).map(i -> i * 53 + 7).toArray();
    assertSame(
        "decode",
        new Bucket(bucket.rows(), bucket.length() + TinyExport.NEW),
        begun
            .subset((name, _) -> !name.equals("logits"))
            .plus(
                TinyExport.named(
                    starts,
                    TinyExport.ints("token", next, 0, bucket.rows()),
                    TinyExport.ints("slot", new int[] {bucket.length()}, 0))),
        0);
  }

  @Test
  void saysWhatItTakes() throws IOException {
    ExportManifest manifest = ExportManifest.read(symbolic.folder());
    assertEquals(
        List.of("train_step", "eval_step", "prefill", "decode"),
        manifest.programs().stream().map(ExportedProgram::name).toList());
    ExportedProgram prefill = manifest.programs().get(2);
    assertEquals(
        "[Symbol[name=batch, least=1, most=4], Symbol[name=seq, least=2, most=12]]",
        prefill.sizes().symbols().toString());
    assertEquals("tensor<(batch)x(seq)xi32>", prefill.input("tokens").orElseThrow().array().type());
    assertEquals("tensor<(batch)x2x(seq + 4)x8xf32>", prefill.outputs().getFirst().type());
  }

  private static String refused(String program, ParamMap<TensorEntry> given) {
    return String.valueOf(
            assertThrows(RuntimeException.class, () -> run(symbolic, program, given, 0))
                .getMessage())
        .replace(folder.toString(), "FOLDER");
  }

  @Test
  void refusesOtherSizes() {
    assertEquals(
        "size 'batch': expected 1 to 4, for which the program was exported, got 5",
        refused("eval_step", TinyExport.batches(new Bucket(5, 4), 0)));
    assertEquals(
        "size 'batch': expected an array in --inputs that has it, one of [tokens [batch, seq],"
            + " targets [batch, seq], segments [batch, seq], positions [batch, seq],"
            + " weights [batch, seq]], got none",
        refused("eval_step", ParamMap.empty()));
    assertTrue(
        refused("eval_step", TinyExport.named(TinyExport.ints("tokens", new int[12], 0, 2, 2, 3)))
            .endsWith("got [tokens [2, 2, 3]]"));
    ParamMap<TensorEntry> batch = TinyExport.batches(new Bucket(2, 4), 0);
    assertEquals(
        "FOLDER/inputs.safetensors: tensor 'weights': expected F32 [2, 4], got F32 [2, 5]",
        refused(
            "eval_step",
            batch
                .subset((name, _) -> !name.equals("weights"))
                .plus(TinyExport.named(TinyExport.floats("weights", new float[10], 0, 2, 5)))));
  }

  @Test
  void refusesWhatIsNotOneProgram() {
    assertEquals(
        "'symbolic': expected one device, got a mesh of 4: how much each device has of an axis is"
            + " a number of the program; name each shape in --buckets",
        assertThrows(
                ConfigException.class,
                () ->
                    TinyExport.write(
                        folder,
                        folder.resolve("mesh"),
                        TinyExport.fourDevices(),
                        EnumSet.of(ProgramKind.EVAL_STEP),
                        BUCKETS,
                        true))
            .getMessage());
    assertEquals(
        "'buckets': expected shapes with --symbolic of which one is larger than another, got 4x12",
        assertThrows(ConfigException.class, () -> write("one", List.of(TinyExport.BUCKET), true))
            .getMessage());
    assertEquals(
        "'buckets': expected shapes further apart with --symbolic, symbol \"batch\": expected a"
            + " range from at least 1 to at least 4, got 1 to 2",
        assertThrows(
                ConfigException.class,
                () -> write("near", List.of(new Bucket(1, 8), new Bucket(2, 12)), true))
            .getMessage());
  }
}
