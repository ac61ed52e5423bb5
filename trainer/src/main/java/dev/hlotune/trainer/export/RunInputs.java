package dev.hlotune.trainer.export;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.Problem;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.symbolic.SizePolynomial;
import dev.hlotune.hlo.symbolic.Sizes;
import dev.hlotune.hlo.symbolic.Symbol;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.step.ElementTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What goes into a run of an exported program: for each input what is given, or else what the
 * manifest says.
 */
public final class RunInputs implements AutoCloseable {
  private final ExportedProgram program;
  private final Sizes sizes;
  private final List<SafetensorsFile> files;
  private final List<InputSource> sources;
  private final List<String> notes;

  private RunInputs(
      ExportedProgram program,
      Sizes sizes,
      List<SafetensorsFile> files,
      List<InputSource> sources,
      List<String> notes) {
    this.program = program;
    this.sizes = sizes;
    this.files = List.copyOf(files);
    this.sources = List.copyOf(sources);
    this.notes = List.copyOf(notes);
  }

  /**
   * Finds a value for every input.
   *
   * @param run what they are for; its weights are read where none are given
   * @param given safetensors files; of one name, the last counts
   * @param numbers scalars by name; they go before files
   * @param steps how often the program runs, where it runs several times: a tensor may then have
   *     one array for each step along a first dimension
   * @throws IOException if a file cannot be read
   * @throws DataException if a tensor is of another type, or weights are not as they were written
   * @throws ConfigException if inputs are missing, naming all, or a number is for none, or sizes
   *     are none that the program is for
   */
  public static RunInputs open(
      ExportedRun run, List<Path> given, Map<String, Double> numbers, OptionalInt steps)
      throws IOException {
    List<SafetensorsFile> files = new ArrayList<>();
    try {
      Map<String, Given> tensors = new LinkedHashMap<>();
      List<String> notes = new ArrayList<>();
      for (Path path : given) {
        SafetensorsFile file = SafetensorsFile.open(path);
        files.add(file);
        List<String> unused = new ArrayList<>();
        for (TensorEntry entry : file.tensors().values()) {
          if (run.program().input(entry.name()).isEmpty()) {
            unused.add(entry.name());
          } else {
            tensors.put(entry.name(), new Given(path, entry));
          }
        }
        if (!unused.isEmpty()) {
          notes.add(
              "%s: not used, no inputs of '%s': %s".formatted(path, run.program().name(), unused));
        }
      }
      Sizes sizes = sizes(run.program(), tensors, steps);
      ExportedProgram sized = run.program().at(sizes);
      Search search =
          new Search(
              new ExportedRun(run.folder(), run.manifest(), sized),
              tensors,
              numbers,
              steps,
              files,
              new ArrayList<>(),
              new ArrayList<>());
      List<InputSource> sources = new ArrayList<>();
      search.checkNumbers();
      for (ExportedInput input : sized.inputs()) {
        sources.add(search.find(input));
      }
      if (!search.problems.isEmpty()) {
        throw new ConfigException(
            search.problems.stream()
                .map(problem -> new Problem(Optional.empty(), List.of(), problem))
                .toList());
      }
      return new RunInputs(sized, sizes, files, sources, notes);
    } catch (IOException | RuntimeException e) {
      files.forEach(SafetensorsFile::close);
      throw e;
    }
  }

  /** Sizes for the program's symbols, as the first array has them that has them. */
  private static Sizes sizes(
      ExportedProgram program, Map<String, Given> tensors, OptionalInt steps) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    for (ExportedInput input : program.inputs()) {
      List<SizePolynomial> axes = input.array().sizes();
      Given given = tensors.get(input.name());
      if (given == null) {
        continue;
      }
      List<Long> shape = given.entry().shape();
      boolean perStep =
          steps.isPresent() && input.donatedTo().isEmpty() && shape.size() == axes.size() + 1;
      if (perStep) {
        shape = shape.subList(1, shape.size());
      }
      if (shape.size() != axes.size()) {
        continue;
      }
      for (int i = 0; i < axes.size(); i++) {
        int size = (int) Math.min(Integer.MAX_VALUE, shape.get(i));
        axes.get(i).symbol().ifPresent(symbol -> sizes.putIfAbsent(symbol, size));
      }
    }
    for (Symbol symbol : program.sizes().symbols()) {
      if (!sizes.containsKey(symbol.name())) {
        throw ConfigException.of(
            "size '%s': expected an array in --inputs that has it, one of %s, got %s"
                .formatted(
                    symbol.name(),
                    program.inputs().stream()
                        .map(ExportedInput::array)
                        .filter(array -> array.sizes().contains(SizePolynomial.of(symbol.name())))
                        .map(array -> array.name() + " " + array.sizes())
                        .toList(),
                    tensors.isEmpty()
                        ? "none"
                        : tensors.values().stream()
                            .map(given -> given.entry().name() + " " + given.entry().shape())
                            .toList()));
      }
    }
    return new Sizes(sizes);
  }

  /** Sizes of the program's symbols. */
  Sizes sizes() {
    return sizes;
  }

  /** The program, in the sizes of the inputs. */
  ExportedProgram program() {
    return program;
  }

  /** Where each input's bytes come from, in the program's order. */
  List<InputSource> sources() {
    return sources;
  }

  /** What was given and is of no use. */
  public List<String> notes() {
    return notes;
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }

  /** A tensor and the file that it is of. */
  private record Given(Path file, TensorEntry entry) {}

  /** Looks for inputs, and keeps what is missing. */
  private record Search(
      ExportedRun run,
      Map<String, Given> tensors,
      Map<String, Double> numbers,
      OptionalInt steps,
      List<SafetensorsFile> files,
      List<SafetensorsFile> weights,
      List<String> problems) {

    void checkNumbers() {
      numbers.forEach((name, value) -> {
        Optional<ExportedInput> input = run.program().input(name);
        if (input.isEmpty() || !input.get().array().isScalar()) {
          problems.add(
              "'set': expected numbers for some of %s, got one for '%s'"
                  .formatted(
                      run.program().inputs().stream()
                          .filter(one -> one.array().isScalar())
                          .filter(one -> one.array().role() == Role.SETTING)
                          .map(ExportedInput::name)
                          .toList(),
                      name));
        }
      });
    }

    InputSource find(ExportedInput input) throws IOException {
      Double number = numbers.get(input.name());
      if (number != null) {
        return new InputSource.Scalar(number);
      }
      Given tensor = tensors.get(input.name());
      if (tensor != null) {
        return checked(input, tensor);
      }
      return switch (input.fill()) {
        case Fill.Weights() -> checked(input, weight(input));
        case Fill.Zeros() -> new InputSource.Zeros();
        case Fill.Step() -> new InputSource.StepNumber();
        case Fill.Value(double value) -> new InputSource.Scalar(value);
        case Fill.Caller(var suggested) -> {
          problems.add(missing(input, suggested));
          yield new InputSource.Zeros();
        }
      };
    }

    private static String missing(ExportedInput input, Optional<Double> suggested) {
      boolean scalar = input.array().isScalar();
      return "input '%s': expected %s in --inputs%s, got nothing%s"
          .formatted(
              input.name(),
              input.array().type(),
              scalar ? " or --set" : "",
              suggested
                  .map(value -> "; the recipe has --set %s=%s".formatted(input.name(), value))
                  .orElse(input.about().isEmpty() ? "" : "; it is: " + input.about()));
    }

    private Given weight(ExportedInput input) throws IOException {
      if (weights.isEmpty()) {
        for (ExportManifest.WeightFile file : run.manifest().weights()) {
          Path path = run.folder().resolve(file.file());
          ExportedRun.verify(path, file.sha256());
          weights.add(SafetensorsFile.open(path));
          files.add(weights.getLast());
        }
      }
      for (SafetensorsFile file : weights) {
        if (file.tensors().containsKey(input.name())) {
          return new Given(file.path(), file.tensor(input.name()));
        }
      }
      throw new DataException(
          run.folder().resolve(ExportManifest.NAME),
          "weight '%s': expected in %s, got none; give it in --inputs"
              .formatted(
                  input.name(),
                  run.manifest().weights().isEmpty()
                      ? "a file of weights, of which this export has none"
                      : run.manifest().weights().stream()
                          .map(ExportManifest.WeightFile::file)
                          .toList()));
    }

    private InputSource checked(ExportedInput input, Given given) {
      Shape shape = input.array().shape();
      TensorEntry entry = given.entry();
      List<Long> sizes = Arrays.stream(shape.sizes()).boxed().toList();
      StorageType type = ElementTypes.stored(shape.dtype());
      if (entry.type() == type && entry.shape().equals(sizes)) {
        return new InputSource.Tensor(entry, false);
      }
      boolean mayChange = steps.isPresent() && input.donatedTo().isEmpty();
      List<Long> perStep = new ArrayList<>(sizes);
      perStep.addFirst((long) steps.orElse(0));
      if (mayChange && entry.type() == type && entry.shape().equals(perStep)) {
        return new InputSource.Tensor(entry, true);
      }
      throw new DataException(
          given.file(),
          "tensor '%s': expected %s %s%s, got %s %s"
              .formatted(
                  entry.name(),
                  type,
                  sizes,
                  mayChange ? " or, for each step, " + perStep : "",
                  entry.type(),
                  entry.shape()));
    }
  }
}
