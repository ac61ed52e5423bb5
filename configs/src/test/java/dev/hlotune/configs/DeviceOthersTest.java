package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What launchers, FSDP, accelerate and EasyDeL say of devices. */
final class DeviceOthersTest {
  @TempDir private Path directory;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.createDirectory(directory.resolve("model"));
    Files.writeString(directory.resolve("train.jsonl"), "{}\n");
  }

  /** One option a word; an underscore stands for a space within one. */
  private ShardingConfig read(String options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--model_name_or_path=model", "--dataset_name=train.jsonl", "--platform=cuda"));
    for (String option : options.split(" ", -1)) {
      if (!option.isEmpty()) {
        arguments.add(option.replace('~', ' '));
      }
    }
    return SftRecipe.read(arguments, directory).config().sharding();
  }

  private String problems(String options) {
    return String.valueOf(assertThrows(ConfigException.class, () -> read(options)).getMessage());
  }

  private static final MeshConfig DATA = new MeshConfig(-1, 1, 1, 1);
  private static final MeshConfig FSDP = new MeshConfig(1, -1, 1, 1);

  @Test
  void processesOfALauncherAreDevices() {
    record Case(String options, int devices) {}
    for (Case one :
        List.of(
            new Case("--num_processes=4", 4),
            new Case("--multi_gpu --num_processes=4 --gpu_ids=all", 4),
            new Case("--nproc_per_node=8", 8),
            new Case("--nproc-per-node=8 --nnodes=1 --standalone", 8),
            new Case("--num_gpus=2 --num_nodes=1", 2),
            new Case("--num_processes=4 --num_machines=1 --machine_rank=0", 4),
            new Case("--tpu_num_cores=8", 8))) {
      ShardingConfig read = read(one.options());
      assertEquals(Optional.of(one.devices()), read.deviceCount(), one.options());
      assertEquals(DATA, read.mesh().orElseThrow(), one.options());
      assertEquals(one.devices(), read.on(8).mesh().orElseThrow().data(), one.options());
      assertEquals(1, read.processes().count(), one.options());
    }
    assertEquals(Optional.empty(), read("--num_processes=1 --nproc_per_node=1").mesh());
    for (String all : List.of("--nproc_per_node=gpu", "--num_gpus=-1", "--multi_gpu")) {
      assertEquals(Optional.of(ShardingStrategy.DDP), read(all).strategy(), all);
      assertEquals(DATA, read(all).mesh().orElseThrow(), all);
    }
    assertEquals(
        Optional.of(ShardingStrategy.ZERO3),
        read("--nproc_per_node=gpu --sharding_strategy=zero3").strategy());
  }

  @Test
  void machinesAreProcesses() {
    ProcessesConfig.Member second =
        new ProcessesConfig.Member(new CoordinatorAddress("10.0.0.1", 29500), 2, 1);
    for (String options :
        List.of(
            "--num_processes=16 --num_machines=2 --machine_rank=1 --main_process_ip=10.0.0.1"
                + " --main_process_port=29500 --same_network",
            "--nnodes=2 --nproc_per_node=8 --node_rank=1 --master_addr=10.0.0.1",
            "--nnodes=2 --nproc_per_node=8 --node_rank=1 --rdzv_backend=static"
                + " --rdzv_endpoint=10.0.0.1:29500")) {
      ShardingConfig read = read(options);
      assertEquals(Optional.of(second), read.processes().member(), options);
      assertEquals(Optional.of(16), read.deviceCount(), options);
      assertEquals(8, read.cpuDevices(2), options);
    }
    assertEquals(
        "--nnodes: 'coordinator_address', 'num_processes', 'process_id': expected all three or"
            + " none, got 1 of them",
        problems("--nnodes=2 --nproc_per_node=8"));
    // A coordinator makes it the key of this name.
    assertEquals(
        4, read("--coordinator_address=a:1 --num_processes=4 --process_id=3").processes().count());
    assertEquals(
        "--local_rank: 'local_rank': expected '-1' or '0', got '1'; one process has all devices of"
            + " its machine",
        problems("--local_rank=1"));
    assertEquals(
        "--gpu_ids: 'gpu_ids': expected 'all' or one, got '0,1'; CUDA_VISIBLE_DEVICES says which"
            + " devices a run sees",
        problems("--gpu_ids=0,1"));
  }

  @Test
  void fsdpIsAStrategy() {
    record Case(String options, ShardingStrategy strategy, MeshConfig mesh) {}
    for (Case one :
        List.of(
            new Case("--fsdp=full_shard~auto_wrap", ShardingStrategy.ZERO3, FSDP),
            new Case("--fsdp full_shard auto_wrap", ShardingStrategy.ZERO3, FSDP),
            new Case("--fsdp", ShardingStrategy.ZERO3, FSDP),
            new Case("--fsdp=True", ShardingStrategy.ZERO3, FSDP),
            new Case("--fsdp=[\"shard_grad_op\",\"auto_wrap\"]", ShardingStrategy.ZERO2, DATA),
            new Case("--fsdp=no_shard", ShardingStrategy.DDP, DATA),
            new Case("--fsdp=hybrid_shard", ShardingStrategy.ZERO3, FSDP),
            new Case(
                "--fsdp --fsdp_config={\"reshard_after_forward\":false,\"version\":2}",
                ShardingStrategy.ZERO2,
                DATA),
            new Case(
                "--distributed_type=FSDP --fsdp_config={\"fsdp_sharding_strategy\":\"FULL_SHARD\"}",
                ShardingStrategy.ZERO3,
                FSDP),
            new Case("--use_fsdp --fsdp_sharding_strategy=2", ShardingStrategy.ZERO2, DATA),
            new Case("--use_fsdp --fsdp_reshard_after_forward=true", ShardingStrategy.ZERO3, FSDP),
            new Case("--accelerate_config=fsdp2", ShardingStrategy.ZERO3, FSDP),
            new Case("--accelerate_config=zero1", ShardingStrategy.ZERO1, DATA),
            new Case("--accelerate_config=multi_gpu", ShardingStrategy.DDP, DATA),
            new Case("--use_deepspeed --zero_stage=3", ShardingStrategy.ZERO3, FSDP))) {
      ShardingConfig read = read(one.options());
      assertEquals(Optional.of(one.strategy()), read.strategy(), one.options());
      assertEquals(one.mesh(), read.mesh().orElseThrow(), one.options());
    }
    ShardingConfig hybrid =
        read(
            "--fsdp=hybrid_shard --num_machines=2 --machine_rank=0 --main_process_ip=a"
                + " --num_processes=8");
    assertEquals(new MeshConfig(2, 4, 1, 1), hybrid.on(8).mesh().orElseThrow());
    for (String without : List.of("--fsdp=False", "--fsdp_config={}", "--use_fsdp=false")) {
      assertEquals(Optional.empty(), read(without).mesh(), without);
    }
    assertEquals(
        GradientCheckpointing.FULL,
        SftRecipe.read(
                List.of(
                    "--model_name_or_path=model",
                    "--dataset_name=train.jsonl",
                    "--fsdp",
                    "--fsdp_config={\"activation_checkpointing\": true}"),
                directory)
            .config()
            .model()
            .gradientCheckpointing());
  }

  @Test
  void whatOfFsdpIsNotThereIsRefused() {
    String stay = "weights stay on the devices; 'sharding_strategy' zero3 splits them";
    assertEquals(
        "--fsdp: 'fsdp': expected none of 'offload', got it; " + stay,
        problems("--fsdp=full_shard~offload"));
    assertEquals(
        "--fsdp_config: 'fsdp_config': expected 'cpu_offload' false, got true; " + stay,
        problems("--fsdp --fsdp_config={\"cpu_offload\":true}"));
    assertEquals(
        "--fsdp_offload_params: 'fsdp_offload_params': expected 'false', got 'true'; " + stay,
        problems("--use_fsdp --fsdp_offload_params=true"));
    assertEquals(
        "--fsdp_config: 'fsdp_config': expected settings of FSDP, got 'reshard'",
        problems("--fsdp --fsdp_config={\"reshard\":true}"));
    assertEquals(
        "--fsdp_config: 'fsdp_config': expected a mapping, got 'fsdp.json'; name what a file holds",
        problems("--fsdp --fsdp_config=fsdp.json"));
    assertTrue(
        problems("--fsdp=hybrid_shard_zero2")
            .startsWith("--fsdp: 'fsdp': expected no 'hybrid_shard_zero2', got it; "));
    assertTrue(
        problems("--fsdp=full_shrad")
            .startsWith("--fsdp: 'fsdp': expected 'full_shard', 'shard_grad_op', 'no_shard' or"));
    assertEquals(
        "--split_batches: 'split_batches': expected 'false', got 'true';"
            + " 'total_batch_size' has the rows of all devices",
        problems("--split_batches=true"));
    assertTrue(
        problems("--accelerator_config={\"split_batches\":true}")
            .contains("'split_batches' false"));
  }

  /** As TRL ships them, by their keys that say something. */
  @Test
  void accelerateFilesLieUnderTheRecipe() throws IOException {
    Path file = directory.resolve("a.yaml");
    String common =
        """
        compute_environment: LOCAL_MACHINE
        debug: false
        downcast_bf16: 'no'
        machine_rank: 0
        main_training_function: main
        mixed_precision: bf16
        num_machines: 1
        num_processes: 8
        rdzv_backend: static
        same_network: true
        tpu_env: []
        tpu_use_cluster: false
        tpu_use_sudo: false
        use_cpu: false
        """;
    Files.writeString(
        file,
        common
            + """
            distributed_type: FSDP
            enable_cpu_affinity: false
            fsdp_config:
              fsdp_activation_checkpointing: false
              fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP
              fsdp_backward_prefetch: BACKWARD_PRE
              fsdp_cpu_ram_efficient_loading: true
              fsdp_forward_prefetch: true
              fsdp_offload_params: false
              fsdp_reshard_after_forward: FULL_SHARD
              fsdp_state_dict_type: FULL_STATE_DICT
              fsdp_sync_module_states: true
              fsdp_use_orig_params: true
              fsdp_version: 1
            """);
    ShardingConfig fsdp = read("--config_file=a.yaml");
    assertEquals(Optional.of(ShardingStrategy.ZERO3), fsdp.strategy());
    assertEquals(new MeshConfig(1, 8, 1, 1), fsdp.on(8).mesh().orElseThrow());
    assertEquals(Optional.of(4), read("--config_file=a.yaml --num_processes=4").deviceCount());
    Files.writeString(
        file,
        common
            + """
            distributed_type: DEEPSPEED
            deepspeed_config:
              deepspeed_multinode_launcher: standard
              offload_optimizer_device: cpu
              offload_param_device: none
              zero3_init_flag: true
              zero3_save_16bit_model: true
              zero_stage: 3
            """);
    ShardingConfig zero = read("--config_file a.yaml");
    assertEquals(Optional.of(ShardingStrategy.ZERO3), zero.strategy());
    assertEquals(OffloadOptimizer.HOST, zero.offloadOptimizer());
    assertEquals(Optional.of(8), zero.deviceCount());
    Files.writeString(file, common + "distributed_type: 'NO'\ngpu_ids: all\n");
    assertEquals(Optional.empty(), read("--config_file=a.yaml").mesh());
    Files.writeString(file, common + "distributed_type: MULTI_GPU\ngpu_ids: all\n");
    assertEquals(Optional.of(ShardingStrategy.DDP), read("--config_file=a.yaml").strategy());
    assertEquals(DATA, read("--config_file=a.yaml").mesh().orElseThrow());
    Files.writeString(file, "distributed_type: MEGATRON_LM\n");
    assertEquals(
        "a.yaml:1: 'distributed_type': expected 'NO', 'MULTI_GPU', 'FSDP', 'DEEPSPEED' or 'XLA',"
            + " got 'MEGATRON_LM'",
        problems("--config_file=a.yaml"));
    assertEquals(
        "--config_file: 'config_file': expected a file of 'accelerate config', got 'b.yaml', which"
            + " is not there",
        problems("--config_file=b.yaml"));
  }

  @Test
  void parallelismIsAMesh() {
    assertEquals(
        new MeshConfig(2, 4, 2, 1),
        read("--parallelism_config={\"dp_replicate_size\":2,\"dp_shard_size\":4,\"tp_size\":2,\"cp_size\":1,\"tp_handler\":null}")
            .mesh()
            .orElseThrow());
    assertEquals(
        new MeshConfig(1, 4, 1, 2),
        read("--use_parallelism_config --parallelism_config_dp_shard_size=4"
                + " --parallelism_config_cp_size=2 --parallelism_config_sp_size=1"
                + " --parallelism_config_cp_backend=torch")
            .mesh()
            .orElseThrow());
    assertEquals(
        "--parallelism_config: 'parallelism_config': expected 'cp_size' or 'sp_size', got both;"
            + " rows are split over one axis",
        problems("--parallelism_config={\"cp_size\":2,\"sp_size\":2}"));
    assertEquals(
        "--parallelism_config: 'parallelism_config': expected sizes of accelerate's"
            + " ParallelismConfig, got 'pp_size'",
        problems("--parallelism_config={\"pp_size\":2}"));
    assertEquals(
        "--parallelism_config: 'mesh.fsdp': expected"
            + " a whole number of at least 1, or -1 for the rest, got '0'",
        problems("--parallelism_config={\"dp_shard_size\":0}")
            .replace("'parallelism_config': ", "'mesh.fsdp': "));
  }

  @Test
  void easydelsAxesAreAMesh() {
    record Case(String options, MeshConfig mesh) {}
    for (Case one :
        List.of(
            new Case("--sharding_axis=1,-1,1,1,1", FSDP),
            new Case("--sharding_axis_dims=(2,-1,1,4,1)", new MeshConfig(2, -1, 4, 1)),
            new Case("--sharding_axis_dims=[1,2,1,2,2]", new MeshConfig(1, 2, 2, 2)),
            new Case("--sharding_axis_dims=1,1,-1,2", new MeshConfig(1, 1, -1, 2)),
            new Case(
                "--sharding_axis_dims=4,2 --sharding_axis_names=tp,dp",
                new MeshConfig(2, 1, 4, 1)))) {
      assertEquals(one.mesh(), read(one.options()).mesh().orElseThrow(), one.options());
    }
    ShardingConfig one = read("--sharding_axis_dims=1,1,1,1,1");
    assertEquals(1, one.devicesOf(8));
    assertEquals(one, one.on(8));
    assertEquals(
        "--sharding_axis_dims: 'sharding_axis_dims': expected 1 for 'ep', which is no axis here,"
            + " got 2; batches, weights, heads and rows are split (dp, fsdp, tp, sp)",
        problems("--sharding_axis_dims=1,1,2,1,1"));
    assertEquals(
        "--sharding_axis_dims: 'sharding_axis_dims': expected a size for each of dp, fsdp, ep, tp,"
            + " sp, got '1,1'",
        problems("--sharding_axis_dims=1,1"));
    assertEquals(
        Optional.of(new ProcessesConfig.Member(new CoordinatorAddress("h", 1234), 2, 0)),
        read("--jax_distributed_config={\"initialize_jax_distributed\":true,\"coordinator_address\":\"h:1234\",\"num_processes\":2,\"process_id\":0}")
            .processes()
            .member());
    assertEquals(
        Optional.empty(),
        read("--jax_distributed_config={\"initialize_jax_distributed\":false,\"process_id\":0}")
            .processes()
            .member());
  }
}
