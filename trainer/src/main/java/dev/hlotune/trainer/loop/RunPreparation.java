package dev.hlotune.trainer.loop;

import dev.hlotune.configs.GradientCheckpointing;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.pjrt.Client;
import dev.hlotune.trainer.archive.CompiledArchive;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.step.ModelMesh;
import dev.hlotune.trainer.step.ProgramCompiler;
import dev.hlotune.trainer.step.StateCopy;
import dev.hlotune.trainer.step.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;

/**
 * A run up to its first update: the model is looked at, data is tokenized and planned, then
 * everything is compiled and the memory that it takes is compared with what there is.
 *
 * @param run what is asked for
 */
record RunPreparation(RunContext run) {
  private SftConfig config() {
    return run.config();
  }

  /** Prepares and trains. */
  RunSummary run(BaseModel base, Client client) throws IOException {
    try (Tokenizer tokenizer =
        Tokenizer.load(
            config().model().tokenizerPath(),
            Recipes.tokens(config().model().tokens()),
            config().machine().cacheRoot())) {
      return train(TokenRows.add(config(), base, tokenizer, run.observer()), tokenizer, client);
    }
  }

  private RunSummary train(BaseModel base, Tokenizer tokenizer, Client client) throws IOException {
    Path cache = config().machine().cacheRoot();
    TunedModel whole = TunedModel.of(config(), base);
    ModelMesh mesh = Meshes.of(config().sharding(), client, whole.tuning().parameters());
    TunedModel tuned = whole.on(mesh.rules().spread());
    Map<Integer, OptimizerRecipe> optimizers = Recipes.optimizers(config(), tuned);
    OptimizerRecipe first = Objects.requireNonNull(optimizers.get(0));
    try (DataSets data =
        DataSets.open(
            config(),
            tokenizer,
            base.model().vocabulary(),
            base.width(),
            run.rows(mesh),
            cache,
            run.observer(),
            run.stop())) {
      DataAudits.gate(config(), data, base.model().vocabulary(), run.observer(), run.stop());
      int steps =
          data.plan()
              .totalSteps(config().schedule().numTrainEpochs(), config().schedule().maxSteps());
      run.observer()
          .on(new RunEvent.Planned(Plans.of(run.asked(), tuned, first, data, steps, mesh)));
      return train(tuned, optimizers, data, mesh, steps);
    }
  }

  private RunSummary train(
      TunedModel tuned,
      Map<Integer, OptimizerRecipe> optimizers,
      DataSets data,
      ModelMesh mesh,
      int totalSteps)
      throws IOException {
    Client client = mesh.devices().client();
    if (client.platformName().equals("cpu")
        && config().model().gradientCheckpointing() != GradientCheckpointing.NONE
        && !config().model().scanLayers()) {
      run.note(
          "gradient_checkpointing: saves nothing on the CPU while 'scan_layers' is false; its"
              + " compiler computes once what was to be computed again");
    }
    NavigableMap<Integer, Training> trainings =
        Recipes.trainings(config(), tuned, optimizers, totalSteps);
    MemoryNeed need = MemoryNeed.ofState(tuned, trainings.values(), mesh);
    need.require(run.memory().bytes(client));
    ProgramCompiler compiler =
        ProgramCompiler.cached(
            mesh,
            config().machine().cacheRoot(),
            config().machine().compiledArchive().map(CompiledArchive::open));
    long start = System.nanoTime();
    RecipePrograms wanted = RecipePrograms.of(config(), trainings, data);
    try (Programs programs = Programs.compile(wanted, compiler, run.observer(), run.stop())) {
      noteArchive(compiler);
      need = need.with(programs);
      double milliseconds = (System.nanoTime() - start) / 1e6;
      run.observer()
          .on(
              new RunEvent.Compiled(
                  compiler.programs(), compiler.fromCache(), milliseconds, need.total()));
      need.require(run.memory().bytes(client));
      RunManifest manifest = Manifests.of(run.asked(), run.fetched(), data, programs, mesh);
      run.resumed().ifPresent(own -> own.requireSame(config(), manifest));
      boolean fromNothing = run.resumed().isEmpty() && config().checkpoints().resume().isPresent();
      run.directory()
          .create(need.parameters(), run.resumed(), fromNothing || config().output().overwrite());
      manifest.write(run.output().resolve("run.json"));
      run.observer().on(new RunEvent.Described(manifest));
      try (MetricsLog file = run.metrics()) {
        TrainedModel model = new TrainedModel(config(), tuned, data.tokenizer(), data.template());
        Checkpoints.Run saved =
            new Checkpoints.Run(config(), model, manifest, data.plan().stepsPerEpoch(), totalSteps);
        StateCopy copy = StateCopy.of(compiler, trainings.values(), run.processes().writes());
        try (Checkpoints checkpoints =
            new Checkpoints(
                saved, run.progress().step(), copy, run.processes().writes(), run.observer())) {
          Gauges gauges =
              Gauges.of(
                  StepFlops.of(tuned),
                  DevicePeak.of(config(), client.device().kind(), mesh.devices().devices().size()),
                  client,
                  need.total());
          return new RunTraining(run, model, data, totalSteps, programs, compiler, checkpoints)
              .run(file, gauges);
        }
      }
    }
  }

  /** An archive of another recipe, or for other data, must not go unnoticed. */
  private void noteArchive(ProgramCompiler compiler) {
    int missing = compiler.programs() - compiler.fromArchive();
    if (config().machine().compiledArchive().isPresent() && missing > 0) {
      run.note(
          "compiled_archive: %d of %d programs are not in it; it is of another recipe, or other data"
              .formatted(missing, compiler.programs()));
    }
  }
}
