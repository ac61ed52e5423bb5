package dev.hlotune.trainer.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code hlotune}: finds the subcommand, and turns what goes wrong into one line. */
@Command(
    name = "hlotune",
    description = "Supervised fine-tuning as one ahead-of-time compiled program.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Exit codes: 0 done, 1 an error of hlotune, 2 a wrong option or recipe, 3 data or a model"
          + " that cannot be used, 4 the device or its plugin, 5 a file that cannot be read or"
          + " written, 6 the loss was no longer a number, 7 a verification found a difference,"
          + " 130 stopped by Ctrl-C."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print the trace of an error.")
  private boolean verbose;

  /** Made by {@link #run}. */
  Main() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "command: expected one, got none");
  }

  /** Runs one command and ends the virtual machine with its exit code. */
  public static void main(String[] arguments) {
    LogSettings.install();
    System.exit(run(Console.system(), arguments));
  }

  /** Runs one command; gives its exit code. */
  static int run(Console console, String... arguments) {
    Main main = new Main();
    CommandLine command = new CommandLine(main);
    addSubcommands(command, console, arguments);
    command.setExpandAtFiles(false);
    command.setUsageHelpWidth(Math.clamp(console.width(), 60, 100));
    command.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    command.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    ErrorReport report = new ErrorReport(console);
    command.setParameterExceptionHandler((exception, given) -> report.usage(exception));
    command.setExecutionExceptionHandler(
        (exception, failed, parsed) -> report.failure(exception, main.verbose));
    try {
      return command.execute(arguments);
    } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
      return report.failure(e, main.verbose);
    }
  }

  /** Only the command that is named, where one is: reading the options of all takes time. */
  private static void addSubcommands(CommandLine command, Console console, String[] arguments) {
    Optional<String> first =
        Arrays.stream(arguments).filter(argument -> !argument.startsWith("-")).findFirst();
    List<Subcommand> all = List.of(Subcommand.values());
    List<Subcommand> named =
        all.stream().filter(one -> first.filter(one.spelled()::equals).isPresent()).toList();
    for (Subcommand one : named.isEmpty() ? all : named) {
      command.addSubcommand(one.spelled(), one.make(console));
    }
  }
}
