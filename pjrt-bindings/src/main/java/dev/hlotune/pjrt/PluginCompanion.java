package dev.hlotune.pjrt;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a plugin needs besides itself to compile for devices that are not there: files of further
 * wheels, which it looks for beside its own. On a machine with the devices, their drivers bring
 * them. Known by digest, as plugins are.
 */
@SuppressWarnings("ImmutableEnumChecker") // records and lists that nothing can change
public enum PluginCompanion {
  /** NVIDIA's assembler and linker of GPU code. */
  PTXAS(
      PluginTarget.CUDA13,
      "nvidia-cuda-nvcc",
      "13.5.37",
      List.of("nvidia/cu13/bin/ptxas", "nvidia/cu13/bin/nvlink", "nvidia/cu13/bin/fatbinary"),
      new PluginTarget.PinnedWheel(
          "nvidia_cuda_nvcc-13.5.37-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
          "f5c4f7ead5d964fb4af42bbf1e6d3ec3c1e6e9d83b53749f691d387e7fcaa3a7"),
      new PluginTarget.PinnedWheel(
          "nvidia_cuda_nvcc-13.5.37-py3-none-manylinux2014_aarch64.manylinux_2_17_aarch64.whl",
          "588eda18eb5076ae859fe272844b526459228af22df0b117f54eec3aa82bc9c8")),
  /** NVIDIA's library of mathematical functions, as code that is compiled along. */
  LIBDEVICE(
      PluginTarget.CUDA13,
      "nvidia-nvvm",
      "13.5.37",
      List.of("nvidia/cu13/nvvm/libdevice/libdevice.10.bc"),
      new PluginTarget.PinnedWheel(
          "nvidia_nvvm-13.5.37-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl",
          "c41bfa362e407405163f103c2229f0765f8cc2ed7d148b754dc77f228bf7e070"),
      new PluginTarget.PinnedWheel(
          "nvidia_nvvm-13.5.37-py3-none-manylinux2014_aarch64.manylinux_2_17_aarch64.whl",
          "b659bd3115b7ac7ec8931e67d0e2c0dd09cd35b08a6a7372df6f8f22c67da80a"));

  private final PluginTarget target;
  private final String project;
  private final String version;
  private final List<String> files;
  private final PluginTarget.PinnedWheel x86;
  private final PluginTarget.PinnedWheel arm;

  PluginCompanion(
      PluginTarget target,
      String project,
      String version,
      List<String> files,
      PluginTarget.PinnedWheel x86,
      PluginTarget.PinnedWheel arm) {
    this.target = target;
    this.project = project;
    this.version = version;
    this.files = files;
    this.x86 = x86;
    this.arm = arm;
  }

  /** Those of a plugin; mostly none. */
  public static List<PluginCompanion> of(PluginTarget target) {
    return Arrays.stream(values()).filter(companion -> companion.target == target).toList();
  }

  /** The project's name in the index. */
  public String project() {
    return project;
  }

  /** The pinned version. */
  public String version() {
    return version;
  }

  /** The files that are taken, by their paths in the wheel, which they keep. */
  public List<String> files() {
    return files;
  }

  /** The wheel for a platform such as {@code linux-x86_64}, if there is one. */
  public Optional<PluginTarget.PinnedWheel> wheel(String platform) {
    return switch (platform) {
      case "linux-x86_64" -> Optional.of(x86);
      case "linux-aarch64" -> Optional.of(arm);
      default -> Optional.empty();
    };
  }
}
