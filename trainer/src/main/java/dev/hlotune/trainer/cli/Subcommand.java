package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.benchmark.Benchmark;
import dev.hlotune.trainer.score.Scoring;
import dev.hlotune.trainer.watch.WatchedRun;
import picocli.CommandLine;

/**
 * The commands, each made only when it is run or listed: a command's classes are not loaded for the
 * sake of another.
 */
enum Subcommand {
  SFT("sft"),
  SWEEP("sweep"),
  DATA("data"),
  SCORE("score"),
  EVAL("eval"),
  GENERATE("generate"),
  CHAT("chat"),
  COMPARE("compare"),
  VERIFY("verify"),
  PLAN("plan"),
  COMPILE("compile"),
  MERGE("merge"),
  EXPORT("export"),
  RUN("run"),
  REPORT("report"),
  DIFF_RUNS("diff-runs"),
  BENCH("bench"),
  PLUGINS("plugins"),
  CACHE("cache"),
  DOCTOR("doctor"),
  HOSTS("hosts"),
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
      case SFT -> SftCommand.line(console, WatchedRun::run);
      case SWEEP -> SweepCommand.line(console);
      case DATA -> DataCommand.line(console);
      case SCORE -> ScoreCommand.line(console, Scoring::run);
      case EVAL -> EvalCommand.line(console, Benchmark::run);
      case GENERATE -> GenerateCommand.line(console);
      case CHAT -> ChatCommand.line(console, ChatCommand::standardInput);
      case COMPARE -> CompareCommand.line(console);
      case COMPILE -> CompileCommand.line(console);
      case PLAN -> PlanCommand.line(console);
      case VERIFY -> VerifyCommand.line(console);
      case MERGE -> new CommandLine(new MergeCommand(console, System.getenv()));
      case EXPORT -> ExportCommand.line(console);
      case RUN -> new CommandLine(new RunCommand(console));
      case REPORT -> new CommandLine(new ReportCommand(console));
      case DIFF_RUNS -> new CommandLine(new DiffRunsCommand(console));
      case BENCH ->
          new CommandLine(new BenchCommand(console))
              .addSubcommand("generate", new GenerationBenchCommand(console));
      case PLUGINS -> new CommandLine(new PluginsCommand(console));
      case CACHE -> new CommandLine(new CacheCommand(console));
      case DOCTOR -> new CommandLine(new DoctorCommand(console));
      case HOSTS -> new CommandLine(new HostsCommand(console, System.getenv()));
      case KEYS -> new CommandLine(new KeysCommand(console));
    };
  }
}
