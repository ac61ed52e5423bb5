package dev.hlotune.trainer.adapter;

import dev.hlotune.hlo.nn.Vocabulary;
import dev.hlotune.trainer.checkpoint.RetypedTensor;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import dev.hlotune.trainer.step.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Adds adapters to the weights of their layers, or takes them away again: {@code W ± s·B·A}, and
 * with a magnitude {@code m·(W + s·B·A) / ‖W + s·B·A‖}. Sums are f32; the result is rounded once,
 * to the type of the weight in its file, as PEFT's {@code merge_and_unload} does where it computes
 * in that type.
 */
public final class Merging {
  private final AdaptedModel model;
  private final Map<String, TensorEntry> adapter;
  private final double sign;
  private final Set<String> inputsFirst;

  /**
   * Prepares merging.
   *
   * @param adapter as {@link AdapterDirectory#match} gives it
   * @param unmerge whether adapters are taken away
   */
  public Merging(AdaptedModel model, Map<String, TensorEntry> adapter, boolean unmerge) {
    this.model = model;
    this.adapter = adapter;
    this.sign = unmerge ? -1 : 1;
    this.inputsFirst = Weights.inputsFirst(model.model().base().parameters());
  }

  /**
   * A model's weights after merging, each made when it is written. Where an adapter makes the head
   * another than the embedding that it was tied to, the head is one of them.
   *
   * @param held the base's weights
   * @param types the type in which each is wanted, by its name
   */
  public List<WritableTensor> whole(
      List<? extends WritableTensor> held, Function<String, StorageType> types) {
    List<WritableTensor> whole = new ArrayList<>();
    for (WritableTensor weight : held) {
      StorageType type = types.apply(weight.name());
      if (changes(weight.name())) {
        whole.add(new Merged(this, weight, weight.name(), type));
      } else {
        whole.add(new RetypedTensor(weight, type));
      }
      if (untiesHead() && weight.name().equals(model.model().words().embedding())) {
        whole.add(new Merged(this, weight, model.model().words().head(), type));
      }
    }
    return whole;
  }

  /** Whether merging makes the head another than the embedding that it was tied to. */
  public boolean untiesHead() {
    Vocabulary words = model.model().words();
    return words.tied() && model.paths().contains(words.headLayer());
  }

  /** A weight that is merged when it is written. */
  private record Merged(Merging merging, WritableTensor base, String name, StorageType type)
      implements WritableTensor {
    @Override
    public List<Long> shape() {
      return base.shape();
    }

    @Override
    public void writeTo(Sink sink) throws IOException {
      merging.apply(TensorEntry.of(base).named(name)).as(type).writeTo(sink);
    }
  }

  /** Whether a weight of the base, by its name in files, is another one after merging. */
  public boolean changes(String weight) {
    return (model.isAdapted(weight) && weight.endsWith(".weight")) || adapter.containsKey(weight);
  }

  /**
   * A weight after merging, in f32.
   *
   * @param weight of the base, under its name in files
   */
  public TensorEntry apply(TensorEntry weight) {
    TensorEntry whole = adapter.get(weight.name());
    if (whole != null) {
      return whole;
    }
    String layer = weight.name().substring(0, weight.name().length() - ".weight".length());
    float[] values = weight.toFloats();
    float[] down = entry(layer + ".lora_A.weight").toFloats();
    float[] up = entry(layer + ".lora_B.weight").toFloats();
    int rank = model.config().rank();
    int in = down.length / rank;
    int out = up.length / rank;
    float scale = (float) (sign * model.config().scale());
    boolean inFirst = inputsFirst.contains(weight.name());
    IntStream.range(0, inFirst ? in : out)
        .parallel()
        .forEach(row -> {
          for (int r = 0; r < rank; r++) {
            if (inFirst) {
              addColumn(values, row * out, out, scale * down[r * in + row], up, r, rank);
            } else {
              add(values, row * in, in, scale * up[row * rank + r], down, r * in);
            }
          }
        });
    Optional<TensorEntry> magnitude =
        Optional.ofNullable(adapter.get(layer + ".lora_magnitude_vector"));
    magnitude.ifPresent(vector -> scaleTo(values, vector.toFloats(), in, out, inFirst));
    return TensorEntry.ofFloats(weight.name(), weight.shape(), values);
  }

  private static void add(float[] to, int at, int count, float factor, float[] from, int start) {
    for (int i = 0; i < count; i++) {
      to[at + i] += factor * from[start + i];
    }
  }

  private static void addColumn(
      float[] to, int at, int count, float factor, float[] from, int column, int columns) {
    for (int i = 0; i < count; i++) {
      to[at + i] += factor * from[i * columns + column];
    }
  }

  /** Gives every output's weights the norm that the magnitude says. */
  private static void scaleTo(float[] values, float[] magnitude, int in, int out, boolean inFirst) {
    double[] squares = new double[out];
    for (int i = 0; i < values.length; i++) {
      squares[inFirst ? i % out : i / in] += (double) values[i] * values[i];
    }
    float[] factors = new float[out];
    for (int o = 0; o < out; o++) {
      factors[o] = (float) (magnitude[o] / Math.sqrt(squares[o]));
    }
    for (int i = 0; i < values.length; i++) {
      values[i] *= factors[inFirst ? i % out : i / in];
    }
  }

  private TensorEntry entry(String name) {
    return Optional.ofNullable(adapter.get(name))
        .orElseThrow(() -> new IllegalStateException("no weight " + name));
  }
}
