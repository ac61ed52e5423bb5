package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.trainer.Recorded;
import dev.hlotune.trainer.RecordedModel;
import dev.hlotune.trainer.data.Bucket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Recorded weights, gradients and batches as programs take them. */
public final class RecordedInputs {
  /** Of the batch under the keys without a prefix. */
  public static final String PADDED = "";

  /** Of the batch of two documents in one row. */
  public static final String PACKED = "packed.";

  private RecordedInputs() {}

  /** Recorded tensors under a model's own names; those of all layers stacked where it has so. */
  public static ParamMap<NdArray> of(CausalModel model, Map<String, Recorded> recorded) {
    ParamMap<Recorded> all = new ParamMap<>(recorded);
    return model
        .parameters()
        .map((name, spec) ->
            new NdArray(
                spec.shape(),
                names(name, spec)
                    .flatMapToDouble(own -> doubles(all.get(own).floats()))
                    .toArray()));
  }

  private static Stream<String> names(String name, ParameterSpec spec) {
    return name.contains(LayerStack.STACKED)
        ? IntStream.range(0, spec.shape().axis(LayerStack.AXIS).size())
            .mapToObj(i -> name.replace(LayerStack.STACKED, Integer.toString(i)))
        : Stream.of(name);
  }

  public static Bucket bucket(RecordedModel recorded, String prefix) {
    List<Long> sizes = recorded.result(prefix + "input_ids").shape();
    return new Bucket(Math.toIntExact(sizes.get(0)), Math.toIntExact(sizes.get(1)));
  }

  /** The fields of {@link BatchInputs} by name; a target stands at the position before its own. */
  public static ParamMap<NdArray> batch(RecordedModel recorded, String prefix) {
    Bucket bucket = bucket(recorded, prefix);
    int[] ids = recorded.result(prefix + "input_ids").ints();
    float[] own = recorded.result(prefix + "loss_weights").floats();
    boolean packed = prefix.equals(PACKED);
    int[] segments = recorded.result(packed ? "packed.segment_ids" : "attention_mask").ints();
    int[] positions =
        packed
            ? recorded.result("packed.position_ids").ints()
            : IntStream.range(0, ids.length).map(i -> i % bucket.length()).toArray();
    double[] targets = new double[ids.length];
    double[] weights = new double[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (i % bucket.length() < bucket.length() - 1) {
        targets[i] = ids[i + 1];
        weights[i] = own[i + 1];
      }
    }
    return batch(bucket, doubles(ids), targets, doubles(segments), doubles(positions), weights);
  }

  /** The rows of the padded batch, then that of the packed one. */
  public static ParamMap<NdArray> allRows(RecordedModel recorded) {
    ParamMap<NdArray> packed = batch(recorded, PACKED);
    return batch(recorded, PADDED)
        .map((name, padded) -> {
          NdArray more = packed.get(name);
          Shape shape = padded.shape();
          Axis rows = shape.axis("batch");
          int all = rows.size() + more.shape().axis("batch").size();
          return new NdArray(
              shape.replace("batch", rows.sized(all)),
              DoubleStream.concat(Arrays.stream(padded.values()), Arrays.stream(more.values()))
                  .toArray());
        });
  }

  /** The fields of {@link BatchInputs} by name. */
  public static ParamMap<NdArray> batch(
      Bucket bucket,
      double[] tokens,
      double[] targets,
      double[] segments,
      double[] positions,
      double[] weights) {
    Shape ids =
        Shape.of(DType.I32, new Axis("batch", bucket.rows()), new Axis("seq", bucket.length()));
    return ParamMap.zip(
        List.of("tokens", "targets", "segments", "positions", "weights"),
        List.of(
            new NdArray(ids, tokens),
            new NdArray(ids, targets),
            new NdArray(ids, segments),
            new NdArray(ids, positions),
            new NdArray(ids.withDtype(DType.F32), weights)));
  }

  public static double[] doubles(int[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }

  public static DoubleStream doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
  }
}
