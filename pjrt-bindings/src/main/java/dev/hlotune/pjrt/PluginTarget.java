package dev.hlotune.pjrt;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A kind of device and the plugin pinned for it: a wheel of the Python package index, which is a
 * zip archive, known by its digest whatever server it comes from.
 */
public enum PluginTarget {
  /** The processor. */
  CPU(
      "cpu",
      "xla-cpu-pjrt",
      "0.0.1",
      "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
      "xla_cpu_pjrt-0.0.1-py3-none-manylinux_2_27_x86_64.whl",
      "55837b6b7b47daa717f2d9a5a03563ea0ceaa338d06a81a1e2d3f060d960decc",
      "xla_cpu_pjrt-0.0.1-py3-none-manylinux_2_27_aarch64.whl",
      "8f613be6e891858f40d64f9799319502fff42689661944fc18a6ffd8210b30c9"),
  /** NVIDIA GPUs through CUDA 13; it loads on a machine that has neither. */
  CUDA13(
      "cuda13",
      "jax-cuda13-pjrt",
      "0.12.0.1",
      "jax_plugins/xla_cuda13/xla_cuda_plugin.so",
      "jax_cuda13_pjrt-0.12.0.1-py3-none-manylinux_2_27_x86_64.whl",
      "5899bb6177eda86ea532afb9a26794f2bdd04966f6a01f9028266b16c2b6cf90",
      "jax_cuda13_pjrt-0.12.0.1-py3-none-manylinux_2_27_aarch64.whl",
      "40758d042df8c06991b6a1a8016b56e9cefb1ed4c677c062125c3eb71c3dab97"),
  /** Google TPUs. */
  TPU(
      "tpu",
      "libtpu",
      "0.0.52",
      "libtpu/libtpu.so",
      "libtpu-0.0.52-cp312-cp312-manylinux_2_31_x86_64.whl",
      "f76ab1f4d697c346371c50058796f6baa93317b89be8cf8a1012715a2655120d",
      "",
      "");

  private final String id;
  private final String project;
  private final String version;
  private final String library;
  private final String x86File;
  private final String x86Sha256;
  private final String armFile;
  private final String armSha256;

  /**
   * One file of the index.
   *
   * @param file its name
   * @param sha256 its digest, 64 hexadecimal digits
   */
  public record PinnedWheel(String file, String sha256) {}

  PluginTarget(
      String id,
      String project,
      String version,
      String library,
      String x86File,
      String x86Sha256,
      String armFile,
      String armSha256) {
    this.id = id;
    this.project = project;
    this.version = version;
    this.library = library;
    this.x86File = x86File;
    this.x86Sha256 = x86Sha256;
    this.armFile = armFile;
    this.armSha256 = armSha256;
  }

  /**
   * The target of that name: {@code cpu}, {@code cuda13} or {@code tpu}.
   *
   * @throws IllegalArgumentException for another name
   */
  public static PluginTarget of(String id) {
    return Arrays.stream(values())
        .filter(target -> target.id.equals(id))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "plugin: expected "
                    + Arrays.stream(values())
                        .map(PluginTarget::id)
                        .collect(Collectors.joining(", "))
                    + ", got '"
                    + id
                    + "'"));
  }

  /** Its name on the command line. */
  public String id() {
    return id;
  }

  /** The project's name in the index. */
  public String project() {
    return project;
  }

  /** The pinned version. */
  public String version() {
    return version;
  }

  /** Where the shared library is in the wheel. */
  public String library() {
    return library;
  }

  /**
   * Variables of the process environment for a plugin that only compiles, unless they are set. The
   * TPU plugin would look for the machine that it is on, and let no other process of it load it.
   */
  Map<String, String> compilerEnvironment() {
    return this == TPU
        ? Map.of(
            "ALLOW_MULTIPLE_LIBTPU_LOAD",
            "1",
            "TPU_ACCELERATOR_TYPE",
            "v5litepod-4",
            "TPU_WORKER_HOSTNAMES",
            "localhost")
        : Map.of();
  }

  /** The wheel for a platform such as {@code linux-x86_64}, if there is one. */
  public Optional<PinnedWheel> wheel(String platform) {
    return switch (platform) {
      case "linux-x86_64" -> Optional.of(new PinnedWheel(x86File, x86Sha256));
      case "linux-aarch64" ->
          armFile.isEmpty() ? Optional.empty() : Optional.of(new PinnedWheel(armFile, armSha256));
      default -> Optional.empty();
    };
  }

  /** The platform of this process, named as wheels do: {@code linux-x86_64}. */
  static String platform() {
    String system = System.getProperty("os.name", "unknown").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
    return system + "-" + (machine.equals("amd64") ? "x86_64" : machine);
  }
}
