package dev.hlotune.trainer.cli;

import dev.hlotune.configs.MachineConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says what of the machine is as a run needs it, and what to do about the rest. */
@Command(
    name = "doctor",
    description = "Check Java, processor, memory and caches.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private final Console console;

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>();
    findings.add(MachineChecks.java());
    findings.add(MachineChecks.processor(Path.of("/proc/cpuinfo")));
    findings.add(MachineChecks.memory());
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
