package dev.hlotune.trainer.generate;

import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.ShardedBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What programs are given of the settings, on the device.
 *
 * @param change what becomes of logits
 * @param vocabulary how many tokens there are
 * @param marks see {@link DecodeProgram}
 * @param seed two words; none where nothing is drawn
 * @param scalars the further inputs of the {@link Sampler}, in their order
 */
record SamplerInputs(
    LogitsChange change,
    int vocabulary,
    ShardedBuffer marks,
    List<ShardedBuffer> seed,
    List<ShardedBuffer> scalars)
    implements AutoCloseable {
  static SamplerInputs of(DeviceMesh devices, CausalModel model, GenerationSettings settings) {
    Sampling sampling = settings.sampling();
    LogitsChange change = LogitsChange.of(sampling, model.vocabulary());
    int[] marks = new int[model.vocabulary()];
    for (int i = 0; i < marks.length; i++) {
      marks[i] = settings.watching().pauses(i) ? DecodeProgram.PAUSES : 0;
    }
    for (int end : settings.ends()) {
      if (end >= 0 && end < marks.length) {
        marks[end] |= DecodeProgram.ENDS;
      }
    }
    List<ShardedBuffer> seed = new ArrayList<>();
    List<ShardedBuffer> scalars = new ArrayList<>();
    if (change.samples()) {
      seed.add(words(devices, new int[] {(int) (sampling.seed() >>> Integer.SIZE)}));
      seed.add(words(devices, new int[] {(int) sampling.seed()}));
      scalars.add(devices.scalar((float) sampling.temperature()));
    }
    if (change.topK()) {
      scalars.add(devices.scalar(sampling.topK()));
    }
    if (change.topP()) {
      scalars.add(devices.scalar((float) sampling.topP()));
    }
    if (change.minP()) {
      scalars.add(devices.scalar((float) sampling.minP()));
    }
    if (change.penalty()) {
      scalars.add(devices.scalar((float) sampling.repetitionPenalty()));
    }
    return new SamplerInputs(
        change, model.vocabulary(), devices.whole(marks, marks.length), seed, scalars);
  }

  /** Words without a sign, as a scalar or a list. */
  private static ShardedBuffer words(DeviceMesh devices, int[] values, long... dimensions) {
    return devices.words(values, dimensions);
  }

  /** The numbers of a batch's rows; none where nothing is drawn. */
  List<ShardedBuffer> rows(DeviceMesh devices, int[] numbers) {
    return change.samples() ? List.of(words(devices, numbers, numbers.length)) : List.of();
  }

  /** All inputs of the {@link Sampler}, in its order. */
  List<ShardedBuffer> all(List<ShardedBuffer> rows) {
    List<ShardedBuffer> all = new ArrayList<>(seed);
    all.addAll(rows);
    all.addAll(scalars);
    return all;
  }

  @Override
  public void close() {
    marks.close();
    seed.forEach(ShardedBuffer::close);
    scalars.forEach(ShardedBuffer::close);
  }
}
