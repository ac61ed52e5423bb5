package dev.hlotune.trainer.cli;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.FileSize;
import dev.hlotune.configs.Location;
import dev.hlotune.trainer.adapter.AdapterConfig;
import dev.hlotune.trainer.adapter.AdapterDirectory;
import dev.hlotune.trainer.adapter.AdapterMerge;
import dev.hlotune.trainer.hub.Hub;
import dev.hlotune.trainer.loop.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds an adapter to its base, or takes it away. */
@Command(
    name = "merge",
    description = {
      "Make a whole model of an adapter and its base, in the types of the base's files; or, with"
          + " --unmerge, of a whole model that an adapter was merged into what it was before."
    },
    mixinStandardHelpOptions = true)
final class MergeCommand implements Callable<Integer> {
  private final Console console;
  private final Map<String, String> environment;

  @Parameters(
      index = "0",
      paramLabel = "ADAPTER",
      description = "The adapter's directory, as PEFT saves it.")
  private Path adapter = Path.of("");

  @Option(
      names = {"--model_name_or_path", "--model-name-or-path", "--model"},
      paramLabel = "PATH|ID",
      description = "The model; without it, the one that the adapter names.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = {"--output_dir", "--output-dir"},
      required = true,
      paramLabel = "PATH",
      description = "Where the model goes.")
  private Path output = Path.of("");

  @Option(names = "--unmerge", description = "Take the adapter away instead.")
  private boolean unmerge;

  @Option(
      names = {"--max_shard_size", "--max-shard-size"},
      paramLabel = "SIZE",
      defaultValue = "50GB",
      description = "How large a file of weights may be (${DEFAULT-VALUE}).")
  private String maxShardSize = "";

  @Option(
      names = {"--overwrite_output_dir", "--overwrite-output-dir"},
      description = "Replace what is in the output directory.")
  private boolean overwrite;

  @Option(names = "--offline", description = "Fetch nothing from the hub.")
  private boolean offline;

  MergeCommand(Console console, Map<String, String> environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    FileSize largest = FileSize.of("max_shard_size", maxShardSize);
    AdapterConfig config = AdapterDirectory.readConfig(adapter);
    Path base = base(config);
    if (Files.exists(output) && Files.isSameFile(output, base)) {
      throw ConfigException.of(
          "'output_dir': expected another directory than the model's, got '" + output + "'");
    }
    if (!overwrite && FolderCheck.isFilled(output)) {
      throw ConfigException.of(
          "'output_dir': expected a directory that is empty or not there, got '%s'; name another, or give --overwrite_output_dir"
              .formatted(output));
    }
    int changed = new AdapterMerge(base, adapter, unmerge).write(output, largest.bytes());
    console.print(
        "%s %s weights of %s into %s"
            .formatted(unmerge ? "unmerged" : "merged", Amounts.count(changed), base, output));
    return ExitCode.OK.number();
  }

  /** The model named, as a path from here or from the adapter, or a model of the hub. */
  private Path base(AdapterConfig config) {
    Location base = AdapterBase.of(adapter, config, model);
    if (!(base instanceof Location.OnHub(String name))) {
      return base.path();
    }
    LoadingLine line = new LoadingLine(console);
    try (Hub hub = Hub.of(environment, offline)) {
      Optional<String> revision = model.isPresent() ? Optional.empty() : config.revision();
      return hub.model(
          name,
          revision,
          (activity, done, total) -> line.on(new RunEvent.Progressed(activity, done, total)));
    } finally {
      console.clear();
    }
  }
}
