package dev.hlotune.trainer.export;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.symbolic.SizePolynomial;
import dev.hlotune.hlo.symbolic.Sizes;
import dev.hlotune.hlo.symbolic.Symbol;
import dev.hlotune.trainer.checkpoint.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads an {@link ExportManifest}, and names what is wrong in it. */
final class ManifestReader {
  private ManifestReader() {}

  static ExportManifest read(Path path) throws IOException {
    Path file = Files.isDirectory(path) ? path.resolve(ExportManifest.NAME) : path;
    Field root = new Field(file, "", JsonFile.read(file));
    Field format = root.get("format");
    if (!ExportManifest.FORMAT.equals(format.value())) {
      throw format.wrong("'" + ExportManifest.FORMAT + "'");
    }
    Field version = root.get("format_version");
    if (version.count(0) != ExportManifest.VERSION) {
      throw version.wrong(ExportManifest.VERSION + ", which this version of hlotune reads");
    }
    List<Axis> mesh =
        root.get("mesh").get("axes").list().stream()
            .map(axis -> new Axis(axis.get("name").text(), axis.get("size").count(1)))
            .toList();
    Set<String> meshAxes = new HashSet<>(mesh.stream().map(Axis::name).toList());
    Map<String, String> versions = new LinkedHashMap<>();
    root.get("versions").object().forEach((key, value) -> versions.put("" + key, "" + value));
    Map<String, Object> model = new LinkedHashMap<>();
    root.get("model").object().forEach((key, value) -> model.put("" + key, value));
    List<ExportedProgram> programs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Field program : root.get("programs").list()) {
      programs.add(program(program, meshAxes));
      if (!names.add(programs.getLast().name())) {
        throw program.get("name").wrong("a name of its own");
      }
    }
    return new ExportManifest(
        versions,
        model,
        mesh,
        root.get("weights").list().stream()
            .map(weights ->
                new ExportManifest.WeightFile(
                    weights.get("file").fileName(),
                    weights.get("sha256").text(),
                    (long) weights.get("bytes").number()))
            .toList(),
        programs);
  }

  private static ExportedProgram program(Field program, Set<String> meshAxes) {
    List<Symbol> symbols = symbols(program.get("symbols"));
    List<ExportedArray> outputs =
        program.get("outputs").list().stream()
            .map(field -> array(field, meshAxes, symbols))
            .toList();
    List<ExportedInput> inputs = new ArrayList<>();
    for (Field field : program.get("inputs").list()) {
      inputs.add(input(field, array(field, meshAxes, symbols), outputs));
    }
    for (Symbol symbol : symbols) {
      if (inputs.stream()
          .noneMatch(input -> input.array().sizes().contains(SizePolynomial.of(symbol.name())))) {
        throw program.get("inputs").wrong("one with an axis of size '" + symbol.name() + "'");
      }
    }
    Field kind = program.get("kind");
    Field bucket = program.get("bucket");
    return new ExportedProgram(
        program.get("name").text(),
        kind.one(ProgramKind.named(kind.text()), ProgramKind.names()),
        new ExportedSizes(
            size(bucket.get("rows"), symbols), size(bucket.get("length"), symbols), symbols),
        program.get("micro_batches").count(1),
        program.get("file").fileName(),
        program.get("sha256").text(),
        inputs,
        outputs);
  }

  /** Sizes that are known when the program runs; none where the field is not there. */
  private static List<Symbol> symbols(Field field) {
    List<Symbol> symbols = new ArrayList<>();
    Set<String> names = new HashSet<>();
    if (field.isThere()) {
      for (Field symbol : field.list()) {
        try {
          symbols.add(
              new Symbol(
                  symbol.get("name").text(),
                  symbol.get("min").count(1),
                  symbol.get("max").count(1)));
        } catch (ShapeException e) {
          throw symbol.wrong("a name and a range of sizes");
        }
        if (!names.add(symbols.getLast().name())) {
          throw symbol.get("name").wrong("a name of its own");
        }
      }
    }
    return symbols;
  }

  /** A number, or a text that is a size at both ends of the symbols' ranges. */
  private static SizePolynomial size(Field field, List<Symbol> symbols) {
    if (!(field.value() instanceof String text)) {
      return SizePolynomial.constant(field.count(1));
    }
    Sizes least = Sizes.of(symbols, Symbol::least);
    Sizes most = Sizes.of(symbols, Symbol::most);
    try {
      SizePolynomial size = SizePolynomial.parse(text);
      if (size.constant().isEmpty()
          && least.names().containsAll(size.symbols())
          && size.at(least) >= 1
          && size.at(most) >= 1
          && size.at(most) <= Integer.MAX_VALUE) {
        return size;
      }
    } catch (ShapeException | ArithmeticException e) {
      // The field is named below.
    }
    throw field.wrong("a number, or a sum of products of " + least.names() + " from 1 to 2^31-1");
  }

  private static ExportedInput input(
      Field field, ExportedArray array, List<ExportedArray> outputs) {
    Field donated = field.get("donated_to");
    OptionalInt target = donated.isThere() ? OptionalInt.of(donated.count(0)) : OptionalInt.empty();
    if (target.isPresent()
        && (target.getAsInt() >= outputs.size()
            || !outputs.get(target.getAsInt()).axes().equals(array.axes())
            || outputs.get(target.getAsInt()).dtype() != array.dtype()
            || !outputs.get(target.getAsInt()).sharding().equals(array.sharding()))) {
      throw donated.wrong("an output of the same type and sharding");
    }
    Field about = field.get("about");
    return new ExportedInput(array, fill(field), target, about.isThere() ? about.text() : "");
  }

  private static Fill fill(Field input) {
    Field suggested = input.get("suggested");
    Field fill = input.get("fill");
    return switch (fill.text()) {
      case "weights" -> new Fill.Weights();
      case "zeros" -> new Fill.Zeros();
      case "step" -> new Fill.Step();
      case "value" -> new Fill.Value(input.get("value").number());
      case "caller" ->
          new Fill.Caller(suggested.isThere() ? Optional.of(suggested.number()) : Optional.empty());
      default -> throw fill.wrong("one of [weights, zeros, step, value, caller]");
    };
  }

  private static ExportedArray array(Field field, Set<String> meshAxes, List<Symbol> symbols) {
    Field role = field.get("role");
    Field dtype = field.get("dtype");
    List<Field> sizes = field.get("shape").list();
    List<Field> names = field.get("axes").list();
    if (names.size() != sizes.size()) {
      throw field.get("axes").wrong("a name for each of " + sizes.size() + " sizes");
    }
    List<ExportedArray.Dimension> axes = new ArrayList<>();
    Set<String> distinct = new HashSet<>();
    for (int i = 0; i < sizes.size(); i++) {
      String name = names.get(i).text();
      if (name.isBlank() || !distinct.add(name)) {
        throw field.get("axes").wrong("distinct names");
      }
      axes.add(new ExportedArray.Dimension(name, size(sizes.get(i), symbols)));
    }
    DType type =
        dtype.one(
            Arrays.stream(DType.values())
                .filter(one -> one.mlir().equals(dtype.text()))
                .findFirst(),
            Arrays.stream(DType.values()).map(DType::mlir).toList());
    Field sharding = field.get("sharding");
    List<List<String>> splits = new ArrayList<>();
    for (Field split : sharding.list()) {
      splits.add(split.list().stream().map(Field::text).toList());
      if (!meshAxes.containsAll(splits.getLast())) {
        throw split.wrong("mesh axes among " + meshAxes);
      }
    }
    if (splits.size() != axes.size()) {
      throw sharding.wrong("an entry for each of " + axes.size() + " axes");
    }
    return new ExportedArray(
        field.get("name").text(),
        role.one(Role.named(role.text()), Role.names()),
        type,
        axes,
        splits);
  }
}
