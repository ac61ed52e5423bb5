package dev.hlotune.trainer.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.sharding.Mesh;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.ShardingPreset;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import dev.hlotune.trainer.checkpoint.SafetensorsWriter;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.loop.RecipeStart;
import dev.hlotune.trainer.loop.RunObserver;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** An export of a tiny model with random weights, and arrays to run it with. */
final class TinyExport {
  /** Rows and tokens of its batches. */
  static final Bucket BUCKET = new Bucket(4, 12);

  /** How many tokens come after a prompt. */
  static final int NEW = 4;

  /** Little optimization, and what was compiled before is found again. */
  static final ExportedRun.Compiling QUICK =
      new ExportedRun.Compiling(
          Optional.of(ExecutableCache.under(TinyRun.CACHE)),
          Map.of("xla_backend_optimization_level", 0, "xla_llvm_disable_expensive_passes", true));

  private static final int WORDS = 512;

  private final Path folder;

  /** None yet. */
  static final TinyExport NONE = new TinyExport(Path.of(""));

  private TinyExport(Path folder) {
    this.folder = folder;
  }

  static SftConfig config(Path scratch) throws IOException {
    TinyRun tiny = new TinyRun(scratch);
    Path model =
        tiny.model(
            "llama",
            TinyRun.LLAMA.replace("\"num_key_value_heads\": 1", "\"num_key_value_heads\": 2"));
    return SftRecipe.readPlanned(
            List.of(
                "--model_name_or_path",
                model.resolve("config.json").toString(),
                "--max_length",
                "12",
                "--max_new_tokens",
                "" + NEW,
                "--learning_rate",
                "0.01",
                // Where gradients are noise, updates are not to be of full size.
                "--adam_epsilon",
                "1e-2",
                "--cache_dir",
                TinyRun.CACHE.toString()))
        .config();
  }

  /** Writes one, with all kinds of programs. */
  static TinyExport write(Path scratch, Path folder, ShardingRules rules) throws IOException {
    return write(scratch, folder, rules, EnumSet.allOf(ProgramKind.class));
  }

  static TinyExport write(Path scratch, Path folder, ShardingRules rules, Set<ProgramKind> kinds)
      throws IOException {
    return write(scratch, folder, rules, kinds, List.of(BUCKET), false);
  }

  /** One of other shapes, or of all between them. */
  static TinyExport write(
      Path scratch,
      Path folder,
      ShardingRules rules,
      Set<ProgramKind> kinds,
      List<Bucket> buckets,
      boolean symbolic)
      throws IOException {
    SftConfig config = config(scratch);
    Files.createDirectories(folder);
    Exporter exporter = new Exporter(folder, rules);
    ExportPlan plan =
        new ExportPlan(
            kinds, buckets, config.schedule().highestRate(), config.machine().seed(), symbolic);
    try (RecipeStart start =
        RecipeStart.open(config, true, RunObserver.NONE, new AtomicBoolean())) {
      for (ExportSource source : plan.sources(start.programs(), start.frozen(), rules)) {
        exporter.add(source);
      }
      exporter.finish(
          start.weights(plan.frozen(), exporter::addWeights),
          Map.of("model_type", start.modelType(), "vocabulary", WORDS));
    }
    return new TinyExport(folder);
  }

  /** One that is there. */
  static TinyExport at(Path folder) {
    return new TinyExport(folder);
  }

  Path folder() {
    return folder;
  }

  /**
   * What a program gives for arrays that are all of use; 0 steps are one run without a first axis.
   */
  ParamMap<TensorEntry> run(
      Client client, Path scratch, String program, ParamMap<TensorEntry> given, int steps)
      throws IOException {
    Path inputs = file(scratch.resolve("inputs.safetensors"), given);
    Path outputs = scratch.resolve("outputs.safetensors");
    ExportedRun run = ExportedRun.open(folder, Optional.of(program));
    OptionalInt count = steps == 0 ? OptionalInt.empty() : OptionalInt.of(steps);
    Map<String, Double> rate =
        program.startsWith("train_step") ? Map.of("learning_rate", 0.01) : Map.of();
    try (RunInputs found = RunInputs.open(run, List.of(inputs), rate, count)) {
      assertEquals(List.of(), found.notes());
      run.run(client, QUICK, found, count, outputs);
    }
    return read(outputs);
  }

  /** The values of an array of floats. */
  static double[] doubles(TensorEntry entry) {
    float[] values = entry.toFloats();
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /** Batches of so many steps, along a first dimension; one batch for 0. */
  static ParamMap<TensorEntry> batches(int steps) {
    return batches(BUCKET, steps);
  }

  /** The same of a shape. */
  static ParamMap<TensorEntry> batches(Bucket bucket, int steps) {
    int rows = bucket.rows() * Math.max(1, steps);
    int length = bucket.length();
    int[] tokens = new int[rows * length];
    int[] targets = new int[rows * length];
    int[] segments = new int[rows * length];
    int[] positions = new int[rows * length];
    float[] weights = new float[rows * length];
    for (int i = 0; i < tokens.length; i++) {
      int place = i % length;
      tokens[i] = (i * 37 + i / length * 11) % WORDS;
      targets[i] = (tokens[i] * 5 + 1) % WORDS;
      segments[i] = place < 5 ? 1 : place < 11 ? 2 : 0;
      positions[i] = place < 5 ? place : place < 11 ? place - 5 : 0;
      weights[i] = segments[i] > 0 && place % 3 > 0 ? 1 : 0;
    }
    return named(
        ints("tokens", tokens, steps, bucket.rows(), length),
        ints("targets", targets, steps, bucket.rows(), length),
        ints("segments", segments, steps, bucket.rows(), length),
        ints("positions", positions, steps, bucket.rows(), length),
        floats("weights", weights, steps, bucket.rows(), length));
  }

  /** Arrays by their names. */
  static ParamMap<TensorEntry> named(TensorEntry... entries) {
    return ParamMap.zip(Arrays.stream(entries).map(TensorEntry::name).toList(), List.of(entries));
  }

  /** An array of whole numbers, one for each step along a first dimension; without it for 0. */
  static TensorEntry ints(String name, int[] values, int steps, int... sizes) {
    byte[] bytes = new byte[4 * values.length];
    MemorySegment.ofArray(bytes).copyFrom(MemorySegment.ofArray(values));
    return new TensorEntry(
        name, StorageType.I32, shape(steps, sizes), MemorySegment.ofArray(bytes));
  }

  /** The same of floats. */
  static TensorEntry floats(String name, float[] values, int steps, int... sizes) {
    return TensorEntry.ofFloats(name, shape(steps, sizes), values);
  }

  /** Where the bytes of an array and of a tensor differ first; -1 where they do not. */
  static long mismatch(ShardedBuffer buffer, TensorEntry entry) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(buffer.byteSize(), 64);
      buffer.gather(bytes);
      return bytes.mismatch(entry.data());
    }
  }

  private static List<Long> shape(int steps, int... sizes) {
    List<Long> shape = new ArrayList<>();
    if (steps > 0) {
      shape.add((long) steps);
    }
    Arrays.stream(sizes).forEach(size -> shape.add((long) size));
    return shape;
  }

  /** Writes arrays to a file. */
  static Path file(Path path, ParamMap<TensorEntry> entries) throws IOException {
    SafetensorsWriter.write(path, entries.values());
    return path;
  }

  /** All arrays of a file. */
  static ParamMap<TensorEntry> read(Path path) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      ParamMap<TensorEntry> copies = ParamMap.empty();
      for (TensorEntry entry : file.tensors().values()) {
        copies = copies.plus(entry.name(), TensorEntry.of(entry));
      }
      return copies;
    }
  }

  /** Four devices, over which weights, state and batches are split. */
  static ShardingRules fourDevices() {
    return ShardingPreset.FSDP_TP.on(
        Mesh.of(
            new Axis("data", 1),
            new Axis("fsdp", 2),
            new Axis("sequence", 1),
            new Axis("tensor", 2)));
  }
}
