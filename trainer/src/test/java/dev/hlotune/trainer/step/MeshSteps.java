package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.LoraModel;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.models.QuantizedModel;
import dev.hlotune.hlo.nn.Dropout;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.LowRank;
import dev.hlotune.hlo.nn.Quantization;
import dev.hlotune.hlo.optim.DecayMask;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.Mesh;
import dev.hlotune.sharding.Placement;
import dev.hlotune.sharding.ProgramPlacement;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.ShardedProgram;
import dev.hlotune.sharding.ShardingPreset;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.data.Bucket;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Training steps of tiny models on the devices of a mesh, with weights that are always the same.
 */
final class MeshSteps {
  static final Bucket BUCKET = new Bucket(8, 16);
  static final int LAYERS = 2;
  static final int WORDS = 64;
  static final int WIDTH = 64;

  private static final Map<String, Object> SIZES =
      Map.of(
          "vocab_size", WORDS,
          "hidden_size", WIDTH,
          "intermediate_size", 128,
          "head_dim", 4,
          "num_attention_heads", 16,
          "num_key_value_heads", 8,
          "max_position_embeddings", 64);

  private static final Map<String, Object> GPT2 =
      Map.of("n_positions", 64, "n_embd", WIDTH, "n_head", 8, "n_kv_head", 4);

  private MeshSteps() {}

  /** What of a model is trained, and what the rest is held in. */
  enum Tuned {
    FULL,
    LORA,
    LORA_INT8,
    LORA_NF4;

    boolean isFull() {
      return this == FULL;
    }
  }

  /**
   * What is trained and how.
   *
   * @param dropped whether random parts are left out everywhere
   * @param compute the type that the model computes in
   */
  record Case(
      String family,
      Tuned tuned,
      Layering layering,
      Remat remat,
      int microBatches,
      Optimizer optimizer,
      boolean dropped,
      DType compute) {
    Case(String family, Tuned tuned, Layering layering, Remat remat, int microBatches) {
      this(family, tuned, layering, remat, microBatches, adamw(), false, DType.F32);
    }

    CausalModel model() {
      Map<String, Object> config = new HashMap<>(SIZES);
      config.putAll(GPT2);
      config.putAll(Map.of("model_type", family, "num_hidden_layers", LAYERS, "n_layer", LAYERS));
      CausalModel base = Families.of(new ModelConfig(config), new Layout(layering, remat));
      if (tuned.isFull()) {
        return base;
      }
      List<String> linear = LoraModel.linearLayers(base);
      List<String> layers = linear.subList(0, linear.size() - 1);
      CausalModel adapted = new LoraModel(base, 4, layers, false);
      return switch (tuned) {
        case FULL, LORA -> adapted;
        case LORA_INT8 -> new QuantizedModel(adapted, Quantization.INT8, layers);
        case LORA_NF4 -> new QuantizedModel(adapted, Quantization.NF4, layers);
      };
    }

    Training training(ShardingRules rules) {
      CausalModel model = model();
      Set<String> trained = new HashSet<>(model.parameters().names());
      trained.removeIf(name -> !tuned.isFull() && !LowRank.owns(name));
      Map<Dropout, Double> dropouts = new EnumMap<>(Dropout.class);
      if (dropped) {
        Set.of(Dropout.values()).forEach(kind -> dropouts.put(kind, 0.2));
      }
      return new Training(
          Tuning.of(model, trained, compute).on(rules.spread()),
          optimizer,
          microBatches,
          new Regularization(dropouts, 0, 0, 0, false));
    }
  }

  /**
   * A gradient that is zero but for rounding, such as that of a bias of keys, is a step of any size
   * with Adam's usual epsilon; with this one it is none.
   */
  static Optimizer adamw() {
    return Optimizer.adamw(new Optimizer.AdamW(0.9, 0.999, 1e-5, 0.01, 1), DecayMask::decays);
  }

  /** A mesh of the axes that recipes name. */
  static Mesh mesh(int data, int fsdp, int sequence, int tensor) {
    return Mesh.of(
        new Axis("data", data),
        new Axis("fsdp", fsdp),
        new Axis("sequence", sequence),
        new Axis("tensor", tensor));
  }

  /** All devices along a preset's own axis. */
  static Mesh mesh(ShardingPreset preset, int devices) {
    if (preset == ShardingPreset.FSDP_TP) {
      int tensor = devices >= 4 ? 2 : 1;
      return mesh(1, devices / tensor, 1, tensor);
    }
    return Mesh.of(
        ShardingRules.MESH_AXES.stream()
            .map(name -> new Axis(name, name.equals(preset.mainAxis()) ? devices : 1))
            .toArray(Axis[]::new));
  }

  static ProgramPlacement placement(ShardingRules rules, Training training, Program program) {
    return rules.place(program, new HashSet<>(training.tuning().model().parameters().names()));
  }

  static String text(Case what, ShardingRules rules) {
    Training training = what.training(rules);
    Program program = TrainProgram.of(training, BUCKET);
    return Emitter.emit(program, placement(rules, training, program).partitioning());
  }

  static ShardedProgram compile(Client client, Case what, ShardingRules rules) {
    Training training = what.training(rules);
    Program program = TrainProgram.of(training, BUCKET);
    ProgramPlacement placement = placement(rules, training, program);
    DeviceMesh devices = DeviceMesh.of(rules.mesh(), client);
    CompileOptions options = CompiledProgram.quick(devices.compileOptions());
    return new ShardedProgram(
        devices,
        placement,
        client.compile(Emitter.emit(program, placement.partitioning()), options));
  }

  /** What is left after some steps: losses of all of them, and the weights and state at the end. */
  record Result(List<Double> losses, Map<String, double[]> start, Map<String, double[]> end) {}

  static Result run(ShardedProgram program, Case what, int steps) {
    List<String> outputs = program.placement().outputs().names();
    Map<String, double[]> start = new LinkedHashMap<>();
    Map<String, ShardedBuffer> buffers = new HashMap<>();
    program
        .placement()
        .inputs()
        .map((name, placement) -> {
          if (!isBatch(name)) {
            Object values = first(name, placement.shape());
            if (values instanceof float[] floats && outputs.contains(name)) {
              start.put(name, doubles(floats));
            }
            put(buffers, name, scatter(program, placement, values));
          }
          return name;
        });
    List<Double> losses = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      Map<String, Object> batch = batch(step, what.microBatches());
      List<ShardedBuffer> arguments = new ArrayList<>();
      program
          .placement()
          .inputs()
          .map((name, placement) -> {
            Object field = batch.get(name);
            if (field != null) {
              put(buffers, name, scatter(program, placement, field));
            }
            return arguments.add(Objects.requireNonNull(buffers.get(name), name));
          });
      List<ShardedBuffer> results = program.run(arguments);
      for (int i = 0; i < outputs.size(); i++) {
        if (outputs.get(i).equals("metrics")) {
          double[] metrics = gather(results.get(i));
          losses.add(metrics[TrainProgram.LOSS_SUM] / metrics[TrainProgram.WEIGHT_SUM]);
          results.get(i).close();
        } else {
          buffers.put(outputs.get(i), results.get(i));
        }
      }
    }
    Map<String, double[]> end =
        start.keySet().stream()
            .collect(
                Collectors.toMap(
                    name -> name, name -> gather(Objects.requireNonNull(buffers.get(name)))));
    buffers.values().forEach(ShardedBuffer::close);
    return new Result(losses, start, end);
  }

  private static void put(Map<String, ShardedBuffer> buffers, String name, ShardedBuffer buffer) {
    ShardedBuffer before = buffers.put(name, buffer);
    if (before != null) {
      before.close();
    }
  }

  private static boolean isBatch(String name) {
    return Set.of("tokens", "targets", "segments", "positions", "weights").contains(name);
  }

  private static Object first(String name, Shape shape) {
    int size = Math.toIntExact(shape.elements());
    Random random = new Random(name.hashCode());
    if (shape.dtype().bits() == Byte.SIZE) {
      byte[] codes = new byte[size];
      if (!name.startsWith(ShardingRules.STATE)) {
        random.nextBytes(codes);
      }
      return codes;
    }
    if (!shape.dtype().isFloat()) {
      return new int[size];
    }
    float[] values = new float[size];
    if (name.equals("learning_rate")) {
      values[0] = 1e-2f;
    } else if (name.equals("shared.lora.scale")) {
      values[0] = 2;
    } else if (name.startsWith("shared.dropout")) {
      values[0] = 0.2f;
    } else if (!name.startsWith(ShardingRules.STATE)) {
      boolean norm = name.contains("norm") || name.contains("ln_");
      for (int i = 0; i < values.length; i++) {
        values[i] =
            (float) (random.nextGaussian() * 0.1 + (norm && name.endsWith("weight") ? 1 : 0));
      }
    }
    if (shape.dtype() != DType.BF16) {
      return values;
    }
    short[] halves = new short[size];
    for (int i = 0; i < size; i++) {
      halves[i] = (short) (Float.floatToIntBits(values[i]) >>> 16);
    }
    return halves;
  }

  /** Two documents in each row; rows differ much in how many positions are supervised. */
  private static Map<String, Object> batch(int step, int microBatches) {
    int size = BUCKET.tokens() * microBatches;
    Random random = new Random(step);
    int[] tokens = random.ints(size, 0, WORDS).toArray();
    int[] targets = random.ints(size, 0, WORDS).toArray();
    int[] segments = new int[size];
    int[] positions = new int[size];
    float[] weights = new float[size];
    for (int i = 0; i < size; i++) {
      int place = i % BUCKET.length();
      int row = i / BUCKET.length();
      int cut = 3 + row % 7;
      segments[i] = place < cut ? 1 : 2;
      positions[i] = place < cut ? place : place - cut;
      weights[i] = random.nextInt(8) < row % 8 ? 1 + row % 2 : 0;
    }
    return Map.of(
        "tokens",
        tokens,
        "targets",
        targets,
        "segments",
        segments,
        "positions",
        positions,
        "weights",
        weights);
  }

  private static ShardedBuffer scatter(ShardedProgram program, Placement placement, Object values) {
    MemorySegment host =
        switch (values) {
          case int[] numbers -> MemorySegment.ofArray(numbers);
          case byte[] codes -> MemorySegment.ofArray(codes);
          case short[] halves -> MemorySegment.ofArray(halves);
          default -> MemorySegment.ofArray((float[]) values);
        };
    return ShardedBuffer.scatter(program.devices(), placement, host);
  }

  private static double[] gather(ShardedBuffer buffer) {
    float[] values = new float[Math.toIntExact(buffer.placement().shape().elements())];
    buffer.gather(MemorySegment.ofArray(values));
    return doubles(values);
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
