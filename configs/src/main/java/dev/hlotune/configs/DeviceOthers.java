package dev.hlotune.configs;

import java.util.List;
import java.util.stream.Stream;

/** What launchers and libraries for several devices are told, of whichever system. */
final class DeviceOthers {
  private DeviceOthers() {}

  static final String LATER = "training uses one device; more than one is not there yet";
  private static final String ONE = "beside one device there is none to tell it";

  static final List<Alias> ALL =
      Stream.concat(
              Stream.of("num_machines", "num_gpus", "num_nodes", "nproc_per_node", "nnodes")
                  .map(name -> Alias.only(name, LATER, "1")),
              Stream.of(
                  Alias.reading(
                          "num_processes",
                          List.of("num_devices"),
                          (text, _) -> List.of(Assignment.of("num_devices", text)),
                          "without 'coordinator_address': one process each, as launchers start them")
                      .where(beside ->
                          beside.first(List.of("coordinator_address", "process_id")).isEmpty()),
                  Alias.only("multi_gpu", LATER, "false"),
                  Alias.only("accelerate_config", LATER, "single_gpu"),
                  Alias.only("local_rank", LATER, "-1", "0"),
                  Alias.of("tpu_num_cores", "num_devices"),
                  Alias.only("fsdp", LATER, "false"),
                  Alias.nothing("fsdp_config", ONE),
                  Alias.nothing("fsdp_min_num_params", ONE),
                  Alias.nothing("fsdp_transformer_layer_cls_to_wrap", ONE),
                  Alias.only("parallelism_config", LATER),
                  Alias.nothing("accelerator_config", ONE),
                  Alias.nothing("dispatch_batches", ONE),
                  Alias.nothing("split_batches", ONE),
                  Alias.nothing("ddp_find_unused_parameters", ONE),
                  Alias.nothing("ddp_bucket_cap_mb", ONE),
                  Alias.nothing("ddp_broadcast_buffers", ONE),
                  Alias.nothing("ddp_static_graph", ONE),
                  Alias.nothing("ddp_backend", ONE),
                  Alias.nothing("ddp_timeout", ONE),
                  Alias.nothing("ignore_bias_buffers", ONE),
                  Alias.nothing("machine_rank", ONE),
                  Alias.nothing("node_rank", ONE),
                  Alias.nothing("standalone", ONE),
                  Alias.only("gpu_ids", LATER, "one device", text -> text.matches("all|\\d+")),
                  Alias.nothing("main_process_ip", ONE),
                  Alias.nothing("main_process_port", ONE),
                  Alias.nothing("master_addr", ONE),
                  Alias.nothing("master_port", ONE),
                  Alias.nothing("rdzv_backend", ONE),
                  Alias.nothing("rdzv_endpoint", ONE),
                  Alias.nothing("num_cpu_threads_per_process", "the plugin takes all processors"),
                  Alias.nothing("dynamo_backend", "every step is compiled ahead of time"),
                  Alias.reading(
                      "mixed_precision",
                      List.of("dtype"),
                      (text, _) ->
                          text.equals("no") ? List.of() : List.of(Assignment.of("dtype", text)),
                      "'no' leaves it"),
                  Alias.only("config_file", "name what it holds as keys"),
                  Alias.nothing("use_deepspeed", "'deepspeed' names its file"),
                  Alias.nothing("zero_stage", ONE),
                  Alias.file(
                      "deepspeed", "a DeepSpeed configuration: 'hlotune keys --from deepspeed'"),
                  Alias.file("deepspeed_config", "as 'deepspeed'"),
                  Alias.file("deepspeed_config_file", "as 'deepspeed'"),
                  Alias.file("ds_config", "as 'deepspeed'"),
                  sharding("sharding_axis"),
                  sharding("sharding_axis_dims"),
                  Alias.nothing("auto_shard_states", ONE),
                  Alias.nothing("step_partition_spec", ONE),
                  Alias.nothing("grain_shard_index", ONE),
                  Alias.only("grain_shard_count", LATER, "1"),
                  Alias.only("jax_distributed_config", LATER)))
          .toList();

  /** Sizes of EasyDeL's axes, of which -1 takes what is left. */
  private static Alias sharding(String name) {
    return Alias.only(
        name,
        LATER,
        "axes of 1 or -1",
        text -> text.replaceAll("[\\s()\\[\\]\"']", "").matches("(1|-1)(,(1|-1))*"));
  }
}
