package dev.hlotune.trainer.export;

import dev.hlotune.hlo.symbolic.SizePolynomial;
import java.util.LinkedHashMap;
import java.util.Map;

/** An {@link ExportManifest} as JSON. */
final class ManifestJson {
  private ManifestJson() {}

  static Map<String, Object> of(ExportManifest manifest) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", ExportManifest.FORMAT);
    json.put("format_version", ExportManifest.VERSION);
    json.put("versions", manifest.versions());
    json.put("model", manifest.model());
    Map<String, Object> mesh = new LinkedHashMap<>();
    mesh.put("devices", manifest.devices());
    mesh.put(
        "axes",
        manifest.mesh().stream()
            .map(axis -> ordered("name", axis.name(), "size", axis.size()))
            .toList());
    mesh.put("order", "row-major");
    json.put("mesh", mesh);
    json.put("compile_options", ordered("cpu", ordered("xla_cpu_use_xnnpack", false)));
    json.put(
        "weights",
        manifest.weights().stream()
            .map(file ->
                ordered("file", file.file(), "sha256", file.sha256(), "bytes", file.bytes()))
            .toList());
    json.put("programs", manifest.programs().stream().map(ManifestJson::program).toList());
    return json;
  }

  private static Map<String, Object> program(ExportedProgram program) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", program.name());
    json.put("kind", program.kind().spelled());
    ExportedSizes sizes = program.sizes();
    json.put("bucket", ordered("rows", size(sizes.rows()), "length", size(sizes.length())));
    if (!sizes.isFixed()) {
      json.put(
          "symbols",
          sizes.symbols().stream()
              .map(symbol ->
                  ordered("name", symbol.name(), "min", symbol.least(), "max", symbol.most()))
              .toList());
    }
    json.put("micro_batches", program.microBatches());
    json.put("file", program.file());
    json.put("sha256", program.sha256());
    json.put("inputs", program.inputs().stream().map(ManifestJson::input).toList());
    json.put("outputs", program.outputs().stream().map(ManifestJson::array).toList());
    return json;
  }

  private static Map<String, Object> input(ExportedInput input) {
    Map<String, Object> json = array(input.array());
    input.donatedTo().ifPresent(output -> json.put("donated_to", output));
    switch (input.fill()) {
      case Fill.Weights() -> json.put("fill", "weights");
      case Fill.Zeros() -> json.put("fill", "zeros");
      case Fill.Step() -> json.put("fill", "step");
      case Fill.Value(double number) -> {
        json.put("fill", "value");
        json.put("value", number);
      }
      case Fill.Caller(var suggested) -> {
        json.put("fill", "caller");
        suggested.ifPresent(number -> json.put("suggested", number));
      }
    }
    if (!input.about().isEmpty()) {
      json.put("about", input.about());
    }
    return json;
  }

  private static Map<String, Object> array(ExportedArray array) {
    return ordered(
        "name", array.name(),
        "role", array.role().spelled(),
        "dtype", array.dtype().mlir(),
        "shape", array.sizes().stream().map(ManifestJson::size).toList(),
        "axes", array.axes().stream().map(ExportedArray.Dimension::name).toList(),
        "sharding", array.sharding());
  }

  /** A number, or a text such as {@code batch*seq + 16} where it depends on symbols. */
  private static Object size(SizePolynomial size) {
    return size.constant().isPresent() ? (Object) size.constant().getAsLong() : size.toString();
  }

  private static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
