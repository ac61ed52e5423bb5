package dev.hlotune.trainer.cli;

import dev.hlotune.configs.MachineConfig;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.trainer.archive.CompiledArchive;
import dev.hlotune.trainer.plan.ArchiveImport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What is kept between runs: compiled programs and prepared data. */
@Command(
    name = "cache",
    description =
        "List what is kept between runs (compiled programs, prepared data), clear it, or take in"
            + " programs that were compiled elsewhere.",
    mixinStandardHelpOptions = true)
final class CacheCommand implements Runnable {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = {"--cache_dir", "--cache-dir"},
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description = "The folder, where it is not the user's.")
  private Optional<Path> folder = Optional.empty();

  CacheCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "command: expected 'list', 'clear' or 'import', got none");
  }

  private Path root() {
    return folder.orElseGet(MachineConfig::userCacheRoot);
  }

  private ExecutableCache programs() {
    return ExecutableCache.under(root());
  }

  private PreparedFolder data() {
    return new PreparedFolder(root().resolve("data"));
  }

  /** One line for each program, then the totals. */
  @Command(
      name = "list",
      description = "List what is kept, programs most recently used first.",
      mixinStandardHelpOptions = true)
  int list() throws IOException {
    ExecutableCache programs = programs();
    Instant now = Instant.now();
    for (ExecutableCache.Entry entry : programs.list()) {
      console.print(
          "%s  %10s  used %s ago"
              .formatted(
                  entry.key().substring(0, Math.min(16, entry.key().length())),
                  Amounts.bytes(entry.bytes()),
                  Amounts.age(Duration.between(entry.lastUsed(), now))));
    }
    console.print(
        "programs  %s in %d, at most %s  %s"
            .formatted(
                Amounts.bytes(programs.size()),
                programs.list().size(),
                Amounts.bytes(programs.limit()),
                programs.directory()));
    PreparedFolder data = data();
    console.print(
        "data      %s in %d  %s"
            .formatted(Amounts.bytes(data.bytes()), data.sets().size(), data.directory()));
    return ExitCode.OK.number();
  }

  /** Takes in the programs of an archive. */
  @Command(
      name = "import",
      description =
          "Take in the programs of an archive that 'hlotune compile' wrote for such a machine.",
      mixinStandardHelpOptions = true)
  int take(@Parameters(paramLabel = "FILE", description = "The archive.") Path file)
      throws IOException {
    int taken = ArchiveImport.into(programs(), CompiledArchive.open(file));
    console.print("took in %s".formatted(Amounts.counted(taken, "program")));
    return ExitCode.OK.number();
  }

  /** Deletes programs, data or both; a run that uses them goes on. */
  @Command(
      name = "clear",
      description = "Delete what is kept; it is made again when it is needed.",
      mixinStandardHelpOptions = true)
  int clear(
      @Option(names = "--programs", description = "Only compiled programs.") boolean onlyPrograms,
      @Option(names = "--data", description = "Only prepared data.") boolean onlyData)
      throws IOException {
    boolean both = onlyPrograms == onlyData;
    if (both || onlyPrograms) {
      console.print("deleted %d programs".formatted(programs().clear()));
    }
    if (both || onlyData) {
      console.print("deleted %d prepared data sets".formatted(data().clear()));
    }
    return ExitCode.OK.number();
  }
}
