package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What accelerate, torchrun and DeepSpeed are told when they start a run. They start one process
 * for each device; here one process has all devices of its machine, so their processes are devices
 * and their machines processes.
 */
final class DeviceOthers {
  private DeviceOthers() {}

  private static final String PLANNED = "what devices tell each other is compiled into the step";
  private static final String ONE_PROCESS = "one process has all devices of its machine";
  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES says which devices a run sees";
  private static final String BEGUN = "processes find each other by 'coordinator_address'";
  private static final String STRATEGY = MeshKeys.STRATEGY.name();
  private static final String DEVICES = MeshKeys.NUM_DEVICES.name();
  private static final int PORT = 29_500;

  /** Names that say what is split, of which those that only start a run say nothing. */
  private static final Set<String> SPLITTING =
      Set.of(
          STRATEGY,
          "fsdp",
          "use_fsdp",
          "use_deepspeed",
          "parallelism_config",
          "use_parallelism_config",
          "accelerate_config",
          "sharding_axis",
          "sharding_axis_dims",
          "deepspeed",
          "deepspeed_config",
          "deepspeed_config_file",
          "ds_config");

  static final List<Alias> ALL =
      Stream.of(
              Stream.of(
                  Alias.reading(
                          "num_processes",
                          List.of(DEVICES),
                          // Without distribution, accelerate starts one whatever this says.
                          (text, beside) ->
                              beside
                                      .first(List.of("distributed_type"))
                                      .filter(type -> type.equalsIgnoreCase("no"))
                                      .isPresent()
                                  ? List.of()
                                  : List.of(Assignment.of(DEVICES, text)),
                          "without 'coordinator_address': devices, as a launcher has one each")
                      .where(beside ->
                          beside
                              .first(List.of("coordinator_address", "process_id"))
                              .filter(text -> !text.isEmpty())
                              .isEmpty()),
                  perMachine("nproc_per_node"),
                  perMachine("num_gpus"),
                  Alias.of("tpu_num_cores", DEVICES),
                  machines("num_machines"),
                  machines("nnodes"),
                  machines("num_nodes"),
                  rank("machine_rank"),
                  rank("node_rank"),
                  coordinator("main_process_ip", List.of("main_process_port")),
                  coordinator("master_addr", List.of("master_port")),
                  coordinator("rdzv_endpoint", List.of()),
                  Alias.nothing("main_process_port", "beside 'main_process_ip', whose it is"),
                  Alias.nothing("master_port", "beside 'master_addr', whose it is"),
                  Alias.nothing("rdzv_backend", BEGUN),
                  Alias.nothing("rdzv_conf", BEGUN),
                  Alias.nothing("standalone", BEGUN),
                  Alias.nothing("same_network", BEGUN),
                  Alias.only("local_rank", ONE_PROCESS, "-1", "0"),
                  Alias.only("gpu_ids", VISIBLE, "'all' or one", text -> text.matches("all|\\d+")),
                  Alias.reading(
                          "multi_gpu",
                          List.of(STRATEGY),
                          (text, beside) -> new Flag().parse(text) ? batches(beside) : List.of(),
                          "true is 'ddp', where nothing else says what is split")
                      .standingAlone(),
                  Alias.reading(
                      "distributed_type",
                      List.of(STRATEGY),
                      DeviceOthers::type,
                      "'MULTI_GPU' is 'ddp', 'FSDP' as 'fsdp_config' says"),
                  Alias.reading(
                      "accelerate_config",
                      List.of(STRATEGY, DEVICES),
                      (text, _) -> trlsFile(text),
                      "TRL's own files, on all devices: 'single_gpu', 'multi_gpu', 'fsdp2', 'zero3'"),
                  Alias.file(
                      AccelerateFile.NAME, "accelerate's file, whose keys lie under the recipe's"),
                  Alias.reading(
                      "mixed_precision",
                      List.of("dtype"),
                      (text, _) ->
                          text.equals("no") ? List.of() : List.of(Assignment.of("dtype", text)),
                      "'no' leaves it"),
                  Alias.nothing("use_deepspeed", "'deepspeed' or 'zero_stage' says the rest"),
                  Alias.reading(
                      "zero_stage",
                      List.of(STRATEGY),
                      (text, _) -> DeepSpeedZero.stage(text),
                      "0 is 'ddp', 1 to 3 'zero1' to 'zero3'"),
                  Alias.reading(
                      "offload_optimizer_device",
                      List.of(MeshKeys.OFFLOAD_OPTIMIZER.name()),
                      (text, _) -> DeepSpeedZero.offload(text),
                      "'cpu' is 'host'"),
                  Alias.only("offload_param_device", DeepSpeedZero.WEIGHTS_STAY, "none"),
                  Alias.file(
                      "deepspeed", "a DeepSpeed configuration: 'hlotune keys --from deepspeed'"),
                  Alias.file("deepspeed_config", "as 'deepspeed'"),
                  Alias.file("deepspeed_config_file", "as 'deepspeed'"),
                  Alias.file("ds_config", "as 'deepspeed'"),
                  Alias.only(
                      "split_batches", "'total_batch_size' has the rows of all devices", "false"),
                  Alias.only(
                      "accelerator_config",
                      "'total_batch_size' has the rows of all devices",
                      "'split_batches' false",
                      text -> !text.matches("(?s).*split_batches\\W+(true|1)\\b.*")),
                  Alias.nothing("num_cpu_threads_per_process", "the plugin takes all processors"),
                  Alias.nothing("dynamo_backend", "every step is compiled ahead of time")),
              FsdpOthers.ALL.stream(),
              MeshOthers.ALL.stream(),
              Stream.of(
                      "dispatch_batches",
                      "ddp_find_unused_parameters",
                      "ddp_bucket_cap_mb",
                      "ddp_broadcast_buffers",
                      "ddp_static_graph",
                      "ddp_backend",
                      "ddp_timeout",
                      "ignore_bias_buffers",
                      "zero3_init_flag",
                      "zero3_save_16bit_model",
                      "deepspeed_multinode_launcher")
                  .map(name -> Alias.nothing(name, PLANNED)),
              Stream.of(
                      "compute_environment",
                      "downcast_bf16",
                      "enable_cpu_affinity",
                      "main_training_function",
                      "tpu_env",
                      "tpu_use_cluster",
                      "tpu_use_sudo")
                  .map(name -> Alias.nothing(name, ONE_PROCESS)))
          .flatMap(aliases -> aliases)
          .toList();

  /** Devices of one machine. */
  private static Alias perMachine(String name) {
    return Alias.reading(
        name,
        List.of(DEVICES),
        (text, beside) -> {
          if (Set.of("auto", "gpu", "cpu", "-1").contains(text.toLowerCase(Locale.ROOT))) {
            return batches(beside);
          }
          int all = Math.multiplyExact(number(text), Math.max(1, machines(beside)));
          return List.of(Assignment.of(DEVICES, Integer.toString(all)));
        },
        "devices of one machine; 'gpu' for all");
  }

  /** Machines, each of which has one process here. */
  private static Alias machines(String name) {
    return Alias.reading(
        name,
        List.of(ProcessKeys.COUNT.name()),
        (text, _) ->
            text.equals("-1") || number(text) == 1
                ? List.of()
                : List.of(Assignment.of(ProcessKeys.COUNT.name(), text)),
        "one process for each machine; 1 leaves it");
  }

  private static Alias rank(String name) {
    return Alias.reading(
        name,
        List.of(ProcessKeys.ID.name()),
        (text, beside) ->
            machines(beside) > 1 ? List.of(Assignment.of(ProcessKeys.ID.name(), text)) : List.of(),
        "beside more than one machine");
  }

  private static Alias coordinator(String name, List<String> ports) {
    return Alias.reading(
        name,
        List.of(ProcessKeys.COORDINATOR.name()),
        (text, beside) -> {
          if (machines(beside) <= 1) {
            return List.of();
          }
          String port = beside.first(ports).filter(it -> !it.isEmpty()).orElse("" + PORT);
          String address = CoordinatorAddress.parse(text).isPresent() ? text : text + ":" + port;
          return List.of(Assignment.of(ProcessKeys.COORDINATOR.name(), address));
        },
        "beside more than one machine; its port with it, 29500 where none is said");
  }

  /** How many machines are said anywhere, 0 where none are or they are not understood. */
  static int machines(Siblings beside) {
    Optional<String> text = beside.first(List.of("num_machines", "nnodes", "num_nodes"));
    return text.filter(it -> it.matches("\\d{1,6}")).map(Integer::parseInt).orElse(0);
  }

  private static int number(String text) {
    return WholeNumber.atLeast(1).parse(text);
  }

  /** All devices share batches, unless something says what is split. */
  private static List<Assignment> batches(Siblings beside) {
    boolean said =
        beside.all().entrySet().stream()
            .filter(
                one -> SPLITTING.contains(one.getKey()) || one.getKey().startsWith(MeshKeys.MESH))
            .anyMatch(one -> !one.getValue().isEmpty() && !isFalse(one.getValue()));
    return said ? List.of() : List.of(Assignment.mild(STRATEGY, ShardingStrategy.DDP.spelled()));
  }

  private static boolean isFalse(String text) {
    return text.equalsIgnoreCase("false") || text.equalsIgnoreCase("no");
  }

  private static List<Assignment> type(String text, Siblings beside) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "NO", "DEEPSPEED" -> List.of();
      case "FSDP" -> FsdpOthers.strategy("", beside);
      case "XLA", "TPU", "MULTI_CPU", "MULTI_GPU" -> batches(beside);
      default ->
          throw new IllegalArgumentException(
              "expected 'NO', 'MULTI_GPU', 'FSDP', 'DEEPSPEED' or 'XLA', got '" + text + "'");
    };
  }

  private static List<Assignment> trlsFile(String text) {
    List<Assignment> said = new ArrayList<>();
    switch (text) {
      case "single_gpu" -> said.add(Assignment.of(DEVICES, "1"));
      case "multi_gpu" -> said.add(Assignment.of(STRATEGY, ShardingStrategy.DDP.spelled()));
      case "fsdp1", "fsdp2" -> said.add(Assignment.of(STRATEGY, ShardingStrategy.ZERO3.spelled()));
      case "zero1", "zero2", "zero3" -> said.add(Assignment.of(STRATEGY, text));
      default ->
          throw new IllegalArgumentException(
              "expected 'single_gpu', 'multi_gpu', 'fsdp1', 'fsdp2', 'zero1', 'zero2' or 'zero3',"
                  + " got '"
                  + text
                  + "'; 'config_file' names a file");
    }
    return said;
  }
}
