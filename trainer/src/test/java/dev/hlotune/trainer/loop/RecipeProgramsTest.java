package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.data.Bucket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of a recipe without a device are those that its run compiles. */
final class RecipeProgramsTest {
  @TempDir Path folder;

  private static RecipePrograms open(SftConfig config) throws IOException {
    return RecipePrograms.open(config, _ -> {}, new AtomicBoolean());
  }

  @Test
  void theyAreWhatTheRunLeavesInTheCache() throws IOException {
    TestClient.get();
    TinyRun tiny = new TinyRun(folder);
    SftConfig config =
        SftRecipe.read(
                tiny.options(
                    "max_steps", "3",
                    "frozen_parameters", "embed_tokens",
                    "unfreeze_steps", "2=embed_tokens",
                    "test_size", "8",
                    "eval_strategy", "no",
                    "eval_generate_samples", "4",
                    "max_new_tokens", "3",
                    "cache_dir", folder.resolve("cache").toString()))
            .config();
    List<RecipeProgram> programs = open(config).all();
    List<Integer> compiled = new ArrayList<>();
    SftRun.run(
        config,
        event -> {
          if (event instanceof RunEvent.Compiled(int all, int cached, _, _)) {
            compiled.addAll(List.of(all, cached));
          }
        },
        new AtomicBoolean());
    assertEquals(List.of(programs.size(), 0), compiled);
    assertEquals(
        Set.of("train_step_4x16", "train_step_4x16_from_2", "evaluation_4x16"),
        names(programs, RecipeProgram.Kind.TRAIN_STEP, RecipeProgram.Kind.EVALUATION));
    assertEquals(1, names(programs, RecipeProgram.Kind.PREFILL).size());
    assertEquals(1, names(programs, RecipeProgram.Kind.DECODE).size());
    ExecutableCache cache = ExecutableCache.under(folder.resolve("cache"));
    for (RecipeProgram program : programs) {
      ExecutableCache.Compiled found =
          cache.compile(
              TestClient.get(), Emitter.emit(program.program()), CompileOptions.singleDevice());
      found.executable().close();
      assertTrue(found.cached(), program.name());
    }
  }

  private static Set<String> names(List<RecipeProgram> programs, RecipeProgram.Kind... kinds) {
    Set<String> names = new HashSet<>();
    for (RecipeProgram program : programs) {
      if (List.of(kinds).contains(program.kind())) {
        assertTrue(names.add(program.name()), program.name());
      }
    }
    return names;
  }

  @Test
  void aConfigurationAloneIsEnough() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    String wide = TinyRun.LLAMA.replace("16", "64").replace("32", "64");
    Path model = tiny.model("bare", wide).resolve("config.json");
    List<String> options =
        List.of(
            "--model_name_or_path", model.toString(),
            "--max_length", "32",
            "--per_device_train_batch_size", "4",
            "--gradient_accumulation_steps", "2",
            "--use_peft", "true",
            "--load_in_4bit", "true",
            "--lora_target_modules", "all-linear");
    RecipePrograms programs = open(SftRecipe.readPlanned(options).config());
    RecipeProgram step = programs.all().getFirst();
    assertEquals(1, programs.all().size());
    assertEquals(Optional.of(new Bucket(4, 32)), step.bucket());
    Program program = step.program();
    Set<String> inputs = new HashSet<>();
    program.inputs().forEach(input -> inputs.add(input.name()));
    assertTrue(inputs.containsAll(programs.weightNames()));
    assertFalse(programs.tuning().trained().isEmpty());
    assertTrue(
        programs.weightNames().stream().anyMatch(name -> name.endsWith("codes")),
        "weights that are not there are planned in few bits");
  }
}
