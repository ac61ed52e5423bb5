package dev.hlotune.trainer.cli;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.loop.RunSummary;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;

/**
 * The commands, each made only when it is run or listed: a command's classes are not loaded for the
 * sake of another.
 */
enum Subcommand {
  SFT("sft"),
  PLUGINS("plugins"),
  CACHE("cache"),
  DOCTOR("doctor"),
  KEYS("keys");

  private final String spelled;

  Subcommand(String spelled) {
    this.spelled = spelled;
  }

  String spelled() {
    return spelled;
  }

  CommandLine make(Console console) {
    return switch (this) {
      case SFT -> SftCommand.line(console, Subcommand::noTraining);
      case PLUGINS -> new CommandLine(new PluginsCommand(console));
      case CACHE -> new CommandLine(new CacheCommand(console));
      case DOCTOR -> new CommandLine(new DoctorCommand(console));
      case KEYS -> new CommandLine(new KeysCommand(console));
    };
  }

  private static RunSummary noTraining(SftConfig config, RunObserver observer, AtomicBoolean stop) {
    throw new IllegalStateException("sft: expected a training loop in this build, got none");
  }
}
