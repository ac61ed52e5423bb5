package dev.hlotune.trainer.cli;

import dev.hlotune.configs.MachineConfig;
import dev.hlotune.pjrt.PluginRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what of the machine is as a run needs it, and what to do about the rest. */
@Command(
    name = "doctor",
    description = "Check Java, processor, memory, plugin, caches and network.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--offline", description = "Ask no server.")
  private boolean offline;

  @Option(
      names = "--platform",
      paramLabel = "cpu|cuda13|tpu",
      defaultValue = "cpu",
      description = "The kind of device to look at (default: cpu).")
  private String platform = "cpu";

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>();
    findings.add(MachineChecks.java());
    findings.add(MachineChecks.processor(Path.of("/proc/cpuinfo")));
    findings.add(MachineChecks.memory());
    findings.addAll(
        PluginCheck.of(
            PluginRegistry.ofEnvironment(offline), PluginsCommand.target(platform), offline));
    findings.add(
        FolderCheck.of(
            "cache", MachineConfig.userCacheRoot(), "set XDG_CACHE_HOME to another folder"));
    findings.add(FolderCheck.of("folder", Path.of("").toAbsolutePath(), "run in another folder"));
    return conclude(findings).number();
  }

  /** Prints the findings; fails where one of them does. */
  private ExitCode conclude(List<Finding> findings) {
    findings.forEach(finding -> console.print(finding.lines()));
    long fails = findings.stream().filter(one -> one.level() == Finding.Level.FAIL).count();
    console.print(
        fails == 0 ? "all that a run needs is there" : fails + " of these would stop a run");
    return fails == 0 ? ExitCode.OK : ExitCode.DEVICE;
  }
}
