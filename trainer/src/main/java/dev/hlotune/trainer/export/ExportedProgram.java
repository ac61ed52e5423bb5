package dev.hlotune.trainer.export;

import dev.hlotune.hlo.symbolic.Sizes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A program of an export.
 *
 * @param name unique in its export, such as {@code train_step-8x128}
 * @param kind what it does
 * @param sizes rows, and tokens of a row or, where it decodes, places of the cache
 * @param microBatches how many batches of the bucket it takes at a time
 * @param file its text, beside the manifest
 * @param sha256 of that file
 * @param inputs in order
 * @param outputs in order
 */
public record ExportedProgram(
    String name,
    ProgramKind kind,
    ExportedSizes sizes,
    int microBatches,
    String file,
    String sha256,
    List<ExportedInput> inputs,
    List<ExportedArray> outputs) {
  /** Keeps its own copies. */
  public ExportedProgram {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * The same for sizes of its symbols.
   *
   * @throws dev.hlotune.configs.ConfigException if one of them is out of its range
   */
  ExportedProgram at(Sizes symbols) {
    return sizes.isFixed()
        ? this
        : new ExportedProgram(
            name,
            kind,
            sizes.at(symbols),
            microBatches,
            file,
            sha256,
            inputs.stream().map(input -> input.at(symbols)).toList(),
            outputs.stream().map(output -> output.at(symbols)).toList());
  }

  /** Where the input of that name stands. */
  public Optional<ExportedInput> input(String input) {
    return inputs.stream().filter(one -> one.name().equals(input)).findFirst();
  }

  /** The input that an output becomes in the next run, by its place, if it becomes one. */
  public OptionalInt fedBackTo(int output) {
    for (int i = 0; i < inputs.size(); i++) {
      OptionalInt target = inputs.get(i).donatedTo();
      if (target.isPresent() && target.getAsInt() == output) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
