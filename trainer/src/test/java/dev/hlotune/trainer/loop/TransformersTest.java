package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.LowRank;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.RelativeError;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.Shared;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.adapter.AdaptedModel;
import dev.hlotune.trainer.adapter.AdapterDirectory;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.step.LogitsProgram;
import dev.hlotune.trainer.step.Tuning;
import dev.hlotune.trainer.step.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a run leaves, loaded by transformers: nothing is missing there, and its logits are ours.
 * Needs a Python with PyTorch and transformers, which the environment variable {@code
 * HLOTUNE_PYTHON} names.
 */
final class TransformersTest {
  private static final int[] IDS = {1, 65, 300, 7, 511, 65, 2, 9};

  @TempDir Path folder;

  /** Before anything is trained in vain. */
  @BeforeEach
  void python() {
    assumeTrue(
        System.getenv("HLOTUNE_PYTHON") != null,
        "needs HLOTUNE_PYTHON, a Python with torch, transformers and peft");
  }

  /** A tiny model of that family, with heads in groups and, where it has windows, short ones. */
  private static String config(String family) {
    return family.equals("gpt2")
        ? TinyRun.GPT2
        : """
        {"model_type": "%s", "vocab_size": 512, "hidden_size": 16, "intermediate_size": 32,
         "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4,
         "max_position_embeddings": 64, "sliding_window": 5, "pad_token_id": 0}
        """
            .formatted(family);
  }

  static Set<String> families() {
    return Families.names();
  }

  @ParameterizedTest
  @MethodSource("families")
  void loadsAndPredictsTheSame(String family) throws Exception {
    TestClient.get();
    TinyRun tiny = new TinyRun(folder);
    List<String> options =
        tiny.options(
            "save_strategy", "steps",
            "model_name_or_path", tiny.model("model", config(family)).toString(),
            "tokenizer_name_or_path",
                Repository.root().resolve("configs/quickstart/tokenizer").toString());
    SftRun.run(SftRecipe.read(options).config(), RunObserver.NONE, new AtomicBoolean());
    // The checkpoint of the last update: what transformers makes of a model, and of its history.
    Path left = tiny.path("out/checkpoint-8");

    String ids = Arrays.stream(IDS).mapToObj(Integer::toString).collect(Collectors.joining(","));
    JsonNode seen = transformers(left, ids);
    assertTrue(seen.get("problems").isEmpty(), seen.get("problems").toString());
    assertEquals(2, seen.get("eos_token_id").intValue());
    assertEquals(8, seen.get("global_step").intValue());
    assertEquals(4, seen.get("log_history").size());
    assertEquals(
        -1,
        Files.mismatch(
            left.resolve("model.safetensors"), tiny.path("out/final/model.safetensors")));
    double[] expected = new JsonMapper().convertValue(seen.get("logits"), double[].class);
    double[] got = logits(left, Optional.empty());
    double error = RelativeError.of(expected, got, _ -> true);
    assertTrue(error <= 1e-4, "relative error " + error);
  }

  /** Adapters, with magnitudes too, as PEFT loads them on the base that they name. */
  @ParameterizedTest
  @CsvSource({"gpt2,false", "llama,false", "gpt2,true", "qwen2,true"})
  void loadsAdaptersAndPredictsTheSame(String family, boolean dora) throws Exception {
    TestClient.get();
    TinyRun tiny = new TinyRun(folder);
    String tokenizer = Repository.root().resolve("configs/quickstart/tokenizer").toString();
    List<String> options =
        tiny.options(
            "model_name_or_path", tiny.model("model", config(family)).toString(),
            "tokenizer_name_or_path", tokenizer,
            "output_dir", tiny.path("base").toString());
    SftRun.run(SftRecipe.read(options).config(), RunObserver.NONE, new AtomicBoolean());
    options =
        tiny.options(
            "model_name_or_path", tiny.path("base/final").toString(),
            "tokenizer_name_or_path", tokenizer,
            "use_peft", "true",
            "use_dora", Boolean.toString(dora),
            "lora_r", "3",
            "lora_max_rank", "4",
            "lora_target_modules", "all-linear");
    SftRun.run(SftRecipe.read(options).config(), RunObserver.NONE, new AtomicBoolean());
    String ids = Arrays.stream(IDS).mapToObj(Integer::toString).collect(Collectors.joining(","));
    JsonNode seen = transformers(tiny.path("out/final"), ids);
    double[] expected = new JsonMapper().convertValue(seen.get("logits"), double[].class);
    double[] got = logits(tiny.path("base/final"), Optional.of(tiny.path("out/final")));
    double error = RelativeError.of(expected, got, _ -> true);
    assertTrue(error <= 1e-4, "relative error " + error);
    double[] before = logits(tiny.path("base/final"), Optional.empty());
    assertTrue(RelativeError.of(expected, before, _ -> true) > 1e-2, "the adapter does something");
  }

  /** Tokenizers of transformers 5 and 4, one without a configuration, and GPT-2's own class. */
  @ParameterizedTest
  @ValueSource(strings = {"newer", "older", "quickstart", "bare", "gpt2"})
  void findsNewTokensUnderTheSameIds(String kind) throws Exception {
    TestClient.get();
    TinyRun tiny = new TinyRun(folder);
    Path base = tokenizer(kind);
    List<String> options =
        tiny.options(
            "model_name_or_path", tiny.model("model", TinyRun.LLAMA).toString(),
            "tokenizer_name_or_path", base.toString(),
            "chat_template", "guide",
            "eos_token", "<|end|>",
            "pad_token", "<|pad|>",
            "additional_special_tokens", "<|user|>,<|im_end|>, <|é|>");
    SftRun.run(SftRecipe.read(options).config(), RunObserver.NONE, new AtomicBoolean());
    Path left = tiny.path("out/final");

    String text = "a <|user|>b<|é|><|im_end|> <|pad|>\n<|end|>";
    JsonNode seen = transformers(left, text);
    assertTrue(seen.get("problems").isEmpty(), seen.get("problems").toString());
    try (Tokenizer tokenizer = Tokenizer.load(left, TinyRun.CACHE);
        ModelWeights weights = ModelWeights.open(left)) {
      int[] ids = tokenizer.ids(text);
      assertEquals(
          List.of("<|end|>", "<|pad|>"),
          List.of(tokenizer.eosToken().orElseThrow(), tokenizer.padToken().orElseThrow()));
      assertArrayEquals(ids, new JsonMapper().convertValue(seen.get("input_ids"), int[].class));
      assertEquals(ids[ids.length - 1], last(seen.get("eos_token_id")));
      assertEquals(tokenizer.idOf("<|pad|>").getAsInt(), seen.get("pad_token_id").intValue());
      assertEquals("<|end|>", seen.get("eos_token").textValue());
      assertEquals("<|pad|>", seen.get("pad_token").textValue());
      assertEquals(
          tokenizer.decode(ids, true), seen.get("input_without_special_tokens").textValue());
      assertEquals(
          Math.max(512L, tokenizer.vocabularySize()),
          weights.find("model.embed_tokens.weight").orElseThrow().shape().getFirst());
    }
  }

  /** The last of the tokens that end a text; there may be one alone. */
  private static int last(JsonNode ids) {
    return ids.isArray() ? ids.get(ids.size() - 1).intValue() : ids.intValue();
  }

  private Path tokenizer(String kind) throws IOException {
    if (kind.equals("quickstart")) {
      return Repository.root().resolve("configs/quickstart/tokenizer");
    }
    if (kind.equals("gpt2")) {
      return Shared.path("tokenizers/gpt2");
    }
    Path base = Files.createDirectory(folder.resolve(kind));
    Files.copy(Fixtures.path("data/tokenizer/tokenizer.json"), base.resolve("tokenizer.json"));
    if (!kind.equals("bare")) {
      try (var files = Files.newDirectoryStream(Fixtures.path("tokens/" + kind))) {
        for (Path file : files) {
          Files.write(base.resolve(file.getFileName().toString()), Files.readAllBytes(file));
        }
      }
    }
    return base;
  }

  /** What {@code check_model.py} says of a model directory and a prompt. */
  private static JsonNode transformers(Path model, String prompt)
      throws IOException, InterruptedException {
    String python = Objects.requireNonNull(System.getenv("HLOTUNE_PYTHON"));
    Process process =
        new ProcessBuilder(
                python,
                Repository.root().resolve("tools/check_model.py").toString(),
                model.toString(),
                prompt,
                "--logits")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] said = process.getInputStream().readAllBytes();
    assertEquals(0, process.waitFor());
    return new JsonMapper().readTree(said);
  }

  /** Our logits at every position, in order. */
  private static double[] logits(Path directory, Optional<Path> adapter) throws IOException {
    CausalModel base =
        Families.of(
            new ModelConfig(ModelDirectory.readConfig(directory)),
            new Layout(Layering.UNROLL, Remat.NOTHING));
    Tuning tuning = Tuning.none(base, DType.F32);
    Map<String, float[]> values = Map.of();
    if (adapter.isPresent()) {
      try (AdapterDirectory files = AdapterDirectory.open(adapter.get())) {
        AdaptedModel model = AdaptedModel.of(base, files.config(), files.config().rank());
        values = new LinkedHashMap<>(files.values(model));
        values.put(LowRank.SCALE, new float[] {(float) model.config().scale()});
        tuning = Tuning.none(model.model(), DType.F32);
      }
    }
    Bucket bucket = new Bucket(1, IDS.length);
    List<ShardedBuffer> buffers = new ArrayList<>();
    try (ModelWeights files = ModelWeights.open(directory);
        CompiledProgram program = CompiledProgram.quick(LogitsProgram.of(tuning, bucket))) {
      buffers.addAll(Weights.load(TestClient.storage(), base, files));
      ParamMap<ParameterSpec> held = tuning.parameters();
      for (String name : held.names().subList(buffers.size(), held.size())) {
        buffers.add(
            Weights.transfer(
                TestClient.storage(),
                Objects.requireNonNull(values.get(name)),
                held.get(name).shape()));
      }
      int[] ones = new int[IDS.length];
      Arrays.fill(ones, 1);
      for (int[] input : List.of(IDS, ones, IntStream.range(0, IDS.length).toArray())) {
        buffers.add(TestClient.devices().whole(input, 1, IDS.length));
      }
      List<ShardedBuffer> outputs = program.device().run(buffers);
      buffers.addAll(outputs);
      float[] logits = outputs.getFirst().readFloats();
      return IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
    } finally {
      buffers.forEach(ShardedBuffer::close);
    }
  }
}
