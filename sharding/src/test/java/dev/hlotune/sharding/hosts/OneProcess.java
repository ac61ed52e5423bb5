package dev.hlotune.sharding.hosts;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.KeyValueStore;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one process of a run does, from its start to its end, in a virtual machine of its own: finds
 * its place in its environment, joins the others, opens a client with the group's store, and
 * leaves. It prints what it sees, a line each.
 */
final class OneProcess {
  private static final Duration LONG = Duration.ofSeconds(60);

  private OneProcess() {}

  /**
   * Runs.
   *
   * @param arguments milliseconds to wait for the others; the file of a plugin, if there is one
   */
  public static void main(String[] arguments) {
    Launch launch =
        new Launch(
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Duration.ofMillis(Long.parseLong(arguments[0])));
    LaunchDetection.Detected detected = LaunchDetection.of(launch, System.getenv());
    detected.problems().forEach(OneProcess::say);
    if (detected.place().isEmpty()) {
      return;
    }
    try (ProcessGroup group =
        ProcessGroup.join(detected.place().get(), System.getenv(), OneProcess::say)) {
      say(group.toString());
      KeyValueStore store = group.store("test");
      say("early " + store.tryGet(bytes("of " + group.count())).isPresent());
      group.barrier("looked", LONG);
      store.put(bytes("of " + group.index()), bytes("value " + group.index()));
      StringBuilder all = new StringBuilder();
      for (int index = 0; index < group.count(); index++) {
        all.append(new String(store.get(bytes("of " + index), LONG), StandardCharsets.UTF_8))
            .append("; ");
      }
      say(all.toString());
      try {
        store.get(bytes("nothing"), Duration.ofMillis(50));
      } catch (PjrtException late) {
        say(late.code().name());
      }
      say(
          new String(
              group.decide("name", () -> bytes("chosen by 0"), LONG), StandardCharsets.UTF_8));
      if (arguments.length > 1) {
        openClient(group, Path.of(arguments[1]));
      }
      group.barrier("end", LONG);
      say("end");
    } catch (PjrtException failure) {
      say(String.valueOf(failure.getMessage()));
    }
  }

  /** With the options that a plugin for several processes is given, and the group's store. */
  private static void openClient(ProcessGroup group, Path file) {
    Plugin plugin = Plugin.load(file);
    try (Client client =
        plugin.client(
            PluginProcesses.clientOptions(PluginTarget.CUDA13, group.place()),
            group.store("client"))) {
      PluginProcesses.checkPlace(client, group.place());
      say("client of process " + client.processIndex());
    } catch (PjrtException refused) {
      say("client: " + refused.getMessage());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
