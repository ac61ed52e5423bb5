package dev.hlotune.trainer.cli;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The plugins that drive devices. */
@Command(
    name = "plugins",
    description = "List the PJRT plugins, or install one.",
    mixinStandardHelpOptions = true)
final class PluginsCommand implements Runnable {
  private final Console console;

  @Spec private CommandSpec spec;

  PluginsCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "command: expected 'list' or 'install', got neither");
  }

  /** One line for each kind of device. */
  @Command(
      name = "list",
      description = "List the plugins and where they are.",
      mixinStandardHelpOptions = true)
  int list() {
    for (PluginRegistry.Status status : PluginRegistry.ofEnvironment(true).list()) {
      PluginTarget target = status.target();
      String state =
          status
              .library()
              .map(Path::toString)
              .orElse(
                  status.supported()
                      ? "not installed (hlotune plugins install " + target.id() + ")"
                      : "not for this platform");
      console.print(
          "%-7s %-16s %-10s %s".formatted(target.id(), target.project(), target.version(), state));
    }
    String named = System.getenv("HLOTUNE_PLUGIN");
    if (named != null && !named.isBlank()) {
      console.print("HLOTUNE_PLUGIN is set and goes before these: " + named);
    }
    return ExitCode.OK.number();
  }

  /** Fetches a plugin, unless it is there, and loads it once to see that it works. */
  @Command(
      name = "install",
      description = "Install a plugin from the Python package index.",
      mixinStandardHelpOptions = true)
  int install(
      @Parameters(paramLabel = "cpu|cuda13|tpu", description = "The kind of device.") String name,
      @Option(names = "--offline", description = "Ask no server; PIP_FIND_LINKS is looked at.")
          boolean offline) {
    PluginTarget target = target(name);
    Path library =
        PluginRegistry.ofEnvironment(offline).install(target, new DownloadDisplay(console));
    console.clear();
    Plugin plugin = Plugin.load(library);
    console.print(
        "%s %s: %s, PJRT C API %s"
            .formatted(target.project(), target.version(), library, plugin.apiVersion()));
    return ExitCode.OK.number();
  }

  /** The kind of device of a name. */
  static PluginTarget target(String name) {
    try {
      return PluginTarget.of(name);
    } catch (IllegalArgumentException e) {
      throw ConfigException.of(String.valueOf(e.getMessage()));
    }
  }
}
