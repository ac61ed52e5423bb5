package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command lines and recipes of other systems, as their documents have them. */
final class ComingFromTest {
  private static final Path ROOT = Path.of(System.getProperty("hlotune.root", ".."));

  @TempDir private Path directory;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.createDirectory(directory.resolve("model"));
    Files.writeString(directory.resolve("train.jsonl"), "{}\n");
    Files.writeString(directory.resolve("held.jsonl"), "{}\n");
  }

  private SftRecipe read(String line) {
    return SftRecipe.read(List.of(line.strip().split("\\s+", -1)), directory);
  }

  private String problems(String line) {
    return String.valueOf(assertThrows(ConfigException.class, () -> read(line)).getMessage());
  }

  private static final String INPUTS = "--model_name_or_path model --dataset_name train.jsonl ";

  /** The one line that names what has no effect, without it where there is none. */
  private static String idle(SftRecipe recipe) {
    List<String> lines =
        recipe.notes().stream().filter(note -> note.startsWith("no effect here: ")).toList();
    assertTrue(lines.size() <= 1, lines.toString());
    return lines.isEmpty() ? "" : lines.getFirst();
  }

  @Test
  void easydelsScript() {
    SftRecipe recipe =
        read(
            "--repo_id meta-llama/Llama-3.1-8B-Instruct --dataset_name trl-lib/Capybara"
                + " --dataset_split train[:10%] --dataset_text_field messages"
                + " --attn_mechanism vanilla --max_sequence_length 2048 --packing True"
                + " --total_batch_size 16 --gradient_accumulation_steps 2 --learning_rate 2e-5"
                + " --learning_rate_end 5e-6 --num_train_epochs 3 --scheduler COSINE"
                + " --optimizer ADAMW --weight_decay 0.01 --warmup_steps 500"
                + " --sharding_axis 1,-1,1,1,1 --model_name my-run --dtype bf16 --do_last_save"
                + " --save_steps 1000 --save_optimizer_state False --use_wandb");
    assertEquals(2, recipe.config().on(8).batch().trainBatchSize());
    SftConfig config = recipe.config().on(1);
    assertEquals(new Location.OnHub("meta-llama/Llama-3.1-8B-Instruct"), config.model().model());
    assertEquals(ComputeType.BFLOAT16, config.model().dtype());
    DatasetSpec data = config.data().datasets().getFirst();
    assertEquals(new Location.OnHub("trl-lib/Capybara"), data.path());
    assertEquals(Optional.of("train[:10%]"), data.split());
    assertEquals(Optional.of("messages"), data.textField());
    assertEquals(2048, config.data().maxLength());
    assertTrue(config.batch().packing());
    assertEquals(16, config.batch().trainBatchSize());
    assertEquals(2, config.batch().gradientAccumulationSteps());
    assertEquals(2e-5, config.schedule().learningRate());
    assertEquals(5e-6, config.schedule().finalLearningRate(), 1e-12);
    assertEquals(SchedulerKind.COSINE, config.schedule().kind());
    assertEquals(Interval.ofSteps(500), config.schedule().warmup());
    assertEquals(OptimizerKind.ADAMW, config.optimizer().kind());
    assertEquals(0.01, config.optimizer().weightDecay());
    assertEquals(3.0, config.schedule().numTrainEpochs());
    assertEquals(Interval.ofSteps(1000), config.checkpoints().saveSteps());
    assertTrue(config.checkpoints().last());
    assertTrue(config.checkpoints().onlyModel());
    assertEquals(
        "no effect here: 'attn_mechanism', 'model_name'; 'hlotune keys' says why of each",
        idle(recipe));
    assertEquals(
        "options of EasyDeL: what is not said has hlotune's default; 'hlotune keys --from easydel'"
            + " shows both",
        recipe.notes().getFirst());
  }

  @Test
  void trlsScriptForGpt2() throws IOException {
    Files.writeString(
        directory.resolve("sft.yaml"),
        """
        model_name_or_path: model
        torch_dtype: float32
        dataset_name: train.jsonl
        test_size: 0.05
        output_dir: ./gpt2-sft
        num_train_epochs: 3
        per_device_train_batch_size: 4
        per_device_eval_batch_size: 4
        gradient_accumulation_steps: 8
        gradient_checkpointing: true
        gradient_checkpointing_kwargs: {use_reentrant: false}
        learning_rate: 2.0e-5
        lr_scheduler_type: cosine
        warmup_ratio: 0.1
        warmup_steps: 0
        weight_decay: 0.01
        max_grad_norm: 1.0
        optim: adamw_torch
        bf16: true
        fp16: false
        logging_steps: 10
        logging_first_step: true
        save_strategy: steps
        save_steps: 500
        save_total_limit: 3
        load_best_model_at_end: true
        metric_for_best_model: eval_loss
        greater_is_better: false
        evaluation_strategy: steps
        eval_steps: 200
        max_seq_length: 512
        packing: false
        dataset_text_field: text
        dataloader_num_workers: 4
        dataloader_pin_memory: true
        seed: 42
        """);
    SftRecipe recipe = read("--config sft.yaml");
    SftConfig config = recipe.config();
    assertEquals(512, config.data().maxLength());
    assertEquals(4, config.batch().trainBatchSize());
    assertEquals(8, config.batch().gradientAccumulationSteps());
    assertEquals(GradientCheckpointing.FULL, config.model().gradientCheckpointing());
    assertEquals(ComputeType.BFLOAT16, config.model().dtype());
    assertEquals(new Interval(0.1), config.schedule().warmup());
    assertEquals(SchedulerKind.COSINE, config.schedule().kind());
    assertEquals(EvaluationStrategy.STEPS, config.evaluation().strategy());
    assertEquals(Interval.ofSteps(200), config.evaluation().evalSteps());
    assertEquals(Optional.of(0.05), config.data().testSize());
    assertEquals(Optional.of(3), config.checkpoints().totalLimit());
    assertTrue(config.checkpoints().loadBest());
    assertEquals(
        "no effect here: 'dataloader_num_workers', 'dataloader_pin_memory',"
            + " 'gradient_checkpointing_kwargs', 'torch_dtype', 'warmup_steps'; 'hlotune keys' says"
            + " why of each",
        idle(recipe));
  }

  @Test
  void theCoursesLoraWithDeepSpeed() throws IOException {
    Files.writeString(
        directory.resolve("ds_config.json"),
        "{\"zero_optimization\": {\"stage\": 2}, \"fp16\": {\"enabled\": true}}");
    SftRecipe recipe =
        read(
            INPUTS
                + "--use_peft --lora_r 16 --lora_alpha 32 --lora_dropout 0.1"
                + " --lora_target_modules c_attn c_proj --learning_rate 5e-4 --logging_steps 1"
                + " --deepspeed ds_config.json");
    LoraConfig lora = recipe.config().model().lora().orElseThrow();
    assertEquals(List.of("c_attn", "c_proj"), lora.targets());
    assertEquals(16, lora.rank());
    assertEquals(ComputeType.FLOAT16, recipe.config().model().dtype());
    assertEquals(Optional.of(ShardingStrategy.ZERO2), recipe.config().sharding().strategy());
    assertEquals("", idle(recipe));
    assertTrue(
        recipe.notes().contains("ds_config.json:1: 'fp16.enabled' is read as 'dtype' float16"),
        recipe.notes().toString());
  }

  @Test
  void peftsLoraConfig() throws IOException {
    Files.writeString(
        directory.resolve("lora.yaml"),
        """
        use_peft: true
        r: 16
        lora_alpha: 32
        lora_dropout: 0.1
        target_modules: [c_attn, c_proj]
        bias: none
        task_type: CAUSAL_LM
        fan_in_fan_out: true
        bnb_4bit_compute_dtype: torch.bfloat16
        """);
    SftConfig config = read("lora.yaml " + INPUTS).config();
    LoraConfig lora = config.model().lora().orElseThrow();
    assertEquals(16, lora.rank());
    assertEquals(List.of("c_attn", "c_proj"), lora.targets());
    assertEquals(ComputeType.BFLOAT16, config.model().dtype());
    assertEquals(
        "--rank_pattern: 'rank_pattern': expected none, got 'h.0=8'; adapters have one rank and one"
            + " alpha",
        problems(INPUTS + "--use_peft --rank_pattern h.0=8"));
  }

  @Test
  void nanochatsScript() throws IOException {
    SftConfig config =
        SftRecipe.read(
                List.of(
                    "--model_tag=d4",
                    "--num_iterations=10",
                    "--device_batch_size=1",
                    "--target_examples_per_step=4",
                    "--eval_every=5",
                    "--eval_steps=10",
                    "--eval_metrics_every=5",
                    "--eval_metrics_max_problems=2"),
                ROOT)
            .config();
    assertEquals(Path.of("configs/nanochat/d4"), config.model().modelDirectory());
    assertEquals(10, config.schedule().maxSteps());
    assertEquals(1, config.batch().trainBatchSize());
    assertEquals(4, config.batch().gradientAccumulationSteps());
    assertEquals(Interval.ofSteps(5), config.evaluation().evalSteps());
    assertEquals(Optional.of(10), config.evaluation().maxSamples());
    assertEquals(OptimizerKind.MUON, config.optimizer().kind());
    assertEquals(0.02, config.schedule().initialFraction());
    assertEquals(7, config.data().datasets().size());
  }

  @Test
  void nanochatsRates() throws IOException {
    SftRecipe recipe =
        SftRecipe.read(
            List.of(
                "configs/nanochat-sft.yaml",
                "--unembedding-lr=0.008",
                "--embedding-lr=0.1",
                "--matrix-lr=0.01",
                "--init-lr-frac=1.0",
                "--max-data-tokens=4096",
                "--warmdown-ratio=0.5",
                "--final-lr-frac=0.1",
                "--device-type="),
            ROOT);
    SftConfig config = recipe.config();
    assertEquals(Optional.of(0.008), config.optimizer().unembeddingRate());
    assertEquals(Optional.of(0.1), config.optimizer().embeddingRate());
    assertEquals(0.01, config.schedule().learningRate());
    assertEquals(4096, config.data().maxLength());
    assertEquals(TruncationMode.DROP, config.data().truncationMode());
    assertEquals(SchedulerKind.WARMUP_STABLE_DECAY, config.schedule().kind());
    assertEquals(
        Optional.of(new Interval(0.5)), config.schedule().schedulerArguments().decaySteps());
    assertEquals(0.1, config.schedule().finalShare().orElseThrow(), 1e-12);
    // Not beside 'eval_every': the recipe's own interval.
    assertEquals(Optional.empty(), config.evaluation().maxSamples());
  }

  @Test
  void tuftsScript() {
    SftConfig config =
        read("--base-model Qwen/Qwen3-4B-Instruct-2507 --dataset no_robots --lora-rank 8"
                + " --num-steps 50 --batch-size 16 --learning-rate 1e-4 --max-length 512"
                + " --base-url http://localhost:10610 --seed 42")
            .config();
    LoraConfig lora = config.model().lora().orElseThrow();
    assertEquals(8, lora.rank());
    assertEquals(16.0, lora.alpha());
    assertEquals(0.0, lora.dropout());
    assertEquals(Optional.of(new LoraConfig.Kinds(true, true, true)), lora.kinds());
    assertEquals(
        new Location.OnHub("HuggingFaceH4/no_robots"), config.data().datasets().getFirst().path());
    assertEquals(50, config.schedule().maxSteps());
    assertEquals(SchedulerKind.CONSTANT, config.schedule().kind());
    assertEquals(16, config.batch().trainBatchSize());
  }

  @Test
  void namesInCapitalsAreTheGuides() throws IOException {
    Files.writeString(
        directory.resolve("guide.yaml"),
        """
        BASE_MODEL: model
        DATASET: train.jsonl
        LORA_RANK: 32
        NUM_STEPS: 20
        BATCH_SIZE: 8
        MAX_LENGTH: 256
        LEARNING_RATE: 1.0e-3
        """);
    SftConfig config = read("guide.yaml").config();
    assertEquals(32, config.model().lora().orElseThrow().rank());
    assertEquals(256, config.data().maxLength());
    assertEquals(1e-3, config.schedule().learningRate());
    assertEquals(
        new Location.Local(Path.of("train.jsonl")), config.data().datasets().getFirst().path());
  }

  @Test
  void rowsOfAnUpdateDecideWithOneOfTheOthers() {
    record Case(String line, int rows, int accumulation) {}
    for (Case one :
        List.of(
            new Case("--update_batch_size 32 --device_batch_size 4", 4, 8),
            new Case("--update_batch_size 32 --gradient_accumulation_steps 4", 8, 4),
            new Case("--update_batch_size 6", 6, 1),
            new Case(
                "--update_batch_size 8 --device_batch_size 4 --gradient_accumulation_steps 2",
                4,
                2),
            new Case("--device_batch_size 2", 2, 1))) {
      BatchConfig batch = read(INPUTS + one.line()).config().batch();
      assertEquals(one.rows(), batch.trainBatchSize(), one.line());
      assertEquals(one.accumulation(), batch.gradientAccumulationSteps(), one.line());
    }
    assertEquals(
        "--update_batch_size: 'update_batch_size': expected a multiple of the 4 of"
            + " 'per_device_train_batch_size', got 6",
        problems(INPUTS + "--update_batch_size 6 --device_batch_size 4"));
    assertEquals(
        "--update_batch_size: 'update_batch_size': expected the 6 of 'per_device_train_batch_size'"
            + " x 'gradient_accumulation_steps', got 8",
        problems(
            INPUTS
                + "--update_batch_size 8 --device_batch_size 2 --gradient_accumulation_steps 3"));
  }

  @Test
  void theNewestRowsOfAnUpdateHold() throws IOException {
    Files.writeString(
        directory.resolve("r.yaml"),
        "per_device_train_batch_size: 4\ngradient_accumulation_steps: 2\n");
    record Case(String recipe, String line, int rows, int accumulation) {}
    String split = "per_device_train_batch_size: 4\ngradient_accumulation_steps: 2\n";
    String total = "update_batch_size: 16\nper_device_train_batch_size: 8\n";
    for (Case one :
        List.of(
            new Case(split, "--target_examples_per_step=32", 4, 8),
            new Case(split, "--target_examples_per_step=4 --device_batch_size=1", 1, 4),
            new Case(split, "--update_batch_size 32 --grad_accum 4", 8, 4),
            new Case(total, "--per_device_train_batch_size 2", 2, 8),
            new Case(total, "--gradient_accumulation_steps 3", 8, 3))) {
      Files.writeString(directory.resolve("r.yaml"), one.recipe());
      BatchConfig batch = read("r.yaml " + INPUTS + one.line()).config().batch();
      assertEquals(one.rows(), batch.trainBatchSize(), one.toString());
      assertEquals(one.accumulation(), batch.gradientAccumulationSteps(), one.toString());
    }
  }

  @Test
  void spellingsThatSayTheSameMayStandTogether() throws IOException {
    assertEquals(
        ComputeType.BFLOAT16, read(INPUTS + "--dtype bfloat16 --bf16").config().model().dtype());
    assertEquals(
        ComputeType.FLOAT16, read(INPUTS + "--fp16 --bf16 False").config().model().dtype());
    assertEquals(
        TrainOnWhat.ALL_ASSISTANT_MESSAGES,
        read(INPUTS + "--assistant_only_loss True --completion_only_loss False")
            .config()
            .data()
            .trainOnWhat());
    assertEquals(
        TrainOnWhat.ALL_BUT_PROMPTS,
        read(INPUTS + "--assistant_only_loss False").config().data().trainOnWhat());
    assertEquals(
        TrainOnWhat.ALL_TOKENS,
        read(INPUTS + "--assistant_only_loss False --completion_only_loss False")
            .config()
            .data()
            .trainOnWhat());
    assertEquals(
        "--bf16: 'bf16': expected 'dtype' once, got it at --fp16 too",
        problems(INPUTS + "--fp16 --bf16"));
    assertEquals(
        "--max_seq_length: 'max_seq_length': expected 'max_length' once, got it at --max_length"
            + " too",
        problems(INPUTS + "--max_length 512 --max_seq_length 256"));
  }

  @Test
  void trlsMixtureOfDataSets() throws IOException {
    Files.writeString(
        directory.resolve("mix.yaml"),
        """
        model_name_or_path: model
        datasets:
          - {path: trl-lib/tldr, split: train, columns: [prompt, completion], fraction: 0.5}
          - {path: HuggingFaceH4/no_robots, columns: [messages, category], fraction: 0.5}
        streaming: false
        test_split_size: 0.1
        """);
    DataConfig data = read("mix.yaml").config().data();
    assertEquals(
        List.of(Optional.of(DatasetFormat.PROMPT_COMPLETION), Optional.of(DatasetFormat.MESSAGES)),
        data.datasets().stream().map(DatasetSpec::format).toList());
    assertEquals(Optional.of(0.5), data.datasets().getFirst().weight());
    assertEquals(Optional.of(0.1), data.testSize());
  }

  @Test
  void modelInitKwargsAreReadOneByOne() throws IOException {
    Files.writeString(
        directory.resolve("m.yaml"),
        "model_init_kwargs: {attn_implementation: sdpa, use_cache: false, torch_dtype: bfloat16}\n");
    assertEquals(ComputeType.BFLOAT16, read("m.yaml " + INPUTS).config().model().dtype());
    Files.writeString(directory.resolve("m.yaml"), "model_init_kwargs: {rope_theta: 1.0}\n");
    assertEquals(
        "m.yaml:1: 'model_init_kwargs': expected 'dtype', 'revision' and what makes no difference,"
            + " got 'rope_theta'",
        problems("m.yaml " + INPUTS));
  }

  @Test
  void whatWouldChangeTheResultIsRefused() {
    assertEquals(
        """
        --packing_strategy: 'packing_strategy': expected 'bfd' or 'bfd_split', got 'wrapped'; no \
        record is cut to fill a row
        --dataloader_drop_last: 'dataloader_drop_last': expected 'false', got 'true'; every \
        example is in an epoch, the last ones too
        --bnb_4bit_quant_type: 'bnb_4bit_quant_type': expected 'nf4', got 'fp4'; four bits are NF4
        --no_such: 'no_such': expected a known key, got an unknown one\
        """,
        problems(
            INPUTS
                + "--packing_strategy wrapped --dataloader_drop_last --bnb_4bit_quant_type fp4"
                + " --no_such 1"));
  }

  @Test
  void aMisspelledKeyOfAnotherSystemIsNamed() {
    assertEquals(
        "--dataloader_pinmemory: 'dataloader_pinmemory': expected a known key, got an unknown one;"
            + " did you mean 'dataloader_pin_memory'?",
        problems(INPUTS + "--dataloader_pinmemory true"));
  }

  @Test
  void aPythonScriptIsNoRecipe() {
    assertEquals(
        "train.py: recipe: expected a YAML file, got a Python script; give the values of its"
            + " SFTConfig as options or in a recipe",
        problems("--num_processes 1 train.py " + INPUTS));
  }

  @Test
  void nanochatsModelsAreFound() throws IOException {
    Path base = Files.createDirectory(directory.resolve("nanochat"));
    Path tag = Files.createDirectories(base.resolve("mid_checkpoints/d4"));
    Files.writeString(tag.resolve("model_000009.pt"), "");
    Siblings none = Siblings.NONE;
    assertEquals(
        "expected a model in Hugging Face's form, got '"
            + tag
            + "' with nanochat's own model_000009.pt; tools/nanochat/convert_checkpoint.py to-model"
            + " writes its config.json and model.safetensors",
        assertThrows(IllegalArgumentException.class, () -> NanochatModel.read("d4", none, base))
            .getMessage());
    Files.writeString(tag.resolve("config.json"), "{}");
    assertEquals(
        List.of(
            Assignment.of("model_name_or_path", tag.toString()),
            Assignment.mild("tokenizer_name_or_path", base.resolve("tokenizer").toString())),
        NanochatModel.read("d4", none, base));
    Map<String, String> sft = Map.of("source", "sft", "model_name_or_path", "my/d4");
    assertEquals(List.of(), NanochatModel.read("d4", new Siblings(sft, sft), base));
    assertEquals(
        "expected the directory '"
            + base.resolve("mid_checkpoints/d20")
            + "', which is not there; name the model with --model_name_or_path",
        assertThrows(IllegalArgumentException.class, () -> NanochatModel.read("d20", none, base))
            .getMessage());
  }

  @Test
  void trackersHaveTheirKey() {
    Alias run = tracker("run");
    assertEquals(
        List.of(Assignment.of("run_name", "d4"), Assignment.mild("report_to", "wandb")),
        run.read("d4"));
    assertEquals(List.of(), run.read("dummy"));
    Alias wandb = tracker("use_wandb");
    assertEquals(List.of(Assignment.of("report_to", "wandb")), wandb.read("True"));
    assertEquals(List.of(Assignment.mild("report_to", "none")), wandb.read("False"));
    assertEquals(Optional.of("run_name"), tracker("wandb_name").key());
  }

  private static Alias tracker(String name) {
    return TrackerOthers.ALL.stream()
        .filter(alias -> alias.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatHasNoEffectIsNamedOnce() throws IOException {
    Files.writeString(
        directory.resolve("r.yaml"), "do_eval: true\ndataloader_num_workers: 2\nddp_timeout: 9\n");
    assertEquals(
        "no effect here: 'dataloader_num_workers', 'ddp_timeout', 'do_eval', 'do_train'; 'hlotune"
            + " keys' says why of each",
        idle(read("r.yaml " + INPUTS + "--do_train --dataloader_num_workers 4")));
  }
}
