package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DeepSpeed configurations beside a recipe's own keys. */
final class DeepSpeedFileTest {
  @TempDir private Path directory;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.createDirectory(directory.resolve("model"));
    Files.writeString(directory.resolve("train.jsonl"), "{}\n");
  }

  private SftRecipe read(String json, String... options) throws IOException {
    Files.writeString(directory.resolve("ds.json"), json);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--model_name_or_path=model", "--dataset_name=train.jsonl", "--deepspeed=ds.json"));
    arguments.addAll(List.of(options));
    return SftRecipe.read(arguments, directory);
  }

  private String problems(String json, String... options) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> read(json, options)).getMessage());
  }

  /** As in the documentation of transformers, with values for "auto". */
  @Test
  void whatMeansSomethingIsTaken() throws IOException {
    SftConfig config =
        read("""
        {
          "bf16": {"enabled": true},
          "fp16": {"enabled": false, "loss_scale": 0, "initial_scale_power": 16},
          "optimizer": {"type": "AdamW", "params": {
            "lr": 3e-4, "betas": [0.8, 0.99], "eps": 1e-7, "weight_decay": 0.05}},
          "scheduler": {"type": "WarmupDecayLR", "params": {
            "warmup_min_lr": 0, "warmup_max_lr": 3e-4, "warmup_num_steps": 20,
            "warmup_type": "linear", "total_num_steps": 200}},
          "zero_optimization": {"stage": 3, "offload_optimizer": {"device": "cpu", "pin_memory": true},
            "overlap_comm": true, "stage3_max_live_parameters": 1e9, "sub_group_size": 1e9},
          "gradient_accumulation_steps": 4,
          "gradient_clipping": 0.5,
          "train_batch_size": 32,
          "train_micro_batch_size_per_gpu": "auto",
          "steps_per_print": 2000,
          "wall_clock_breakdown": false
        }
        """)
            .config()
            .on(1);
    assertEquals(Optional.of(ShardingStrategy.ZERO3), config.sharding().strategy());
    assertEquals(OffloadOptimizer.HOST, config.sharding().offloadOptimizer());
    assertEquals(ComputeType.BFLOAT16, config.model().dtype());
    assertEquals(new UpdateRule.AdamW(0.8, 0.99, 1e-7), config.optimizer().rule());
    assertEquals(0.05, config.optimizer().weightDecay());
    assertEquals(0.5, config.optimizer().maxGradNorm());
    assertEquals(3e-4, config.schedule().learningRate());
    assertEquals(SchedulerKind.LINEAR, config.schedule().kind());
    assertEquals(Interval.ofSteps(20), config.schedule().warmup());
    assertEquals(200, config.schedule().maxSteps());
    assertEquals(8, config.batch().trainBatchSize());
    assertEquals(4, config.batch().gradientAccumulationSteps());
  }

  @Test
  void autoLeavesItToTheOtherKeys() throws IOException {
    SftConfig config =
        read(
                """
                {"fp16": {"enabled": "auto"}, "gradient_clipping": "auto",
                 "optimizer": {"type": "AdamW", "params": {"lr": "auto", "betas": "auto"}},
                 "train_batch_size": "auto", "gradient_accumulation_steps": 2}
                """,
                "--learning_rate=1e-3",
                "--gradient_accumulation_steps=2",
                "--max_grad_norm=0.3")
            .config();
    assertEquals(1e-3, config.schedule().learningRate());
    assertEquals(0.3, config.optimizer().maxGradNorm());
    assertEquals(ComputeType.FLOAT32, config.model().dtype());
    assertEquals(2, config.batch().gradientAccumulationSteps());
  }

  @Test
  void whatDisagreesIsAnError() {
    assertEquals(
        """
        ds.json:2: 'gradient_clipping': expected "auto" or the 0.3 of 'max_grad_norm' at \
        --max_grad_norm, got 1.0
        ds.json:3: 'optimizer.params.lr': expected "auto" or the 0.001 of 'learning_rate' at \
        --lr, got 2.0E-4\
        """,
        problems(
            """
            {
              "gradient_clipping": 1.0,
              "optimizer": {"type": "Adam", "params": {"lr": 2e-4}}
            }
            """,
            "--max_grad_norm=0.3",
            "--lr=1e-3"));
  }

  @Test
  void whatIsUnknownOrWouldChangeTheResultIsAnError() {
    assertEquals(
        """
        ds.json:3: 'gradient_cliping': expected a key of a DeepSpeed configuration, got an unknown \
        one; did you mean 'gradient_clipping'?
        ds.json:2: 'optimizer.type': expected one of 'adamw', 'adamw_8bit', 'adafactor', 'lion', \
        'sgd', 'muon', got 'onebitadam'
        ds.json:4: 'scheduler.type': expected 'WarmupLR', 'WarmupDecayLR' or 'WarmupCosineLR', got \
        'OneCycle'
        ds.json:6: 'bf16.enable': expected a key of a DeepSpeed configuration, got an unknown one; \
        did you mean 'bf16.enabled'?
        ds.json:5: 'amp': expected 'enabled' false, got '{"enabled":true}'; there is no such \
        method here\
        """
            .lines()
            .sorted()
            .toList(),
        problems(
                """
                {
                  "optimizer": {"type": "OneBitAdam"},
                  "gradient_cliping": 1.0,
                  "scheduler": {"type": "OneCycle", "params": {}},
                  "amp": {"enabled": true},
                  "bf16": {"enable": true}
                }
                """)
            .lines()
            .sorted()
            .toList());
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    assertEquals(
        "--deepspeed: 'deepspeed': expected a file, got 'no.json', which is not there",
        String.valueOf(
            assertThrows(
                    ConfigException.class,
                    () ->
                        SftRecipe.read(
                            List.of(
                                "--model_name_or_path=model",
                                "--dataset_name=train.jsonl",
                                "--deepspeed=no.json"),
                            directory))
                .getMessage()));
    assertEquals(
        "ds.json:1: DeepSpeed configuration: expected an object, got something else",
        problems("[1]"));
    String broken = problems("{\"bf16\": \n");
    assertTrue(
        broken.startsWith("ds.json:2: 'deepspeed': expected JSON, got a syntax error: "), broken);
  }

  @Test
  void stagesAndOffloadingSayWhatIsSplit() throws IOException {
    record Case(String json, ShardingStrategy strategy, OffloadOptimizer offload) {}
    for (Case one :
        List.of(
            new Case("{\"stage\": 0}", ShardingStrategy.DDP, OffloadOptimizer.NONE),
            new Case("{\"stage\": 1}", ShardingStrategy.ZERO1, OffloadOptimizer.NONE),
            new Case(
                "{\"stage\": 2, \"offload_optimizer\": {\"device\": \"cpu\", \"pin_memory\": true}}",
                ShardingStrategy.ZERO2,
                OffloadOptimizer.HOST),
            new Case(
                "{\"stage\": 3, \"offload_optimizer\": {\"device\": \"none\"}, \"offload_param\": {\"device\": \"none\"}}",
                ShardingStrategy.ZERO3,
                OffloadOptimizer.NONE),
            new Case(
                "{\"stage\": 1, \"cpu_offload\": true}",
                ShardingStrategy.ZERO1,
                OffloadOptimizer.HOST))) {
      ShardingConfig read = read("{\"zero_optimization\": " + one.json() + "}").config().sharding();
      assertEquals(Optional.of(one.strategy()), read.strategy(), one.json());
      assertEquals(one.offload(), read.offloadOptimizer(), one.json());
    }
    ShardingConfig both =
        read("{\"zero_optimization\": {\"stage\": 1}, \"tensor_parallel\": {\"autotp_size\": 2}}")
            .config()
            .sharding();
    assertEquals(new MeshConfig(-1, 1, 2, 1), both.mesh().orElseThrow());
    assertEquals(
        new MeshConfig(1, -1, 1, 4),
        read("{\"zero_optimization\": {\"stage\": 3}, \"sequence_parallel_size\": 4}")
            .config()
            .sharding()
            .mesh()
            .orElseThrow());
  }

  @Test
  void whatOfZeroIsNotThereIsRefused() {
    assertEquals(
        """
        ds.json:1: 'zero_optimization.stage': expected a stage from 0 to 3, got '4'
        ds.json:2: 'zero_optimization.offload_optimizer': expected 'none' or 'cpu', got 'nvme'; \
        state is not moved to disks
        ds.json:3: 'zero_optimization.offload_param': expected 'device' none, got \
        '{"device":"cpu"}'; weights stay on the devices; 'sharding_strategy' zero3 splits them
        ds.json:4: 'zero_optimization.zero_quantized_weights': expected 'false', got 'true'; what \
        devices tell each other is not rounded
        ds.json:5: 'pipeline': expected 'auto', got '{"stages":2}'; layers are not split over \
        devices\
        """,
        problems(
            """
            {"zero_optimization": {"stage": 4,
              "offload_optimizer": {"device": "nvme"},
              "offload_param": {"device": "cpu"},
              "zero_quantized_weights": true},
             "pipeline": {"stages": 2}}
            """));
    assertEquals(
        "ds.json:1: 'zero_optimization.stage': expected \"auto\" or the zero3 of"
            + " 'sharding_strategy' at --sharding_strategy, got zero2",
        problems("{\"zero_optimization\": {\"stage\": 2}}", "--sharding_strategy=zero3"));
  }

  @Test
  void itMayStandBesideTheRecipe() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("recipes"));
    Files.writeString(folder.resolve("zero.json"), "{\"gradient_clipping\": 0.7}");
    Files.writeString(
        folder.resolve("r.yaml"),
        "model_name_or_path: model\ndataset_name: train.jsonl\ndeepspeed: zero.json\n");
    assertEquals(
        0.7,
        SftRecipe.read(List.of("recipes/r.yaml"), directory).config().optimizer().maxGradNorm());
  }

  @Test
  void aRecipeMayHoldIt() throws IOException {
    Files.writeString(
        directory.resolve("r.yaml"),
        "deepspeed: {zero_optimization: {stage: 1}, gradient_clipping: 0.7}\n");
    SftConfig config =
        SftRecipe.read(
                List.of("r.yaml", "--model_name_or_path=model", "--dataset_name=train.jsonl"),
                directory)
            .config();
    assertEquals(0.7, config.optimizer().maxGradNorm());
  }

  @Test
  void ratesRiseAndEndAsDeepSpeedsDo() throws IOException {
    ScheduleConfig cosine =
        read("""
        {"scheduler": {"type": "WarmupCosineLR", "params": {
          "warmup_type": "linear", "warmup_num_steps": 5, "total_num_steps": 50}}}
        """)
            .config()
            .schedule();
    assertEquals(SchedulerKind.COSINE, cosine.kind());
    assertEquals(Map.of(), cosine.arguments());
    assertEquals(0.0001, cosine.finalShare().orElseThrow());
    ScheduleConfig constant =
        read(
                """
                {"scheduler": {"type": "WarmupLR", "params": {
                  "warmup_min_lr": "auto", "warmup_max_lr": "auto", "warmup_num_steps": "auto"}}}
                """,
                "--warmup_steps",
                "8")
            .config()
            .schedule();
    assertEquals(SchedulerKind.CONSTANT_WITH_WARMUP, constant.kind());
    assertEquals(Interval.ofSteps(8), constant.warmup());
    assertTrue(constant.schedulerArguments().logWarmup());
  }
}
