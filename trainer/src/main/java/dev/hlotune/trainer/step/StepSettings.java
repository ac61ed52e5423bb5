package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.CrossEntropy;
import dev.hlotune.hlo.nn.Dropout;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.RandomBits;
import dev.hlotune.hlo.nn.TokenLoss;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.ShardedBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The scalars of a step beside its learning rate: the key of its random bits and the amounts of its
 * {@link Regularization}.
 *
 * @param key where bits are random
 * @param amounts by name
 * @param dynamic whether a token's loss is multiplied with its probability
 * @param inputs the program's, in their order
 */
record StepSettings(
    Optional<RandomBits.Key> key, ParamMap<Tensor> amounts, boolean dynamic, List<Tensor> inputs) {
  private static final Shape WORD = Shape.of(DType.U32);

  StepSettings {
    inputs = List.copyOf(inputs);
  }

  /** Inputs of a program. */
  static StepSettings of(Regularization regularization) {
    List<Tensor> inputs = new ArrayList<>();
    Optional<RandomBits.Key> key = Optional.empty();
    if (regularization.isRandom()) {
      inputs.add(Tensors.parameter("random.seed", WORD));
      inputs.add(Tensors.parameter("random.step", WORD));
      key = Optional.of(new RandomBits.Key(inputs.get(0), inputs.get(1)));
    }
    ParamMap<Tensor> amounts =
        regularization.amounts().map((name, _) -> Tensors.parameter(name, Shape.of(DType.F32)));
    inputs.addAll(amounts.values());
    return new StepSettings(key, amounts, regularization.dft(), inputs);
  }

  /** The buffers of a program's inputs, owned by the caller. */
  static List<ShardedBuffer> toDevices(
      DeviceMesh devices, Regularization regularization, long seed, int step) {
    List<ShardedBuffer> buffers = new ArrayList<>();
    if (regularization.isRandom()) {
      buffers.add(devices.words(new int[] {(int) seed}));
      buffers.add(devices.words(new int[] {step}));
    }
    for (double amount : regularization.amounts().values()) {
      buffers.add(devices.scalar((float) amount));
    }
    return buffers;
  }

  boolean isRandom() {
    return key.isPresent();
  }

  /** The same with bits of their own. */
  StepSettings ofMicroBatch(Tensor number) {
    return new StepSettings(key.map(own -> own.fold(number)), amounts, dynamic, inputs);
  }

  /** What a model finds among its weights. */
  ParamMap<Tensor> shared() {
    ParamMap<Tensor> shared = amounts.subset((name, _) -> name.startsWith(LayerStack.SHARED));
    return key.map(own -> shared.plus(Dropout.key(own))).orElse(shared);
  }

  /** What the loss of a token is. */
  TokenLoss tokenLoss() {
    return new TokenLoss(
        amount(CrossEntropy.LABEL_SMOOTHING), amount(CrossEntropy.Z_LOSS), dynamic);
  }

  private Optional<Tensor> amount(String name) {
    return amounts.has(name) ? Optional.of(amounts.get(name)) : Optional.empty();
  }
}
