package dev.hlotune.trainer.hardware;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginTarget;
import dev.hlotune.pjrt.Topology;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a program is compiled for: {@code cpu}, {@code cuda:h100}, {@code tpu:v5e:4x4}. */
public sealed interface Target {
  /** As it is written. */
  String spelled();

  /** The plugin that compiles for it. */
  PluginTarget plugin();

  /** The figures of one of its devices; none for a processor. */
  Optional<Card> card();

  /**
   * How many devices there are.
   *
   * @param asked for on the command line
   * @param wanted by the recipe
   * @throws ConfigException if it has another number
   */
  int count(Optional<Integer> asked, OptionalInt wanted);

  /**
   * Describes the devices to a plugin, which compiles for them.
   *
   * @param count as {@link #count} gives it
   * @return the devices, which the caller closes
   * @throws dev.hlotune.pjrt.PjrtException if the plugin does not know them, or cannot compile for
   *     devices that are not there
   */
  Topology open(Plugin plugin, int count);

  /**
   * The target of that name.
   *
   * @throws ConfigException for another one, with those that there are
   */
  static Target of(String text) {
    return text.equals("cpu")
        ? new Cpu()
        : Gpu.parse(text)
            .or(() -> Tpu.parse(text))
            .orElseThrow(() ->
                ConfigException.of(
                    "'--target': expected %s, or another size of such a slice, got '%s'"
                        .formatted(String.join(", ", known()), text)));
  }

  /** Names of targets, of TPUs one slice each. */
  static List<String> known() {
    return Stream.of(
            Stream.of("cpu"),
            Arrays.stream(GpuModel.values()).map(model -> "cuda:" + model.spelled()),
            Arrays.stream(TpuVersion.values())
                .map(version ->
                    "tpu:" + version.spelled() + (version.dimensions() == 2 ? ":4x4" : ":2x2x1")))
        .flatMap(names -> names)
        .toList();
  }

  private static int several(Optional<Integer> asked, OptionalInt wanted) {
    int count = asked.orElse(wanted.orElse(1));
    if (count < 1) {
      throw ConfigException.of("'--devices': expected at least 1, got " + count);
    }
    return count;
  }

  /** The processor of this machine, perhaps divided. */
  record Cpu() implements Target {
    @Override
    public String spelled() {
      return "cpu";
    }

    @Override
    public PluginTarget plugin() {
      return PluginTarget.CPU;
    }

    @Override
    public Optional<Card> card() {
      return Optional.empty();
    }

    @Override
    public int count(Optional<Integer> asked, OptionalInt wanted) {
      return several(asked, wanted);
    }

    @Override
    public Topology open(Plugin plugin, int count) {
      return plugin.topology(spelled(), Map.of());
    }
  }

  /**
   * GPUs of one host.
   *
   * @param model which
   */
  record Gpu(GpuModel model) implements Target {
    private static final String PREFIX = "cuda:";

    static Optional<Target> parse(String text) {
      return text.startsWith(PREFIX)
          ? GpuModel.of(text.substring(PREFIX.length())).map(Gpu::new)
          : Optional.empty();
    }

    @Override
    public String spelled() {
      return PREFIX + model.spelled();
    }

    @Override
    public PluginTarget plugin() {
      return PluginTarget.CUDA13;
    }

    @Override
    public Optional<Card> card() {
      return Optional.of(model.card());
    }

    @Override
    public int count(Optional<Integer> asked, OptionalInt wanted) {
      return several(asked, wanted);
    }

    @Override
    public Topology open(Plugin plugin, int count) {
      return plugin.topology(
          spelled(), Map.of("target_config", model.description(), "topology", "1x1x" + count));
    }
  }

  /**
   * A slice of TPUs.
   *
   * @param version which
   * @param sizes chips along each axis
   */
  record Tpu(TpuVersion version, List<Integer> sizes) implements Target {
    private static final Pattern FORM = Pattern.compile("tpu:(\\w+):(\\d{1,3}(?:x\\d{1,3})*)");

    /** Keeps its own copy. */
    public Tpu {
      sizes = List.copyOf(sizes);
    }

    static Optional<Target> parse(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        return Optional.empty();
      }
      List<Integer> sizes =
          Pattern.compile("x").splitAsStream(form.group(2)).map(Integer::valueOf).toList();
      return TpuVersion.of(form.group(1))
          .filter(version -> version.dimensions() == sizes.size() && !sizes.contains(0))
          .map(version -> new Tpu(version, sizes));
    }

    private String slice() {
      return version.spelled()
          + ":"
          + sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    @Override
    public String spelled() {
      return "tpu:" + slice();
    }

    @Override
    public PluginTarget plugin() {
      return PluginTarget.TPU;
    }

    @Override
    public Optional<Card> card() {
      return Optional.of(version.card());
    }

    @Override
    public int count(Optional<Integer> asked, OptionalInt wanted) {
      int chips = sizes.stream().reduce(1, Math::multiplyExact);
      if (asked.isPresent() && asked.get() != chips) {
        throw ConfigException.of(
            "'--devices': expected the %d of '%s', or nothing, got %d"
                .formatted(chips, spelled(), asked.get()));
      }
      return chips;
    }

    @Override
    public Topology open(Plugin plugin, int count) {
      return plugin.topology(slice(), version.options());
    }
  }
}
