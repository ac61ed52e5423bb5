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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SftRecipeTest {
  private static final String INPUTS =
      "model_name_or_path: model\ndataset_name: train.jsonl\neval_dataset_name: held.jsonl\n";

  @TempDir Path directory;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.createDirectory(directory.resolve("model"));
    Files.writeString(directory.resolve("train.jsonl"), "{}\n");
    Files.writeString(directory.resolve("held.jsonl"), "{}\n");
  }

  private SftRecipe read(String yaml, String... options) throws IOException {
    Files.writeString(directory.resolve("recipe.yaml"), yaml);
    List<String> arguments = new ArrayList<>(List.of("recipe.yaml"));
    arguments.addAll(List.of(options));
    return SftRecipe.read(arguments, directory);
  }

  private String problems(String yaml, String... options) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> read(yaml, options)).getMessage());
  }

  @Test
  void presetsAreThoseOfTrl() throws IOException {
    SftConfig config = read(INPUTS).config();
    assertEquals(2e-5, config.schedule().learningRate());
    assertEquals(SchedulerKind.LINEAR, config.schedule().kind());
    assertEquals(3.0, config.schedule().numTrainEpochs());
    assertEquals(-1, config.schedule().maxSteps());
    assertEquals(1024, config.data().maxLength());
    assertEquals(8, config.batch().trainBatchSize());
    assertEquals(1.0, config.optimizer().maxGradNorm());
    assertEquals(0.0, config.optimizer().weightDecay());
    assertEquals(0.999, config.optimizer().beta2());
    assertEquals(42, config.machine().dataSeed());
    assertEquals(EvaluationStrategy.EPOCH, config.evaluation().strategy());
  }

  @Test
  void everyProblemIsReportedAtOnceWithItsPlace() {
    String yaml =
        INPUTS
            + """
            lerning_rate: 1e-3
            max_length: many
            push_to_hub: true
            packing: [1, 2]
            optim: adagrad
            max_length: 7
            weight_decay: -1
            """;
    assertEquals(
        """
        recipe.yaml:7: 'packing': expected one value, got a list
        recipe.yaml:4: 'lerning_rate': expected a known key, got an unknown one; did you mean \
        'learning_rate'?
        recipe.yaml:5: 'max_length': expected a whole number of at least 2, got 'many'
        recipe.yaml:6: 'push_to_hub': expected 'false', got 'true'; nothing is uploaded; a run \
        leaves its files on this machine
        recipe.yaml:8: 'optim': expected one of 'adamw', 'adamw_8bit', 'adafactor', 'lion', 'sgd', 'muon', got 'adagrad'
        recipe.yaml:9: 'max_length': expected 'max_length' once, got it at recipe.yaml:5 too
        recipe.yaml:10: 'weight_decay': expected a number of at least 0, got '-1'
        --num-epoch: 'num-epoch': expected a known key, got an unknown one; did you mean \
        'num_train_epochs'?
        --seed: 'seed': expected a value, got none\
        """
            .lines()
            .sorted()
            .collect(Collectors.joining("\n")),
        problems(yaml, "--num-epoch", "3", "--seed")
            .lines()
            .sorted()
            .collect(Collectors.joining("\n")));
  }

  @Test
  void rulesAcrossKeysNameTheLine() {
    assertEquals(
        """
        recipe.yaml:5: 'lr_scheduler_type': expected 'min_lr' or 'min_lr_rate' beside \
        'cosine_with_min_lr', got neither
        recipe.yaml:4: 'warmup_steps': expected at most 'max_steps' 10, got 20\
        """,
        problems(
            INPUTS + "warmup_steps: 20\nlr_scheduler_type: cosine_with_min_lr\nmax_steps: 10"));
    assertEquals(
        "--eval_steps: 'eval_dataset_name': expected held-out data (or 'test_size') to evaluate by 'steps', got"
            + " none",
        problems("model_name_or_path: model\ndataset_name: train.jsonl\n", "--eval_steps", "10"));
  }

  @Test
  void whatTheUpdateRuleDoesNotHaveIsRefused() {
    assertEquals(
        "recipe.yaml:4: 'momentum': expected 0 beside 'optim' 'adamw', got 0.9",
        problems(INPUTS + "momentum: 0.9\n"));
  }

  @Test
  void aValueThatIsWrongAlreadyIsNotJudgedByItsPreset() {
    assertEquals(
        "recipe.yaml:5: 'min_lr': expected a number of at least 0, got 'low'",
        problems(INPUTS + "lr_scheduler_type: cosine_with_min_lr\nmin_lr: low\n"));
  }

  @Test
  void missingKeysAndFilesAreNamed() {
    assertEquals(
        """
        recipe.yaml:1: 'dataset_name': expected a file or directory that exists, or a repository of\
         the hub ('owner/name'), got 'nowhere.jsonl',\
         which is not there, nor is 'nowhere.jsonl'
        'model_name_or_path': expected a value, got none; set it in the recipe or with\
         --model_name_or_path\
        """
            .replace(
                "nor is 'nowhere.jsonl'", "nor is '" + directory.resolve("nowhere.jsonl") + "'"),
        problems("dataset_name: nowhere.jsonl\n"));
    assertEquals(
        "recipe: expected a file, got 'absent.yaml', which is not there",
        assertThrows(ConfigException.class, () -> SftRecipe.read(List.of("absent.yaml"), directory))
            .getMessage());
  }

  @Test
  void brokenYamlNamesTheLine() {
    String message = problems(INPUTS + "packing: 'true\nseed: 1\n");
    assertTrue(message.startsWith("recipe.yaml:"), message);
    assertTrue(message.contains("expected YAML, got a syntax error"), message);
    assertEquals(
        "recipe.yaml:1: recipe: expected lines of the form 'key: value', got a list",
        problems("- 1\n"));
  }

  @Test
  void optionsGoOverTheRecipeInEverySpelling() throws IOException {
    SftConfig config =
        read(
                INPUTS + "learning_rate: 1e-3\nwarmup_ratio: 0.1\npacking: false\nshuffle: true\n",
                "--learning-rate=5e-4",
                "--warmup_steps",
                "7",
                "--packing",
                "--no-shuffle",
                "--max_steps",
                "-1",
                "--bf16")
            .config();
    assertEquals(5e-4, config.schedule().learningRate());
    assertEquals(Interval.ofSteps(7), config.schedule().warmup());
    assertTrue(config.batch().packing());
    assertEquals(false, config.batch().shuffle());
    assertEquals(ComputeType.BFLOAT16, config.model().dtype());
  }

  @Test
  void aFlagBeforeTheRecipeDoesNotSwallowIt() throws IOException {
    Files.writeString(directory.resolve("recipe.yaml"), INPUTS);
    for (List<String> arguments :
        List.of(
            List.of("--packing", "recipe.yaml"),
            List.of("--packing", "true", "recipe.yaml"),
            List.of("--packing", "--config", "recipe.yaml"),
            List.of("--config=recipe.yaml", "--packing"))) {
      SftRecipe recipe = SftRecipe.read(arguments, directory);
      assertTrue(recipe.config().batch().packing(), arguments.toString());
      assertEquals(Optional.of(Path.of("recipe.yaml")), recipe.file());
    }
  }

  @Test
  void specialTokensHaveBounds() throws IOException {
    assertEquals(
        """
        recipe.yaml:4: 'eos_token': expected text, got ' '
        recipe.yaml:5: 'additional_special_tokens': expected a list of texts, or texts separated by \
        commas, got an empty one
        --resize_token_embeddings_multiple_of: 'resize_token_embeddings_multiple_of': expected a whole \
        number from 1 to 1048576, got '0'\
        """,
        problems(
            INPUTS + "eos_token: ' '\nadditional_special_tokens: ['']\n",
            "--resize_token_embeddings_multiple_of",
            "0"));
    TokenConfig none =
        read(INPUTS + "additional_special_tokens: [a]\n", "--additional_special_tokens=[]")
            .config()
            .model()
            .tokens();
    assertEquals(
        new TokenConfig(
            List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        none);
  }

  @Test
  void aTokenizerMayBeNamedByItsFile() throws IOException {
    Files.writeString(directory.resolve("model/tokenizer.json"), "{}");
    ModelConfig model =
        read(INPUTS, "--tokenizer_name_or_path", "model/tokenizer.json").config().model();
    assertEquals(Path.of("model").toAbsolutePath(), model.tokenizerPath());
  }

  @Test
  void noRecipeIsNeeded() {
    SftConfig config =
        SftRecipe.read(
                List.of("--model_name_or_path", "model", "--dataset_name=train.jsonl"), directory)
            .config();
    assertEquals(
        List.of(DatasetSpec.of(new Location.Local(Path.of("train.jsonl")))),
        config.data().datasets());
    assertEquals(EvaluationStrategy.NO, config.evaluation().strategy());
  }

  @Test
  void twoRecipesAreRefused() {
    assertEquals(
        "other.yaml: recipe: expected one, got 'recipe.yaml' and 'other.yaml'",
        problems(INPUTS, "other.yaml"));
  }

  @Test
  void olderSpellingsAreUnderstoodAndSaid() throws IOException {
    SftRecipe recipe =
        read(
            INPUTS
                + """
                max_seq_length: 512
                evaluation_strategy: steps
                evaluation_steps: 0.25
                warmup_ratio: 0.03
                batch_size: 4
                optim: adamw_torch
                bf16: false
                gradient_checkpointing: true
                lr_scheduler_type: cosine_with_min_lr
                lr_scheduler_kwargs:
                  min_lr_rate: 0.1
                """);
    SftConfig config = recipe.config();
    assertEquals(512, config.data().maxLength());
    assertEquals(25, config.evaluation().evalSteps().steps(100));
    assertEquals(4, config.schedule().warmup().steps(101));
    assertEquals(4, config.batch().trainBatchSize());
    assertEquals(OptimizerKind.ADAMW, config.optimizer().kind());
    assertEquals(GradientCheckpointing.FULL, config.model().gradientCheckpointing());
    assertEquals(2e-6, config.schedule().finalLearningRate(), 1e-18);
    assertTrue(recipe.notes().contains("recipe.yaml:4: 'max_seq_length' is read as 'max_length'"));
    assertEquals(6, recipe.notes().size(), recipe.notes().toString());
  }

  @Test
  void twoSpellingsOfOneKeyAreRefused() {
    assertEquals(
        "recipe.yaml:5: 'max_seq_length': expected 'max_length' once, got it at recipe.yaml:4 too",
        problems(INPUTS + "max_length: 512\nmax_seq_length: 256\n"));
  }

  @Test
  void nullMeansUnset() throws IOException {
    SftConfig config =
        read(INPUTS + "max_length: null\ndataset_text_field: None\n", "--plugin", "None").config();
    assertEquals(1024, config.data().maxLength());
    assertEquals(Optional.empty(), config.data().datasets().getFirst().textField());
    assertEquals(Optional.empty(), config.machine().plugin());
    assertEquals(
        ComputeType.FLOAT32,
        read(INPUTS + "dtype: bfloat16\n", "--dtype", "null").config().model().dtype());
    assertEquals(
        GradientCheckpointing.NONE,
        read(INPUTS, "--gradient_checkpointing", "None").config().model().gradientCheckpointing());
  }

  @Test
  void inputsMayStandBesideTheRecipe() throws IOException {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.writeString(directory.resolve("recipe.yaml"), INPUTS);
    SftConfig config = SftRecipe.read(List.of("../recipe.yaml"), elsewhere).config();
    assertEquals(
        new Location.Local(Path.of("../train.jsonl")), config.data().datasets().getFirst().path());
  }

  @Test
  void aModelIsAPathOrOnTheHub() throws IOException {
    String data = "dataset_name: train.jsonl\n";
    ModelConfig here = read(INPUTS).config().model();
    assertEquals(new Location.Local(Path.of("model")), here.model());
    ModelConfig there =
        read(data
                + "model_name_or_path: Qwen/Qwen2.5-0.5B\nmodel_revision: v1\n"
                + "tokenizer_name_or_path: gpt2\n")
            .config()
            .model();
    assertEquals(new Location.OnHub("Qwen/Qwen2.5-0.5B"), there.model());
    assertEquals(Optional.of("v1"), there.revision());
    assertEquals(Optional.of(new Location.OnHub("gpt2")), there.tokenizer());
    assertThrows(IllegalStateException.class, there::tokenizerPath);
    assertEquals(
        Path.of("tokens"),
        there.fetched(Path.of("here"), Optional.of(Path.of("tokens"))).tokenizerPath());
  }

  @Test
  void whatIsNoIdMustBeThere() throws IOException {
    String data = "dataset_name: train.jsonl\nmodel_name_or_path: ";
    for (String path : List.of("a/b/c", "./model2", "/owner/name", "out/config.json", "a--b/c")) {
      assertTrue(
          problems(data + path)
              .startsWith(
                  "recipe.yaml:2: 'model_name_or_path': expected a file or directory that exists,"
                      + " or a repository of the hub ('owner/name'), got '"),
          path);
    }
    assertEquals(
        "recipe.yaml:4: 'model_revision': expected a model of the hub beside it, got 'model'",
        problems(INPUTS + "model_revision: v2\n"));
    assertEquals(
        Optional.empty(), read(INPUTS + "model_revision: main\n").config().model().revision());
  }

  @Test
  void theResolvedConfigurationIsARecipeOfItself() throws IOException {
    String hub =
        """
        model_name_or_path: owner/model
        model_revision: v1
        dataset_name: owner/data
        dataset_config: all
        dataset_split: train[:50%]
        data_dir: a
        data_files: [b, c]
        dataset_revision: v2
        eval_split: test
        dataset_columns: {question: q, answer: a}
        dataset_format: question_answer
        chat_template_kwargs: {enable_thinking: false, depth: 2}
        chat_template: tokenizer:tool_use
        """;
    String several =
        """
        model_name_or_path: model
        datasets: [{path: train.jsonl, weight: 2}, {path: owner/data, weight: 0.5, seed: 3}]
        mixture_stopping_strategy: all_exhausted
        """;
    String single =
        INPUTS
            + """
            learning_rate: 3e-4
            min_lr: 1e-5
            eval_steps: 0.5
            logging_steps: 5
            tokenizer_name_or_path: model
            chat_template: guide
            dataset_text_field: "the 'body': #1"
            dataset_num_proc: 2
            plugin: train.jsonl
            cache_dir: cache
            compiled_archive: train.jsonl
            optim: sgd
            momentum: 0.5
            optim_args: {nesterov: true}
            lr_scheduler_type: polynomial
            lr_scheduler_kwargs: {power: 2}
            parameter_groups: [{params: 'wte|wpe', learning_rate: 1.0e-4, weight_decay: 0}]
            completion_only_loss: false
            train_on_eos: last
            truncation_mode: split
            additional_special_tokens: ['it''s', "a, \\\\ \\"b\\n", "<|\u00e9|>"]
            bos_token: <s>
            eos_token: "[END]"
            pad_token: '#'
            resize_token_embeddings_multiple_of: 64
            save_steps: 0.25
            save_interval_minutes: 30
            save_total_limit: 3
            resume_from_checkpoint: auto
            """;
    assertEquals(
        List.of("it's", "a, \\ \"b\n", "<|\u00e9|>"),
        read(single).config().model().tokens().additional());
    String adapters =
        INPUTS
            + """
            use_peft: true
            lora_r: 8
            lora_alpha: 16
            lora_dropout: 0.1
            lora_modules_to_save: [lm_head]
            use_rslora: true
            bias: lora_only
            lora_max_rank: 32
            merge_lora_before_save: true
            """;
    String frozen =
        INPUTS
            + """
            frozen_parameters: ['wte|wpe', '\\.h\\.']
            unfreeze_steps: {100: '\\.h\\.', 20: 'wte'}
            attention_dropout: 0.1
            resid_pdrop: 0.2
            embd_pdrop: 0.3
            neftune_noise_alpha: 5
            label_smoothing_factor: 0.1
            z_loss: 1e-4
            report_to: [tensorboard, mlflow]
            run_name: 'a name'
            max_nonfinite_steps: 4
            peak_flops_per_device: 989e12
            """;
    String devices =
        INPUTS
            + """
            mesh: {data: 2, fsdp: 4, tensor: 1, sequence: 2}
            sharding_strategy: zero3
            parameter_axis_rules: [embed=fsdp]
            compute_axis_rules: {batch: [data, fsdp]}
            num_devices: 16
            cpu_device_count: 8
            coordinator_address: localhost:8476
            num_processes: 2
            process_id: 1
            """;
    Set<String> resolved = new TreeSet<>();
    for (String recipe :
        List.of(
            single,
            hub,
            frozen,
            adapters + "use_dora: true\nlora_target_modules: [q_proj, v_proj]\n",
            adapters + "load_in_4bit: true\n",
            adapters + "train_attn: true\ntrain_mlp: false\ntrain_unembed: false\n",
            INPUTS + "adapter_name_or_path: model\n",
            devices,
            several
                + "test_size: 20\nmax_eval_samples: 10\nearly_stopping_patience: 3\nsave_strategy: best\n",
            several + "eval_datasets: [{path: '*.jsonl', data_files: [a, b]}]\n")) {
      SftConfig config = read(recipe).config();
      assertEquals(config, read(config.recipe()).config(), config.recipe());
      resolved.addAll(config.resolved().keySet());
    }
    Set<String> otherwise =
        Set.of(
            "min_lr_rate",
            "embedding_lr",
            "unembedding_lr",
            "scalar_lr",
            "update_batch_size",
            "total_batch_size");
    assertEquals(
        SftKeys.TABLE.names().stream()
            .filter(name -> !otherwise.contains(name))
            .collect(Collectors.toCollection(TreeSet::new)),
        resolved);
  }

  @Test
  void trackersAreAListOrNone() throws IOException {
    assertEquals(List.of(), read(INPUTS).config().watch().reportTo());
    assertEquals(List.of(), read(INPUTS + "report_to: none\n").config().watch().reportTo());
    assertEquals(List.of(), read(INPUTS + "report_to: []\n").config().watch().reportTo());
    assertEquals(
        List.of(ReportTo.MLFLOW, ReportTo.TENSORBOARD),
        read(INPUTS + "report_to: 'mlflow, TensorBoard'\n").config().watch().reportTo());
    assertEquals(
        List.of(ReportTo.WANDB), read(INPUTS + "use_wandb: true\n").config().watch().reportTo());
    for (String[] wrong :
        new String[][] {
          {"comet_ml", "expected one of 'tensorboard', 'mlflow', 'wandb', got 'comet_ml'"},
          {"all", "got 'all', name the trackers"},
          {"[none, mlflow]", "expected 'none' alone, got it beside others"},
          {"[mlflow, mlflow]", "expected each value once, got one twice"}
        }) {
      ConfigException refused =
          assertThrows(ConfigException.class, () -> read(INPUTS + "report_to: " + wrong[0] + "\n"));
      assertTrue(String.valueOf(refused.getMessage()).contains(wrong[1]), refused.getMessage());
    }
  }

  @Test
  void severalDataSetsAreAList() throws IOException {
    String model = "model_name_or_path: model\n";
    DataConfig data =
        read(model
                + """
                datasets:
                  - path: train.jsonl
                    repeat: 2
                  - {path: owner/chats, name: all, split: 'train[:10%]', weight: null}
                  - path: task:spelling_bee
                    dataset_columns: {prompt: q}
                    seed: 7
                test_size: 0.05
                """)
            .config()
            .data();
    assertEquals(
        List.of(
            new Location.Local(Path.of("train.jsonl")),
            new Location.OnHub("owner/chats"),
            new Location.Task("spelling_bee")),
        data.datasets().stream().map(DatasetSpec::path).toList());
    assertEquals(2, data.datasets().getFirst().repeat());
    assertEquals(Optional.of("train[:10%]"), data.datasets().get(1).split());
    assertEquals(Map.of("prompt", "q"), data.datasets().get(2).columns());
    assertEquals(Optional.of(0.05), data.testSize());
    assertEquals(
        "recipe.yaml:2: 'datasets': entry 1: 'weigth': expected a known key, got an unknown one; did"
            + " you mean 'weight'?; entry 2: 'path': expected a value, got none",
        problems(model + "datasets:\n  - {path: train.jsonl, weigth: 1}\n  - {weight: 1}\n"));
    assertEquals(
        "recipe.yaml:2: 'datasets': expected a 'weight' for each or for none, got 1 of 2",
        problems(
            model + "datasets:\n  - {path: train.jsonl, weight: 1}\n  - {path: train.jsonl}\n"));
    assertEquals(
        "recipe.yaml:4: 'datasets': expected no 'dataset_name' beside it, got 'train.jsonl'",
        problems(INPUTS + "datasets:\n  - {path: train.jsonl}\n"));
    assertEquals(
        "recipe.yaml:2: 'datasets': expected what is about one data set in its entry, got"
            + " 'dataset_split' beside the list",
        problems(model + "datasets:\n  - {path: train.jsonl}\ndataset_split: test\n"));
  }

  @Test
  void otherSpellingsOfWhatIsLearnedAreUnderstood() throws IOException {
    assertEquals(
        TrainOnWhat.ALL_TOKENS,
        read(INPUTS + "train_on_inputs: true\n").config().data().trainOnWhat());
    assertEquals(
        TrainOnWhat.ALL_ASSISTANT_MESSAGES,
        read(INPUTS, "--assistant_only_loss").config().data().trainOnWhat());
    assertEquals(
        "--mask_history: 'mask_history': expected true or false, got 'maybe'",
        problems(INPUTS, "--mask_history", "maybe"));
  }

  @Test
  void heldOutDataIsNamedOnce() {
    String data = "model_name_or_path: model\ndataset_name: train.jsonl\n";
    assertEquals(
        "recipe.yaml:3: 'test_size': expected no held-out data beside it, got some by"
            + " 'eval_dataset_name', 'eval_datasets' or 'eval_split'",
        problems(data + "test_size: 0.1\neval_split: test\n"));
    assertEquals(
        "recipe.yaml:4: 'eval_datasets': expected no 'eval_dataset_name' or 'eval_split' beside it,"
            + " got 'test'",
        problems(data + "eval_split: test\neval_datasets: [{path: train.jsonl}]\n"));
  }
}
