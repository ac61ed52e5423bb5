package dev.hlotune.trainer.plan;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.Executable;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.trainer.archive.ArchiveManifest;
import dev.hlotune.trainer.archive.ArchiveWriter;
import dev.hlotune.trainer.archive.CompiledArchive;
import dev.hlotune.trainer.hardware.Target;
import dev.hlotune.trainer.loop.BuildVersion;
import dev.hlotune.trainer.loop.RecipeProgram;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Compiles all programs of a recipe before it is run, here or for another machine. */
public final class AheadCompiler {
  private final Target target;
  private final PlannedRecipe recipe;
  private final RunObserver observer;
  private final AtomicBoolean stop;

  /**
   * What was compiled.
   *
   * @param programs how many
   * @param made how many of them were not there before
   */
  public record Compilation(int programs, int made) {}

  private AheadCompiler(
      Target target, PlannedRecipe recipe, RunObserver observer, AtomicBoolean stop) {
    this.target = target;
    this.recipe = recipe;
    this.observer = observer;
    this.stop = stop;
  }

  /**
   * Opens a recipe as {@link PlannedRecipe#open} does, and compiles it.
   *
   * @param archive where the programs go; empty for the cache of this machine, which must have such
   *     devices
   * @throws ConfigException if this machine's cache is wanted and it has other devices, or a
   *     program does not fit their memory
   * @throws IOException if a file cannot be read or written
   */
  public static Compilation compile(
      SftConfig config,
      PlanOptions options,
      Optional<Path> archive,
      RunObserver observer,
      AtomicBoolean stop)
      throws IOException {
    if (archive.isEmpty() && !(options.target() instanceof Target.Cpu)) {
      throw ConfigException.of(
          "'--output': expected a file for an archive, as the cache of this machine takes programs for its own devices alone and '%s' is another target; 'hlotune cache import' puts them into the cache there"
              .formatted(options.target().spelled()));
    }
    PlannedRecipe recipe =
        PlannedRecipe.open(
            config, options.target(), options.devices(), options.withData(), observer, stop);
    AheadCompiler compiler = new AheadCompiler(options.target(), recipe, observer, stop);
    try (TargetCompiler devices =
        TargetCompiler.open(options.target(), recipe.devices(), config, observer, stop)) {
      return archive.isPresent()
          ? compiler.into(archive.get(), devices)
          : compiler.into(
              ExecutableCache.under(config.machine().cacheRoot()),
              devices.client().orElseThrow(),
              devices);
    }
  }

  private Compilation into(Path archive, TargetCompiler devices) throws IOException {
    List<RecipeProgram> all = recipe.all();
    try (ArchiveWriter writer = ArchiveWriter.create(archive)) {
      for (int i = 0; i < all.size(); i++) {
        RecipeProgram program = all.get(i);
        progress(i, all.size());
        String text = recipe.text(program.kind(), program.program());
        TargetCompiler.Attempt<byte[]> attempt = devices.compile(text, Executable::serialize);
        if (attempt.result().isEmpty()) {
          throw doesNotFit(program, attempt.refusal().orElse(""));
        }
        writer.add(program.name(), text, devices.options(), attempt.result().get());
      }
      progress(all.size(), all.size());
      writer.finish(programs ->
          new ArchiveManifest(
              BuildVersion.current().toString(),
              target.plugin().project() + " " + target.plugin().version(),
              devices.plugin().identity(),
              target.spelled(),
              devices.platformName(),
              devices.devices().getFirst().kind(),
              devices.devices().size(),
              devices.client().map(CompiledArchive::topology).orElse(""),
              programs));
    }
    return new Compilation(all.size(), all.size());
  }

  private Compilation into(ExecutableCache cache, Client client, TargetCompiler devices) {
    List<RecipeProgram> all = recipe.all();
    int made = 0;
    for (int i = 0; i < all.size(); i++) {
      RecipeProgram program = all.get(i);
      progress(i, all.size());
      try {
        ExecutableCache.Compiled compiled =
            cache.compile(
                client, recipe.text(program.kind(), program.program()), devices.options());
        compiled.executable().close();
        made += compiled.cached() ? 0 : 1;
      } catch (PjrtException refused) {
        if (refused.code() != ErrorCode.RESOURCE_EXHAUSTED) {
          throw refused;
        }
        throw doesNotFit(program, String.valueOf(refused.getMessage()));
      }
    }
    progress(all.size(), all.size());
    return new Compilation(all.size(), made);
  }

  private ConfigException doesNotFit(RecipeProgram program, String refusal) {
    return ConfigException.of(
        "'%s': expected it to fit the memory of '%s', got: %s; 'hlotune plan' says what to change"
            .formatted(program.name(), target.spelled(), refusal));
  }

  private void progress(int done, int all) {
    if (stop.get()) {
      throw new CancellationException("asked to stop");
    }
    observer.on(new RunEvent.Progressed("compiling", done, all));
  }
}
