package dev.hlotune.trainer.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.symbolic.SizePolynomial;
import dev.hlotune.hlo.symbolic.Symbol;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportManifestTest {
  @TempDir Path folder;

  private static ExportedArray array(String name, Role role, Shape shape, String... splits) {
    return ExportedArray.of(name, role, shape, List.of(splits).stream().map(List::of).toList());
  }

  private static ExportedInput input(ExportedArray array, Fill fill) {
    return new ExportedInput(array, fill, OptionalInt.empty(), "what it is");
  }

  /** One of everything. */
  private static ExportManifest manifest() {
    Shape weight = Shape.of(DType.BF16, new Axis("vocab", 8), new Axis("embed", 4));
    Shape number = Shape.of(DType.F32);
    ExportedProgram program =
        new ExportedProgram(
            "train_step_2x4",
            ProgramKind.TRAIN_STEP,
            ExportedSizes.of(new Bucket(2, 4)),
            3,
            "train_step_2x4.mlir",
            "ab".repeat(32),
            List.of(
                new ExportedInput(
                    array("w", Role.WEIGHT, weight, "data", "tensor"),
                    new Fill.Weights(),
                    OptionalInt.of(0),
                    ""),
                input(array("optimizer.m", Role.OPTIMIZER, number), new Fill.Zeros()),
                input(array("random.step", Role.SETTING, number), new Fill.Step()),
                input(array("random.seed", Role.SETTING, number), new Fill.Value(42)),
                input(
                    array("learning_rate", Role.SETTING, number),
                    new Fill.Caller(Optional.of(2e-5))),
                input(array("slot", Role.CACHE, number), Fill.caller())),
            List.of(
                array("w", Role.WEIGHT, weight, "data", "tensor"),
                array("metrics", Role.RESULT, number)));
    ExportedProgram symbolic =
        new ExportedProgram(
            "eval_step",
            ProgramKind.EVAL_STEP,
            new ExportedSizes(
                SizePolynomial.of("batch"),
                SizePolynomial.constant(16),
                List.of(new Symbol("batch", 1, 8))),
            1,
            "eval_step.mlir",
            "ef".repeat(32),
            List.of(
                input(
                    new ExportedArray(
                        "starts",
                        Role.BATCH,
                        DType.I32,
                        List.of(new ExportedArray.Dimension("batch", SizePolynomial.of("batch"))),
                        List.of(List.of())),
                    Fill.caller())),
            List.of(
                new ExportedArray(
                    "logprobs",
                    Role.RESULT,
                    DType.F32,
                    List.of(
                        new ExportedArray.Dimension("both", SizePolynomial.parse("16*batch + 2"))),
                    List.of(List.of()))));
    return new ExportManifest(
        Map.of("hlotune", "0.1.0", "stablehlo", "1.13"),
        Map.of("model_type", "llama"),
        List.of(new Axis("data", 2), new Axis("tensor", 4)),
        List.of(new ExportManifest.WeightFile("weights.safetensors", "cd".repeat(32), 12)),
        List.of(program, symbolic));
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    Path file = folder.resolve(ExportManifest.NAME);
    manifest().write(file);
    assertEquals(manifest(), ExportManifest.read(file));
    assertEquals(manifest(), ExportManifest.read(folder));
    assertEquals(8, manifest().devices());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"hlotune-export\" | \"onnx\" | format | expected 'hlotune-export', got 'onnx'",
        "\"format_version\": 1 | \"format_version\": 2 | format_version | expected 1, which this version of hlotune reads, got 2",
        "\"train_step\", | \"training\", | programs[0].kind | expected one of [train_step, eval_step, prefill, decode], got 'training'",
        "\"bf16\" | \"fp8\" | programs[0].outputs[0].dtype | expected one of [f32, bf16, f16, f64, i32, i64, i8, ui32, ui8, i1], got 'fp8'",
        "\"role\": \"weight\" | \"role\": \"bias\" | programs[0].outputs[0].role | expected one of [weight, optimizer, batch, setting, cache, result], got 'bias'",
        "\"tensor\"\\n | \"fsdp\"\\n | programs[0].outputs[0].sharding[1] | expected mesh axes among [data, tensor], got [fsdp]",
        "\"donated_to\": 0 | \"donated_to\": 1 | programs[0].inputs[0].donated_to | expected an output of the same type and sharding, got 1",
        "\"fill\": \"zeros\" | \"fill\": \"ones\" | programs[0].inputs[1].fill | expected one of [weights, zeros, step, value, caller], got 'ones'",
        "\"value\": 42.0 | \"value\": \"x\" | programs[0].inputs[3].value | expected a number, got 'x'",
        "\"train_step_2x4.mlir\" | \"../secret\" | programs[0].file | expected the name of a file in the same folder, got '../secret'",
        "\"rows\": 2 | \"rows\": 0 | programs[0].bucket.rows | expected a whole number of at least 1, got 0",
        "\"16*batch + 2\" | \"16*seq + 2\" | programs[1].outputs[0].shape[0] | expected a number, or a sum of products of [batch] from 1 to 2^31-1, got '16*seq + 2'",
        "\"16*batch + 2\" | \"16*(batch + 2)\" | programs[1].outputs[0].shape[0] | expected a number, or a sum of products of [batch] from 1 to 2^31-1, got '16*(batch + 2)'",
        "\"16*batch + 2\" | \"16*batch - 16\" | programs[1].outputs[0].shape[0] | expected a number, or a sum of products of [batch] from 1 to 2^31-1, got '16*batch - 16'",
        "\"16*batch + 2\" | \"999999999999*999999999999*batch\" | programs[1].outputs[0].shape[0] | expected a number, or a sum of products of [batch] from 1 to 2^31-1, got '999999999999*999999999999*batch'",
        "\"16*batch + 2\" | \"0\" | programs[1].outputs[0].shape[0] | expected a number, or a sum of products of [batch] from 1 to 2^31-1, got '0'",
        "\"max\": 8 | \"max\": 2 | programs[1].symbols[0] | expected a name and a range of sizes, got {name=batch, min=1, max=2}",
        "\"embed\" | \"vocab\" | programs[0].outputs[0].axes | expected distinct names, got [vocab, vocab]",
      })
  void namesWhatIsWrong(String from, String to, String field, String problem) throws IOException {
    Path file = folder.resolve(ExportManifest.NAME);
    manifest().write(file);
    String text = Files.readString(file);
    String old = from.replace("\\n", "\n");
    assertEquals(true, text.contains(old), text);
    Files.writeString(file, text.replace(old, to.replace("\\n", "\n")));
    assertEquals(
        file + ": field \"" + field + "\": " + problem,
        assertThrows(DataException.class, () -> ExportManifest.read(file)).getMessage());
  }
}
