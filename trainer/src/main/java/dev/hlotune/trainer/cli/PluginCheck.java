package dev.hlotune.trainer.cli;

import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the plugin is there and loads, and whether it could be fetched where it is not. */
final class PluginCheck {
  private PluginCheck() {}

  /** The findings on one kind of device: its plugin and, unless offline, the network. */
  static List<Finding> of(PluginRegistry registry, PluginTarget target, boolean offline) {
    List<Finding> findings = new ArrayList<>();
    boolean there = false;
    try {
      Optional<Path> library = registry.locate(target);
      there = library.isPresent();
      findings.add(library.map(PluginCheck::loaded).orElseGet(() -> absent(target, offline)));
    } catch (PjrtException e) {
      findings.add(broken(String.valueOf(e.getMessage())));
    }
    if (offline) {
      findings.add(Finding.ok("network", "not asked, offline"));
    } else {
      findings.add(network(registry, target, there));
    }
    return findings;
  }

  private static Finding loaded(Path library) {
    try {
      Plugin plugin = Plugin.load(library);
      return Finding.ok("plugin", library + ", PJRT C API " + plugin.apiVersion());
    } catch (PjrtException e) {
      return broken(library + ": " + e.getMessage());
    }
  }

  private static Finding broken(String what) {
    return Finding.fail(
        "plugin",
        what.lines().findFirst().orElse(what),
        "unset HLOTUNE_PLUGIN or name another file; hlotune plugins install fetches a fresh one");
  }

  private static Finding absent(PluginTarget target, boolean offline) {
    String text = target.project() + " " + target.version() + " is not installed";
    return offline
        ? Finding.fail(
            "plugin",
            text,
            "hlotune plugins install " + target.id() + " with a network, or set HLOTUNE_PLUGIN")
        : Finding.warn("plugin", text, "the first run installs it");
  }

  private static Finding network(PluginRegistry registry, PluginTarget target, boolean there) {
    PluginRegistry.Availability answer = registry.probe(target);
    String text = String.join("; ", answer.answers());
    if (answer.found()) {
      return Finding.ok("network", text);
    }
    String advice =
        "set PIP_INDEX_URL to an index that can be reached, or PIP_FIND_LINKS to a folder with the"
            + " wheel";
    return there ? Finding.warn("network", text, advice) : Finding.fail("network", text, advice);
  }
}
