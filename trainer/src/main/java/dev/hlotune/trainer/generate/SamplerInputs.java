package dev.hlotune.trainer.generate;

import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.pjrt.BufferType;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.pjrt.ElementType;
import java.lang.foreign.MemorySegment;
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
    DeviceBuffer marks,
    List<DeviceBuffer> seed,
    List<DeviceBuffer> scalars)
    implements AutoCloseable {
  static SamplerInputs of(Client client, CausalModel model, GenerationSettings settings) {
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
    List<DeviceBuffer> seed = new ArrayList<>();
    List<DeviceBuffer> scalars = new ArrayList<>();
    if (change.samples()) {
      seed.add(words(client, new int[] {(int) (sampling.seed() >>> Integer.SIZE)}));
      seed.add(words(client, new int[] {(int) sampling.seed()}));
      scalars.add(client.scalar((float) sampling.temperature(), client.device()));
    }
    if (change.topK()) {
      scalars.add(client.scalar(sampling.topK(), client.device()));
    }
    if (change.topP()) {
      scalars.add(client.scalar((float) sampling.topP(), client.device()));
    }
    if (change.minP()) {
      scalars.add(client.scalar((float) sampling.minP(), client.device()));
    }
    if (change.penalty()) {
      scalars.add(client.scalar((float) sampling.repetitionPenalty(), client.device()));
    }
    return new SamplerInputs(
        change,
        model.vocabulary(),
        client.transfer(marks, client.device(), marks.length),
        seed,
        scalars);
  }

  /** Words without a sign, as a scalar or a list. */
  private static DeviceBuffer words(Client client, int[] values, long... dimensions) {
    return client.transfer(
        MemorySegment.ofArray(values),
        new BufferType(ElementType.U32, dimensions),
        client.device());
  }

  /** The numbers of a batch's rows; none where nothing is drawn. */
  List<DeviceBuffer> rows(Client client, int[] numbers) {
    return change.samples() ? List.of(words(client, numbers, numbers.length)) : List.of();
  }

  /** All inputs of the {@link Sampler}, in its order. */
  List<DeviceBuffer> all(List<DeviceBuffer> rows) {
    List<DeviceBuffer> all = new ArrayList<>(seed);
    all.addAll(rows);
    all.addAll(scalars);
    return all;
  }

  @Override
  public void close() {
    marks.close();
    seed.forEach(DeviceBuffer::close);
    scalars.forEach(DeviceBuffer::close);
  }
}
