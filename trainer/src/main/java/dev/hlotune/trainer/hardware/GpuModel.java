package dev.hlotune.trainer.hardware;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * NVIDIA's GPUs. Memory, bandwidths and operations are those of the data sheets: "NVIDIA A100 80GB
 * PCIe/SXM" (2021), "NVIDIA H100 Tensor Core GPU" and "H200" (2024), "NVIDIA Blackwell Architecture
 * Technical Brief" (2024), "NVIDIA L4", "NVIDIA L40S", "NVIDIA Ada GPU Architecture"; dense,
 * without sparsity. What a multiprocessor has is in the CUDA C++ Programming Guide, table
 * "Technical Specifications per Compute Capability".
 */
public enum GpuModel {
  A100_40G("a100-40g", "NVIDIA A100-SXM4-40GB", 8, 0, 108, 64, 40, 1555, 300, 312, 40, 164, 1.41),
  A100_80G("a100-80g", "NVIDIA A100-SXM4-80GB", 8, 0, 108, 64, 80, 2039, 300, 312, 40, 164, 1.41),
  H100("h100", "NVIDIA H100 80GB HBM3", 9, 0, 132, 128, 80, 3350, 450, 989, 50, 228, 1.98),
  H100_PCIE("h100-pcie", "NVIDIA H100 PCIe", 9, 0, 114, 128, 80, 2000, 64, 756, 50, 228, 1.755),
  H200("h200", "NVIDIA H200", 9, 0, 132, 128, 141, 4800, 450, 989, 50, 228, 1.98),
  B200("b200", "NVIDIA B200", 10, 0, 148, 128, 180, 8000, 900, 2250, 126, 228, 1.965),
  L4("l4", "NVIDIA L4", 8, 9, 58, 128, 24, 300, 32, 121, 48, 100, 2.04),
  L40S("l40s", "NVIDIA L40S", 8, 9, 142, 128, 48, 864, 32, 362, 96, 100, 2.52),
  RTX4090("rtx4090", "NVIDIA GeForce RTX 4090", 8, 9, 128, 128, 24, 1008, 32, 165.2, 72, 100, 2.52);

  /** The part of a GPU's memory that programs get; the rest is for its libraries. */
  public static final double USABLE = 0.9;

  private final String spelled;
  private final String deviceName;
  private final int major;
  private final int minor;
  private final int multiprocessors;
  private final int cores;
  private final int gibibytes;
  private final double gigabytesPerSecond;
  private final double linkGigabytesPerSecond;
  private final double teraflops;
  private final int cacheMebibytes;
  private final int sharedKibibytes;
  private final double gigahertz;

  GpuModel(
      String spelled,
      String deviceName,
      int major,
      int minor,
      int multiprocessors,
      int cores,
      int gibibytes,
      double gigabytesPerSecond,
      double linkGigabytesPerSecond,
      double teraflops,
      int cacheMebibytes,
      int sharedKibibytes,
      double gigahertz) {
    this.spelled = spelled;
    this.deviceName = deviceName;
    this.major = major;
    this.minor = minor;
    this.multiprocessors = multiprocessors;
    this.cores = cores;
    this.gibibytes = gibibytes;
    this.gigabytesPerSecond = gigabytesPerSecond;
    this.linkGigabytesPerSecond = linkGigabytesPerSecond;
    this.teraflops = teraflops;
    this.cacheMebibytes = cacheMebibytes;
    this.sharedKibibytes = sharedKibibytes;
    this.gigahertz = gigahertz;
  }

  /** As targets name it. */
  public String spelled() {
    return spelled;
  }

  /** The model of that name. */
  static Optional<GpuModel> of(String name) {
    return Arrays.stream(values()).filter(model -> model.spelled.equals(name)).findFirst();
  }

  /** What names that plugins have for such a device contain, in lower case. */
  List<String> marks() {
    return switch (this) {
      case A100_40G -> List.of("a100");
      case A100_80G -> List.of("a100-sxm4-80gb", "a100 80gb", "a100-sxm-80gb");
      case H100 -> List.of("h100");
      case H100_PCIE -> List.of("h100 pcie");
      case H200 -> List.of("h200");
      case B200 -> List.of("b200");
      case L4 -> List.of("nvidia l4");
      case L40S -> List.of("nvidia l40s");
      case RTX4090 -> List.of("rtx 4090");
    };
  }

  /** Its figures. */
  public Card card() {
    long memory = (long) gibibytes << 30;
    return new Card(
        deviceName,
        memory,
        (long) (memory * USABLE),
        gigabytesPerSecond * 1e9,
        linkGigabytesPerSecond * 1e9,
        teraflops * 1e12);
  }

  /** What XLA's compiler for GPUs reads of it: a {@code GpuTargetConfigProto} as text. */
  String description() {
    long shared = sharedKibibytes * 1024L;
    return String.format(
        Locale.ROOT,
        """
        gpu_device_info {
          threads_per_block_limit: 1024
          threads_per_warp: 32
          shared_memory_per_block: 49152
          shared_memory_per_core: %d
          threads_per_core_limit: %d
          core_count: %d
          fpus_per_core: %d
          block_dim_limit_x: 2147483647
          block_dim_limit_y: 65535
          block_dim_limit_z: 65535
          memory_bandwidth: %d
          l2_cache_size: %d
          clock_rate_ghz: %s
          device_memory_size: %d
          shared_memory_per_block_optin: %d
          cuda_compute_capability { major: %d minor: %d }
          registers_per_core_limit: 65536
          registers_per_block_limit: 65536
        }
        platform_name: "CUDA"
        device_description_str: "%s"
        """,
        shared,
        major == 8 && minor == 9 ? 1536 : 2048,
        multiprocessors,
        cores,
        (long) (gigabytesPerSecond * 1e9),
        (long) cacheMebibytes << 20,
        gigahertz,
        (long) gibibytes << 30,
        // One kibibyte of what a multiprocessor has is the system's.
        shared - 1024,
        major,
        minor,
        deviceName);
  }
}
