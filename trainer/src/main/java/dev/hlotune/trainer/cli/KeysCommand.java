package dev.hlotune.trainer.cli;

import dev.hlotune.configs.KeyReference;
import dev.hlotune.configs.Peer;
import dev.hlotune.configs.PeerPage;
import dev.hlotune.configs.PeerReference;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Every key of a recipe, and what the keys of other systems say here. */
@Command(
    name = "keys",
    description =
        "List every key of a recipe with its default, and every other spelling with what it says.",
    mixinStandardHelpOptions = true)
final class KeysCommand implements Callable<Integer> {
  private static final String ALL = "all";

  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--from",
      paramLabel = "SYSTEM",
      description =
          "The keys of another system, with what each says here and both defaults: trl, easydel,"
              + " nanochat, deepspeed, tuft, or all.")
  private @Nullable String from;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Option(
      names = "--markdown",
      description = "As Markdown: docs/configuration.md, or with '--from all' docs/coming-from.md.")
  private boolean markdown;

  KeysCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (from == null) {
      console.printText(own());
    } else {
      console.printText(of(from));
    }
    return ExitCode.OK.number();
  }

  private String own() {
    if (markdown) {
      return KeyReference.page();
    }
    return json
        ? PeerReference.json()
        : KeyReference.sftHelp(console.width()).stripLeading() + PeerReference.spellings();
  }

  private String of(String name) {
    List<Peer> peers = name.equalsIgnoreCase(ALL) ? List.of(Peer.values()) : List.of(peer(name));
    if (markdown) {
      return peers.size() == 1 ? PeerPage.section(peers.getFirst()) : PeerPage.page();
    }
    return json
        ? PeerReference.json(peers)
        : peers.stream().map(PeerReference::text).collect(Collectors.joining("\n"));
  }

  private Peer peer(String name) {
    return Arrays.stream(Peer.values())
        .filter(one ->
            one.spelled().equalsIgnoreCase(name)
                || one.synonyms().stream().anyMatch(name::equalsIgnoreCase))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private ParameterException unknown(String name) {
    if (spec == null) {
      throw new IllegalStateException("expected picocli to have made the command");
    }
    String known =
        Arrays.stream(Peer.values())
            .map(peer -> "'" + peer.spelled() + "'")
            .collect(Collectors.joining(", "));
    return new ParameterException(
        spec.commandLine(), "--from: expected one of " + known + ", 'all', got '" + name + "'");
  }
}
