package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Update rules, groups and schedules as recipes write them. */
class OptimizerKeysTest {
  private static final String INPUTS = "model_name_or_path: model\ndataset_name: train.jsonl\n";

  @TempDir private Path directory;

  @BeforeEach
  void inputs() throws IOException {
    Files.createDirectory(directory.resolve("model"));
    Files.writeString(directory.resolve("train.jsonl"), "{}\n");
  }

  private SftConfig read(String yaml) throws IOException {
    Files.writeString(directory.resolve("recipe.yaml"), INPUTS + "output_dir: out\n" + yaml);
    return SftRecipe.read(List.of("recipe.yaml"), directory).config();
  }

  private String problems(String yaml) {
    return String.valueOf(assertThrows(ConfigException.class, () -> read(yaml)).getMessage());
  }

  @Test
  void everyRuleHasItsPresets() throws IOException {
    UpdateRule.AdamW adam = new UpdateRule.AdamW(0.9, 0.999, 1e-8);
    Map<String, UpdateRule> presets =
        Map.of(
            "adamw_torch_fused", adam,
            "adamw_bnb_8bit", new UpdateRule.AdamW8bit(adam, 4096),
            "adafactor", new UpdateRule.Adafactor(false, false, false, 1, -0.8, 1e-30, 1e-3),
            "lion_32bit", new UpdateRule.Lion(0.9, 0.999),
            "sgd", new UpdateRule.Sgd(0, false),
            "muon",
                new UpdateRule.Muon(
                    adam,
                    0.95,
                    0.85,
                    0,
                    true,
                    5,
                    ComputeType.BFLOAT16,
                    MuonAdjustment.ORIGINAL,
                    0));
    for (Map.Entry<String, UpdateRule> preset : presets.entrySet()) {
      assertEquals(
          preset.getValue(), read("optim: " + preset.getKey()).optimizer().rule(), preset.getKey());
    }
  }

  @Test
  void argumentsComeAsAMappingAndAsText() throws IOException {
    UpdateRule.Sgd sgd = new UpdateRule.Sgd(0.8, true);
    assertEquals(
        sgd, read("optim: sgd\noptim_args: {momentum: 0.8, nesterov: true}").optimizer().rule());
    SftConfig config = read("optim: sgd\noptim_args: momentum=0.8,nesterov=True");
    assertEquals(sgd, config.optimizer().rule());
    assertEquals(config, again(config));
  }

  private SftConfig again(SftConfig config) throws IOException {
    Files.writeString(directory.resolve("again.yaml"), config.recipe());
    return SftRecipe.read(List.of("again.yaml"), directory).config();
  }

  @Test
  void groupsAndRatesComeBack() throws IOException {
    SftConfig config =
        read(
            """
            optim: muon
            matrix_lr: 0.02
            embedding_lr: 0.2
            unembedding_lr: 0.004
            scalar_lr: 0.5
            init_lr_frac: 0.02
            optim_state_dtype: bfloat16
            parameter_groups:
              - params: 'wte|wpe'
                lr: 1e-4
              - {params: ^lm_head, weight_decay: 0}
            """);
    assertEquals(0.02, config.schedule().learningRate());
    assertEquals(0.02 * 0.02, config.schedule().highestRate());
    assertEquals(
        List.of(
            new ParameterGroup("wte|wpe", Optional.of(1e-4), Optional.empty()),
            new ParameterGroup("^lm_head", Optional.empty(), Optional.of(0.0))),
        config.optimizer().groups());
    assertEquals(config, again(config));
  }

  @Test
  void aScheduleTakesItsFinalRateFromEitherPlace() throws IOException {
    String rates = "learning_rate: 1e-3\nlr_scheduler_type: cosine_with_min_lr\n";
    for (String floor :
        List.of(
            "min_lr: 1e-4",
            "min_lr_rate: 0.1",
            "lr_scheduler_kwargs: {min_lr: 1e-4}",
            "lr_scheduler_kwargs: min_lr_rate=0.1")) {
      ScheduleConfig schedule = read(rates + floor).schedule();
      assertEquals(0.1, schedule.finalShare().orElseThrow(), 1e-15, floor);
      assertEquals(1e-4, schedule.finalLearningRate(), 1e-18, floor);
    }
    ScheduleConfig polynomial =
        read("learning_rate: 1e-3\nlr_scheduler_type: polynomial\n").schedule();
    assertEquals(1e-7, polynomial.finalLearningRate(), 1e-20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          optim: adamw_adam | 'optim': expected one of 'adamw', 'adamw_8bit', 'adafactor', 'lion', 'sgd', 'muon', got 'adamw_adam'
          optim: paged_adamw_8bit | 'optim': expected one of 'adamw', 'adamw_8bit', 'adafactor', 'lion', 'sgd', 'muon', got 'paged_adamw_8bit', whose state moves to the host's memory; use 'adamw_8bit'
          optim_args: nesterov=true | 'optim_args': expected none beside 'optim' 'adamw', got 'nesterov'
          {optim: sgd, optim_args: {momentun: 0.9}} | 'optim_args': expected settings of 'optim' 'sgd' ('momentum', 'nesterov'), got 'momentun'; did you mean 'momentum'?
          {optim: sgd, optim_args: {momentum: 1}} | 'optim_args': 'momentum': expected a number of at least 0 and below 1, got '1'
          {optim: sgd, momentum: 0.5, optim_args: {momentum: 0.9}} | 'momentum': expected it once, got it in 'optim_args' too
          {optim: sgd, optim_args: {nesterov: true}} | 'optim_args': expected 'momentum' above 0 beside 'nesterov', got none
          {optim: muon, momentum: 0.9} | 'momentum': expected 0 beside 'optim' 'muon', got 0.9; Muon's stands in 'optim_args'
          {optim: muon, optim_args: {adjust_lr_fn: none}} | 'optim_args': 'adjust_lr_fn': expected one of 'original', 'match_rms_adamw', 'spectral_unclamped', got 'none'
          embedding_lr: 0.1 | 'embedding_lr': expected 'optim' 'muon' beside it, got 'adamw'; use 'parameter_groups'
          {optim: adafactor, optim_state_dtype: bfloat16} | 'optim_state_dtype': expected 'float32' beside 'optim' 'adafactor', which keeps no mean gradient of that type, got 'bfloat16'
          {optim: adafactor, optim_args: {warmup_init: true}} | 'optim_args': expected 'relative_step' beside 'warmup_init', got none
          {optim: adafactor, optim_args: {relative_step: true}} | 'optim_args': expected 'learning_rate' 1 and 'lr_scheduler_type' 'constant' beside 'relative_step', which is a schedule of its own, got 2.0E-5 and 'linear'
          {optim: adafactor, optim_args: {decay_rate: 0.8}} | 'optim_args': 'decay_rate': expected a number below 0, got '0.8'
          lr_scheduler_type: reduce_lr_on_plateau | 'lr_scheduler_type': expected one of 'constant', 'constant_with_warmup', 'linear', 'cosine', 'cosine_with_min_lr', 'cosine_warmup_with_min_lr', 'cosine_with_restarts', 'polynomial', 'inverse_sqrt', 'warmup_stable_decay', got 'reduce_lr_on_plateau', which goes by the measured loss; every rate of a run is known before its first step, so that a run can be planned, repeated and resumed
          lr_scheduler_kwargs: {power: 2} | 'lr_scheduler_kwargs': expected settings of 'lr_scheduler_type' 'linear' ('warmup_type'), got 'power'
          lr_scheduler_type: warmup_stable_decay | 'lr_scheduler_kwargs': expected 'num_decay_steps' beside 'lr_scheduler_type' 'warmup_stable_decay', got none
          {lr_scheduler_type: cosine_with_min_lr, min_lr: 1e-6, lr_scheduler_kwargs: {min_lr: 1e-6}} | 'min_lr': expected the final rate once, got it more than once
          {lr_scheduler_type: inverse_sqrt, min_lr: 1e-6} | 'min_lr': expected a schedule with a final rate ('linear', 'cosine'), got 'inverse_sqrt'
          {lr_scheduler_type: polynomial, learning_rate: 1e-8} | 'min_lr': expected at most 'learning_rate' 1.0E-8, got 1.0E-7
          {lr_scheduler_type: cosine_with_restarts, lr_scheduler_kwargs: {num_cycles: 1.5}} | 'lr_scheduler_kwargs': 'num_cycles': expected a whole number of at least 1, got '1.5'
          parameter_groups: [{params: '[', lr: 1}] | 'parameter_groups': entry 1: 'params': expected a regular expression, got '[': unclosed character class
          parameter_groups: [{params: a}] | 'parameter_groups': entry 1: 'params': expected 'learning_rate' or 'weight_decay' beside it, got neither
          parameter_groups: [{lr: 1}] | 'parameter_groups': entry 1: 'params': expected a value, got none
          parameter_groups: [{params: a, weight_decy: 1}] | 'parameter_groups': entry 1: 'weight_decy': expected a known key, got an unknown one; did you mean 'weight_decay'?
          parameter_groups: [{params: a, lr: -1}] | 'parameter_groups': entry 1: 'lr': expected a number of at least 0, got '-1'
          """)
  void whatDoesNotFitIsRefused(String yaml, String message) {
    String lines =
        yaml.startsWith("{")
            ? yaml.substring(1, yaml.length() - 1).replaceAll(", (?=[a-z_]+:(?![^{]*}))", "\n")
            : yaml;
    assertEquals(message, problems(lines).replaceFirst("^recipe.yaml:\\d+: ", ""));
  }
}
