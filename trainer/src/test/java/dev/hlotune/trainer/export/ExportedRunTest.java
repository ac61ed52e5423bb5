package dev.hlotune.trainer.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.pjrt.Client;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.RelativeError;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.BatchCounts;
import dev.hlotune.trainer.loop.RecipeStart;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.TrainState;
import dev.hlotune.trainer.step.Training;
import dev.hlotune.trainer.step.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is exported runs, and computes what the trainer computes. */
class ExportedRunTest {
  private static final int STEPS = 3;
  private static final int WORDS = 512;
  private static final double TOLERANCE = 1e-5;

  @TempDir static Path folder;

  private static TinyExport export = TinyExport.NONE;

  @BeforeAll
  static void write() throws IOException {
    TestClient.get();
    export = TinyExport.write(folder, folder.resolve("export"), ShardingRules.none());
  }

  private static ParamMap<TensorEntry> run(
      Client client, TinyExport from, String program, ParamMap<TensorEntry> given, int steps)
      throws IOException {
    return from.run(client, folder, program, given, steps);
  }

  @Test
  void stepsAreThoseOfTheTrainer() throws IOException {
    ParamMap<TensorEntry> batches = TinyExport.batches(STEPS);
    ParamMap<TensorEntry> got = run(TestClient.get(), export, "train_step", batches, STEPS);

    SftConfig config = TinyExport.config(folder);
    try (RecipeStart start =
        RecipeStart.open(config, true, RunObserver.NONE, new AtomicBoolean())) {
      Training training = start.programs().trainings().firstEntry().getValue();
      ParamMap<TensorEntry> weights =
          TinyExport.read(export.folder().resolve("weights.safetensors"));
      List<ShardedBuffer> buffers = new ArrayList<>();
      training.tuning().parameters().map(ParameterSpec::shape).stream()
          .forEach(entry ->
              buffers.add(
                  TestClient.devices()
                      .whole(weights.get(entry.getKey()).data(), entry.getValue())));
      TrainState state =
          TrainState.of(
              training.tuning(),
              buffers,
              Weights.zeros(TestClient.storage(), TrainProgram.state(training)));
      float[] metrics = got.get("metrics").toFloats();
      int figures = metrics.length / STEPS;
      try (DeviceProgram program =
          CompiledProgram.quick(TrainProgram.of(training, TinyExport.BUCKET)).device()) {
        for (int step = 0; step < STEPS; step++) {
          TrainState.Stepped stepped =
              state.step(program, batch(batches, step), TrainState.Settings.of(0.01));
          state = stepped.state();
          try (ShardedBuffer own = stepped.metrics()) {
            assertArrayEquals(
                own.readFloats(),
                Arrays.copyOfRange(metrics, step * figures, (step + 1) * figures));
          }
        }
      }
      List<String> names = training.tuning().parameters().names();
      for (int i = 0; i < names.size(); i++) {
        assertArrayEquals(
            state.weights().get(i).readFloats(), got.get(names.get(i)).toFloats(), names.get(i));
      }
      List<String> pieces = TrainProgram.state(training).names();
      assertEquals(names.size() + pieces.size() + 1, got.names().size());
      for (int i = 0; i < pieces.size(); i++) {
        assertEquals(
            -1,
            TinyExport.mismatch(state.optimizer().get(i), got.get(pieces.get(i))),
            pieces.get(i));
      }
      state.close();
    }
  }

  private static Batch batch(ParamMap<TensorEntry> batches, int step) {
    int count = TinyExport.BUCKET.tokens();
    float[] weights = batches.get("weights").toFloats();
    return new Batch(
        TinyExport.BUCKET,
        1,
        part(batches.get("tokens"), step, count),
        part(batches.get("targets"), step, count),
        part(batches.get("segments"), step, count),
        part(batches.get("positions"), step, count),
        Arrays.copyOfRange(weights, step * count, (step + 1) * count),
        new BatchCounts(8, count, 1, 1, 0, 0));
  }

  private static int[] part(TensorEntry all, int step, int count) {
    long[] values = all.toLongs();
    return IntStream.range(0, count).map(i -> (int) values[step * count + i]).toArray();
  }

  /** Prompts of two lengths: each further token is as probable as the evaluation finds it. */
  @Test
  void decodingContinuesWhatPrefillBegan() throws IOException {
    int rows = TinyExport.BUCKET.rows();
    int room = TinyExport.BUCKET.length();
    int[] tokens = new int[rows * room];
    int[] starts = new int[rows];
    int[] next = IntStream.range(0, TinyExport.NEW * rows).map(i -> (i * 53 + 7) % WORDS).toArray();
    int[] whole = new int[rows * room];
    int[] targets = new int[rows * room];
    int[] segments = new int[rows * room];
    int[] positions = new int[rows * room];
    float[] ones = new float[rows * room];
    Arrays.fill(ones, 1);
    for (int row = 0; row < rows; row++) {
      starts[row] = 4 + row % 2 * 2;
      int real = room - starts[row];
      int[] line = new int[real + TinyExport.NEW];
      for (int i = 0; i < line.length; i++) {
        line[i] = i < real ? (row * 91 + i * 17) % WORDS : next[(i - real) * rows + row];
      }
      System.arraycopy(line, 0, tokens, row * room + starts[row], real);
      System.arraycopy(line, 0, whole, row * room, line.length - 1);
      System.arraycopy(line, 1, targets, row * room, line.length - 1);
      for (int i = 0; i < line.length - 1; i++) {
        segments[row * room + i] = 1;
        positions[row * room + i] = i;
      }
    }
    Client client = TestClient.get();
    float[] expected =
        run(
                client,
                export,
                "eval_step",
                TinyExport.named(
                    TinyExport.ints("tokens", whole, 0, rows, room),
                    TinyExport.ints("targets", targets, 0, rows, room),
                    TinyExport.ints("segments", segments, 0, rows, room),
                    TinyExport.ints("positions", positions, 0, rows, room),
                    TinyExport.floats("weights", ones, 0, rows, room)),
                0)
            .get("logprobs")
            .toFloats();

    TensorEntry begins = TinyExport.ints("starts", starts, 0, rows);
    ParamMap<TensorEntry> begun =
        run(
            client,
            export,
            "prefill",
            TinyExport.named(TinyExport.ints("tokens", tokens, 0, rows, room), begins),
            0);
    float[] first = begun.get("logits").toFloats();
    int[] slots = IntStream.range(room, room + TinyExport.NEW).toArray();
    ParamMap<TensorEntry> given =
        begun
            .subset((name, _) -> !name.equals("logits"))
            .plus(
                TinyExport.named(
                    begins,
                    TinyExport.ints("token", next, TinyExport.NEW, rows),
                    TinyExport.ints("slot", slots, TinyExport.NEW)));
    float[] further = run(client, export, "decode", given, TinyExport.NEW).get("logits").toFloats();
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < TinyExport.NEW; i++) {
        float[] logits = i == 0 ? first : further;
        int from = (i == 0 ? row : (i - 1) * rows + row) * WORDS;
        assertEquals(
            expected[row * room + room - starts[row] - 1 + i],
            logProbability(logits, from, next[i * rows + row]),
            1e-5,
            "row " + row + ", token " + i);
      }
    }
  }

  private static double logProbability(float[] logits, int from, int token) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < WORDS; i++) {
      greatest = Math.max(greatest, logits[from + i]);
    }
    double sum = 0;
    for (int i = 0; i < WORDS; i++) {
      sum += Math.exp(logits[from + i] - greatest);
    }
    return logits[from + token] - greatest - Math.log(sum);
  }

  /** Four devices, with weights, state and batches split, give what one gives. */
  @Test
  void fourDevicesGiveWhatOneGives() throws IOException {
    ShardingRules rules = TinyExport.fourDevices();
    TinyExport spread =
        TinyExport.write(
            folder,
            folder.resolve("spread"),
            rules,
            EnumSet.of(ProgramKind.TRAIN_STEP, ProgramKind.EVAL_STEP));
    ExportManifest manifest = ExportManifest.read(spread.folder());
    assertEquals(List.of(new Axis("fsdp", 2), new Axis("tensor", 2)), manifest.mesh());
    ExportedInput embedding =
        manifest.programs().getFirst().input("model.embed_tokens.weight").orElseThrow();
    assertEquals(List.of(List.of("tensor"), List.of("fsdp")), embedding.array().sharding());
    ParamMap<TensorEntry> batches = TinyExport.batches(STEPS);
    ParamMap<TensorEntry> expected = run(TestClient.get(), export, "train_step", batches, STEPS);
    try (Client client = TestClient.get().plugin().cpuClient(4)) {
      ParamMap<TensorEntry> got = run(client, spread, "train_step", batches, STEPS);
      assertEquals(expected.names(), got.names());
      expected
          .entries()
          .forEach((name, entry) -> {
            if (entry.type().name().startsWith("F")) {
              double error =
                  RelativeError.of(
                      TinyExport.doubles(entry), TinyExport.doubles(got.get(name)), _ -> true);
              assertTrue(error <= TOLERANCE, () -> name + ": relative error " + error);
            }
          });
    }
    assertEquals(
        "'train_step_4x12': expected 4 devices for its mesh [fsdp=2, tensor=2], got 1 of platform 'cpu'",
        assertThrows(
                ConfigException.class,
                () -> run(TestClient.get(), spread, "train_step", batches, STEPS))
            .getMessage());
  }

  private static String refused(ParamMap<TensorEntry> given, int steps) {
    return String.valueOf(
        assertThrows(
                RuntimeException.class,
                () -> run(TestClient.get(), export, "train_step", given, steps))
            .getMessage());
  }

  private static ParamMap<TensorEntry> changed(ParamMap<TensorEntry> batch, TensorEntry other) {
    return batch.map((name, entry) -> name.equals(other.name()) ? other : entry);
  }

  @Test
  void saysWhatIsWrongWithInputs() throws IOException {
    ParamMap<TensorEntry> batch = TinyExport.batches(0);
    String inputs = folder.resolve("inputs.safetensors").toString();

    ParamMap<TensorEntry> lacking =
        batch.subset((name, _) -> !List.of("tokens", "positions").contains(name));
    assertEquals(
        "input 'tokens': expected tensor<4x12xi32> in --inputs, got nothing; it is: ids of the tokens\n"
            + "input 'positions': expected tensor<4x12xi32> in --inputs, got nothing; it is: places within the example, from 0",
        refused(lacking, 0));

    ParamMap<TensorEntry> floats =
        changed(batch, TinyExport.floats("tokens", new float[48], 0, 4, 12));
    assertEquals(
        inputs + ": tensor 'tokens': expected I32 [4, 12], got F32 [4, 12]", refused(floats, 0));

    ParamMap<TensorEntry> shorter =
        changed(batch, TinyExport.ints("tokens", new int[44], 0, 4, 11));
    assertEquals(
        inputs
            + ": tensor 'tokens': expected I32 [4, 12] or, for each step, [3, 4, 12], got I32 [4, 11]",
        refused(shorter, 3));
  }

  @Test
  void weightsOfAnotherStepGoBeforeThoseOfTheExport() throws IOException {
    ParamMap<TensorEntry> batch = TinyExport.batches(0);
    float[] before =
        run(TestClient.get(), export, "eval_step", batch, 0).get("logprobs").toFloats();
    ParamMap<TensorEntry> trained =
        run(TestClient.get(), export, "train_step", TinyExport.batches(1), 1);
    List<String> names = TinyExport.read(export.folder().resolve("weights.safetensors")).names();
    ParamMap<TensorEntry> both = batch.plus(trained.subset(names));
    float[] after = run(TestClient.get(), export, "eval_step", both, 0).get("logprobs").toFloats();
    double gained = 0;
    for (int i = 0; i < before.length; i++) {
      gained += after[i] - before[i];
    }
    assertTrue(gained > 0.1, "gained " + gained);
  }

  @Test
  void refusesFilesThatWereChanged() throws IOException {
    Path copy = folder.resolve("changed");
    Files.createDirectories(copy);
    for (String name : List.of("manifest.json", "weights.safetensors", "train_step_4x12.mlir")) {
      Files.copy(export.folder().resolve(name), copy.resolve(name));
    }
    Path text = copy.resolve("train_step_4x12.mlir");
    Files.writeString(text, Files.readString(text) + "\n");
    TinyExport changed = TinyExport.at(copy);
    ParamMap<TensorEntry> batch = TinyExport.batches(0);
    String message =
        String.valueOf(
            assertThrows(
                    DataException.class,
                    () -> run(TestClient.get(), changed, "train_step", batch, 0))
                .getMessage());
    assertTrue(
        message.matches(
            ".*train_step_4x12.mlir: expected sha256 \\w{64}, as the manifest has it, got \\w{64}; .*"),
        message);
    Path weights = copy.resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    message =
        String.valueOf(
            assertThrows(
                    DataException.class,
                    () -> run(TestClient.get(), changed, "eval_step", batch, 0))
                .getMessage());
    assertTrue(message.contains("weights.safetensors: expected sha256 "), message);
  }

  /** One that has none is given them. */
  @Test
  void asksForWeightsThatAreNotThere() throws IOException {
    ExportManifest whole = ExportManifest.read(export.folder());
    Path bare = Files.createDirectories(folder.resolve("bare"));
    new ExportManifest(whole.versions(), whole.model(), whole.mesh(), List.of(), whole.programs())
        .write(bare.resolve(ExportManifest.NAME));
    Files.copy(export.folder().resolve("eval_step_4x12.mlir"), bare.resolve("eval_step_4x12.mlir"));
    TinyExport without = TinyExport.at(bare);
    ParamMap<TensorEntry> batch = TinyExport.batches(0);
    assertEquals(
        bare.resolve("manifest.json")
            + ": weight 'model.embed_tokens.weight': expected in a file of weights, of which this export has none, got none; give it in --inputs",
        assertThrows(
                DataException.class, () -> run(TestClient.get(), without, "eval_step", batch, 0))
            .getMessage());
    ParamMap<TensorEntry> weights = TinyExport.read(export.folder().resolve("weights.safetensors"));
    assertArrayEquals(
        run(TestClient.get(), export, "eval_step", batch, 0).get("logprobs").toFloats(),
        run(TestClient.get(), without, "eval_step", batch.plus(weights), 0)
            .get("logprobs")
            .toFloats());
  }

  @Test
  void namesTheProgramsThatThereAre() {
    for (Optional<String> name : List.of(Optional.<String>empty(), Optional.of("train"))) {
      assertEquals(
          "'program': expected one of [train_step_4x12, eval_step_4x12, prefill_4x12, decode_4x16], got "
              + name.map(text -> "'" + text + "'").orElse("none"),
          assertThrows(ConfigException.class, () -> ExportedRun.open(export.folder(), name))
              .getMessage());
    }
  }
}
