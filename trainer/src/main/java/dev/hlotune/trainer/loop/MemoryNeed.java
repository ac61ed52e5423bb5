package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.ModelMesh;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.Training;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The memory that a run takes at the most on each device, in bytes.
 *
 * @param parameters the weights
 * @param optimizer the optimizer's state, which stays through evaluation too
 * @param programs beside those two, what the largest program takes: batch, activations, gradients
 */
record MemoryNeed(long parameters, long optimizer, long programs) {
  /** What is known before anything is compiled. */
  static MemoryNeed ofState(TunedModel model, Collection<Training> stages, ModelMesh mesh) {
    return new MemoryNeed(
        model.bytes(mesh),
        stages.stream()
            .mapToLong(stage ->
                TrainProgram.state(stage).values().stream().mapToLong(mesh::stateBytes).sum())
            .max()
            .orElse(0),
        0);
  }

  /** Of programs that take the weights and no optimizer state, and something beside them. */
  static MemoryNeed ofPrograms(
      TunedModel model, Collection<DeviceProgram> programs, ModelMesh mesh, long besides) {
    long parameters = model.bytes(mesh);
    return new MemoryNeed(
        parameters, 0, Math.max(0, largest(programs.stream()) - parameters) + besides);
  }

  /** With what the compiler says of the programs. */
  MemoryNeed with(Programs all) {
    long training =
        largest(all.stages().programs().flatMap(steps -> steps.programs().values().stream()))
            - parameters
            - optimizer;
    long looking = largest(all.inference()) - parameters;
    return new MemoryNeed(parameters, optimizer, Math.max(0, Math.max(training, looking)));
  }

  private static long largest(Stream<DeviceProgram> programs) {
    return programs.mapToLong(program -> program.memory().total()).max().orElse(0);
  }

  long total() {
    return parameters + optimizer + programs;
  }

  /**
   * Compares it with what is free.
   *
   * @throws ConfigException that says what takes how much, and which keys to lower
   */
  void require(long available) {
    if (total() <= available) {
      return;
    }
    String advice =
        programs == 0
            ? "name a smaller model"
            : "lower 'per_device_train_batch_size' (and raise 'gradient_accumulation_steps') or"
                + " 'max_length', or set 'gradient_checkpointing' to 'full'";
    throw ConfigException.of(
        "memory: expected %s free (parameters %s%s%s), got %s; %s"
            .formatted(
                amount(total()),
                amount(parameters),
                optimizer == 0 ? "" : ", optimizer state " + amount(optimizer),
                programs == 0 ? "" : ", batch, activations and gradients " + amount(programs),
                amount(available),
                advice));
  }

  /**
   * The same for programs that train nothing.
   *
   * @throws ConfigException that says what takes how much, and which keys to lower
   */
  void requireToScore(long available) {
    if (total() > available) {
      throw ConfigException.of(
          "memory: expected %s free (weights %s, batch and activations %s), got %s; lower 'per_device_eval_batch_size' or 'max_length', or name a smaller model"
              .formatted(amount(total()), amount(parameters), amount(programs), amount(available)));
    }
  }

  private static String amount(long bytes) {
    double mebibytes = bytes / (double) (1 << 20);
    return mebibytes < 1024
        ? String.format(Locale.ROOT, "%.2f MiB", mebibytes)
        : String.format(Locale.ROOT, "%.2f GiB", mebibytes / 1024);
  }
}
