package dev.hlotune.trainer.cli;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.MachineConfig;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import dev.hlotune.trainer.export.ExportedRun;
import dev.hlotune.trainer.export.RunInputs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a program of an export. */
@Command(
    name = "run",
    description = {
      "Run a program that 'hlotune export' wrote: inputs and outputs are arrays by name, in"
          + " safetensors files. Weights come from the export, what else the manifest says nothing of"
          + " from --inputs and --set."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "MANIFEST",
      description = "The export's manifest.json, or its folder.")
  private Path manifest = Path.of("");

  @Option(
      names = "--program",
      paramLabel = "NAME",
      description = "Which program: its name, or its kind where there is one of it.")
  private Optional<String> program = Optional.empty();

  @Option(
      names = "--inputs",
      paramLabel = "FILE",
      description =
          "Arrays by name, a safetensors file; may be given several times, the last counts.")
  private List<Path> inputs = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "NAME=NUMBER",
      description = "A number by name, such as learning_rate=2e-5; may be given several times.")
  private Map<String, Double> numbers = new LinkedHashMap<>();

  @Option(
      names = "--steps",
      paramLabel = "N",
      description =
          "Run it so often: what it donates goes into the next run as it came out. Inputs may then"
              + " have a first dimension of N; results have one.")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The safetensors file that outputs go to, by name.")
  private Path output = Path.of("");

  @Option(
      names = "--platform",
      paramLabel = "cpu|cuda13|tpu",
      defaultValue = "cpu",
      description = "The kind of device (default: cpu).")
  private String platform = "cpu";

  @Option(names = "--plugin", paramLabel = "FILE", description = "A PJRT plugin file to use.")
  private Optional<Path> plugin = Optional.empty();

  @Option(
      names = {"--cache_dir", "--cache-dir"},
      paramLabel = "PATH",
      description = "Where compiled programs are kept (default: the user's cache).")
  private Path cache = MachineConfig.userCacheRoot();

  @Option(names = "--offline", description = "Fetch no plugin.")
  private boolean offline;

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (steps.isPresent() && steps.get() < 1) {
      throw ConfigException.of("'steps': expected at least 1, got " + steps.get());
    }
    OptionalInt count = steps.isPresent() ? OptionalInt.of(steps.get()) : OptionalInt.empty();
    ExportedRun run = ExportedRun.open(manifest, program);
    try (RunInputs found = RunInputs.open(run, inputs, numbers, count);
        Client client = client(run.manifest().devices())) {
      found.notes().forEach(console::note);
      long start = System.nanoTime();
      ExportedRun.Times times =
          run.run(client, ExportedRun.Compiling.cached(cache), found, count, output);
      console.note(
          String.format(
              Locale.ROOT,
              "%s: %d x on %d %s, compiled in %.1f s, run in %.2f s, %s in %.1f s",
              run.program().name(),
              count.orElse(1),
              run.manifest().devices(),
              client.platformName() + (run.manifest().devices() == 1 ? " device" : " devices"),
              times.compiling(),
              times.running(),
              output,
              (System.nanoTime() - start) / 1e9));
    }
    return ExitCode.OK.number();
  }

  private Client client(int devices) {
    PluginTarget target = PluginsCommand.target(platform);
    Plugin loaded =
        plugin.isPresent()
            ? Plugin.load(plugin.get())
            : PluginRegistry.ofEnvironment(offline).load(target, new DownloadDisplay(console));
    console.clear();
    return target == PluginTarget.CPU ? loaded.cpuClient(devices) : loaded.client(Map.of());
  }
}
