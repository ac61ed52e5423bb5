package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Meshes, strategies, rules and processes, in recipes and as options. */
final class MeshKeysTest {
  @TempDir private Path directory;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.createDirectory(directory.resolve("model"));
    Files.writeString(directory.resolve("train.jsonl"), "{}\n");
  }

  private SftConfig read(String recipe, String... options) {
    return readAlone(recipe + "\nmodel_name_or_path: model\ndataset_name: train.jsonl\n", options);
  }

  private SftConfig readAlone(String recipe, String... options) {
    try {
      Files.writeString(directory.resolve("r.yaml"), recipe);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    List<String> arguments = new ArrayList<>(List.of("r.yaml"));
    arguments.addAll(List.of(options));
    return SftRecipe.read(arguments, directory).config();
  }

  private MeshConfig mesh(String recipe, String... options) {
    return read(recipe, options).sharding().mesh().orElseThrow();
  }

  private String problems(String recipe, String... options) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> read(recipe, options)).getMessage());
  }

  @Test
  void aRunIsOnOneDeviceUnlessItSaysOtherwise() {
    ShardingConfig sharding = read("").sharding();
    assertEquals(Optional.empty(), sharding.mesh());
    assertEquals(1, sharding.cpuDevices(1));
    assertEquals(1, sharding.devicesOf(8));
    assertEquals(sharding, sharding.on(8));
    assertEquals(OptionalInt.of(1), sharding.dataParallel());
    assertTrue(!read("").resolved().containsKey("mesh"));
  }

  @Test
  void aMeshIsAMappingOrDottedKeys() {
    MeshConfig mesh = new MeshConfig(2, 4, 1, 1);
    assertEquals(mesh, mesh("mesh: {data: 2, fsdp: 4}"));
    assertEquals(mesh, mesh("mesh:\n  data: 2\n  fsdp: 4\n  tensor: 1\n  sequence: 1"));
    assertEquals(mesh, mesh("mesh.data: 2\nmesh.fsdp: 4"));
    assertEquals(mesh, mesh("", "--mesh.data", "2", "--mesh.fsdp=4"));
    assertEquals(mesh, mesh("", "--mesh", "{\"data\": 2, \"fsdp\": 4}"));
    assertEquals(mesh, mesh("", "--mesh=data=2,fsdp=4"));
    assertEquals(mesh, mesh("", "--mesh=data=2", "--mesh.fsdp", "4"));
  }

  @Test
  void anOptionChangesASizeOrTheWholeMesh() {
    String recipe = "mesh: {data: 2, fsdp: 4}";
    assertEquals(new MeshConfig(2, 8, 1, 1), mesh(recipe, "--mesh.fsdp", "8"));
    assertEquals(new MeshConfig(1, 1, 2, 1), mesh(recipe, "--mesh", "tensor=2"));
    assertEquals(Optional.empty(), read(recipe, "--mesh", "null").sharding().mesh());
    assertEquals(new MeshConfig(1, 4, 1, 1), mesh(recipe, "--mesh.data", "None"));
  }

  @Test
  void whatIsNoMeshIsNamedWithItsLine() {
    assertEquals(
        """
        r.yaml:2: 'mesh.fdsp': expected a known key, got an unknown one; did you mean 'mesh.fsdp'?
        r.yaml:3: 'mesh.tensor': expected a whole number of at least 1, or -1 for the rest, got '0'\
        """,
        problems("mesh:\n  fdsp: 4\n  tensor: 0"));
    assertEquals(
        "r.yaml:1: 'mesh': expected -1, the rest, for one axis at most, got it for 2",
        problems("mesh: {data: -1, fsdp: -1}"));
    assertEquals(
        "--mesh: 'mesh': expected a mapping of names to texts, or name=text separated by commas,"
            + " got '8'",
        problems("", "--mesh", "8"));
    assertEquals(
        "--mesh: 'mesh.pipe': expected a known key, got an unknown one",
        problems("", "--mesh", "pipe=8"));
    assertEquals(
        "r.yaml:1: 'mesh.data': expected one value, got a list", problems("mesh: {data: [1]}"));
  }

  @Test
  void sizesMultiplyToTheDevices() {
    MeshConfig mesh = new MeshConfig(2, MeshConfig.REST, 2, 1);
    assertEquals(Map.of("data", 2, "fsdp", 2, "sequence", 1, "tensor", 2), mesh.resolve(8));
    assertEquals(
        List.of("data", "fsdp", "sequence", "tensor"), List.copyOf(mesh.resolve(4).keySet()));
    assertEquals(OptionalInt.empty(), mesh.devices());
    assertEquals(OptionalInt.of(8), mesh.on(8).devices());
    assertEquals(
        "'mesh': expected sizes whose product divides the number of devices 6, got 4 (data 2, fsdp"
            + " -1, tensor 2); change a size, or how many devices are taken by 'num_devices' or"
            + " 'cpu_device_count'",
        String.valueOf(assertThrows(ConfigException.class, () -> mesh.resolve(6)).getMessage()));
    assertEquals(
        "'mesh': expected sizes whose product is the number of devices 4, got 8 (fsdp 8); change a"
            + " size, or how many devices are taken by 'num_devices' or 'cpu_device_count'",
        String.valueOf(
            assertThrows(ConfigException.class, () -> new MeshConfig(1, 8, 1, 1).resolve(4))
                .getMessage()));
  }

  @Test
  void aStrategyTakesAllDevicesAlongItsAxis() {
    record Case(String recipe, MeshConfig mesh) {}
    for (Case one :
        List.of(
            new Case("sharding_strategy: ddp", new MeshConfig(-1, 1, 1, 1)),
            new Case("sharding_strategy: zero2", new MeshConfig(-1, 1, 1, 1)),
            new Case("sharding_strategy: fsdp", new MeshConfig(1, -1, 1, 1)),
            new Case("sharding_strategy: tp", new MeshConfig(1, 1, -1, 1)),
            new Case("sharding_strategy: sp", new MeshConfig(1, 1, 1, -1)),
            new Case("sharding_strategy: zero3\nmesh: {data: 2}", new MeshConfig(2, -1, 1, 1)),
            new Case(
                "sharding_strategy: zero3\nmesh: {data: -1, fsdp: 2}", new MeshConfig(-1, 2, 1, 1)),
            new Case("sharding_strategy: fsdp+tp\nmesh.tensor: 2", new MeshConfig(1, -1, 2, 1)),
            new Case("num_devices: 4", new MeshConfig(-1, 1, 1, 1)),
            new Case("num_devices: 4\nmesh: {fsdp: 4}", new MeshConfig(1, 4, 1, 1)))) {
      assertEquals(one.mesh(), mesh(one.recipe(), "--platform=cuda"), one.recipe());
    }
    assertEquals(
        Optional.of(ShardingStrategy.ZERO3), read("sharding_strategy: FSDP").sharding().strategy());
    assertEquals(
        "r.yaml:1: 'sharding_strategy': expected more than one device along 'mesh.fsdp', which"
            + " 'zero3' splits over, got 1; change the mesh, the strategy, or how many"
            + " devices there are",
        problems("sharding_strategy: zero3\nmesh: {data: 8, fsdp: 1}"));
    ShardingConfig both = read("sharding_strategy: fsdp+tp", "--platform=cuda").sharding();
    assertEquals(OptionalInt.of(1), both.on(1).mesh().orElseThrow().devices());
    assertEquals(
        "'sharding_strategy': expected more than one device along 'mesh.tensor', which 'fsdp+tp'"
            + " splits over, got 1; change the mesh, the strategy, or how many"
            + " devices there are",
        String.valueOf(assertThrows(ConfigException.class, () -> both.on(8)).getMessage()));
  }

  @Test
  void theCpuHasAsManyDevicesAsTheMesh() {
    assertEquals(8, read("mesh: {data: 2, fsdp: 4}").sharding().cpuDevices(1));
    assertEquals(4, read("mesh: {data: 2, fsdp: 4}").sharding().cpuDevices(2));
    assertEquals(4, read("num_devices: 4").sharding().cpuDevices(1));
    assertEquals(1, read("sharding_strategy: zero3").sharding().cpuDevices(1));
    assertEquals(2, read("mesh: {data: 2, fsdp: -1}").sharding().cpuDevices(1));
    ShardingConfig eight = read("sharding_strategy: zero3\ncpu_device_count: 8").sharding();
    assertEquals(8, eight.cpuDevices(1));
    assertEquals(new MeshConfig(1, 8, 1, 1), eight.on(8).mesh().orElseThrow());
    assertEquals(
        "r.yaml:1: 'mesh': expected sizes whose product is the number of devices 4, got 8 (fsdp"
            + " 8); change a size, or how many devices are taken by 'num_devices' or"
            + " 'cpu_device_count'",
        problems("mesh: {fsdp: 8}\ncpu_device_count: 4"));
    assertEquals(
        "r.yaml:1: 'num_devices': expected at most the 2 that there are, got 4",
        problems("num_devices: 4\ncpu_device_count: 2"));
    assertEquals(
        "'mesh': expected as many devices in each of the 2 processes, got 3 in all",
        String.valueOf(
            assertThrows(
                    ConfigException.class, () -> read("mesh: {fsdp: 3}").sharding().cpuDevices(2))
                .getMessage()));
  }

  @Test
  void rulesAreListsPairsOrMappings() {
    Map<String, List<String>> rules =
        Map.of("embed", List.of("fsdp"), "mlp", List.of("tensor", "fsdp"), "vocab", List.of());
    for (String written :
        List.of(
            "[embed=fsdp, mlp=tensor+fsdp, vocab=]",
            "{embed: fsdp, mlp: [tensor, fsdp], vocab: null}",
            "{embed: fsdp, mlp: tensor+fsdp, vocab: ''}",
            "[[embed, fsdp], [mlp, [tensor, fsdp]], [vocab, null]]",
            "[{embed: fsdp}, {mlp: tensor + fsdp}, {vocab: []}]",
            "'embed=fsdp, mlp=tensor+fsdp,vocab='")) {
      ShardingConfig read = read("parameter_axis_rules: " + written).sharding();
      assertEquals(rules, read.parameterAxisRules(), written);
      assertEquals(
          List.of("embed", "mlp", "vocab"), List.copyOf(read.parameterAxisRules().keySet()));
    }
    assertEquals(
        Map.of("batch", List.of("data")),
        read("", "--compute_axis_rules", "batch=data").sharding().computeAxisRules());
  }

  @Test
  void rulesOfUnknownOrRepeatedAxesAreRefused() {
    assertEquals(
        "r.yaml:1: 'parameter_axis_rules': expected axes of the mesh (data, fsdp, sequence, tensor)"
            + " for 'embed', got 'dp'",
        problems("parameter_axis_rules: [embed=dp]"));
    assertEquals(
        "r.yaml:1: 'compute_axis_rules': expected one rule for each axis, got two for 'embed'",
        problems("compute_axis_rules: [embed=fsdp, mlp=tensor, embed=data]"));
    assertEquals(
        "--parameter_axis_rules: 'parameter_axis_rules': expected each axis of the mesh once for"
            + " 'mlp', got 'fsdp' twice",
        problems("", "--parameter_axis_rules", "mlp=fsdp+fsdp"));
    for (String wrong : List.of("embed", "=fsdp", "[1]", "[[a, b, c]]", "{embed: 1}")) {
      assertTrue(
          problems("parameter_axis_rules: '" + wrong + "'")
              .contains("expected a list of AXIS=MESH"),
          wrong);
    }
  }

  @Test
  void processesAreSaidWholeOrNotAtAll() {
    assertEquals(new ProcessesConfig(Optional.empty(), 300), read("").sharding().processes());
    String address = "coordinator_address: 10.0.0.1:8476\n";
    assertEquals(
        new ProcessesConfig(
            Optional.of(new ProcessesConfig.Member(new CoordinatorAddress("10.0.0.1", 8476), 2, 1)),
            60),
        read(address + "num_processes: 2\nprocess_id: 1\ncoordinator_timeout: 60")
            .sharding()
            .processes());
    assertEquals(
        "[::1]:80",
        read("", "--coordinator_address=[::1]:80", "--num_processes=1", "--process_id=0")
            .sharding()
            .processes()
            .member()
            .orElseThrow()
            .coordinator()
            .toString());
    assertEquals(
        "r.yaml:3: 'process_id': expected less than the 2 of 'num_processes', got 2",
        problems(address + "num_processes: 2\nprocess_id: 2"));
    assertEquals(
        "r.yaml:1: 'coordinator_address', 'num_processes', 'process_id': expected all three or"
            + " none, got 2 of them",
        problems(address + "num_processes: 2"));
    for (String wrong : List.of("host", "host:0", "host:99999", ":80", "::1:80", "http://h:80")) {
      assertEquals(
          "--coordinator_address: 'coordinator_address': expected HOST:PORT, with a port from 1 to"
              + " 65535, got '"
              + wrong
              + "'",
          problems("", "--coordinator_address=" + wrong));
    }
  }

  @Test
  void rowsOfAllDevicesAreShared() {
    BatchConfig batch =
        read("mesh: {data: 2, fsdp: 4, tensor: 2}\nupdate_batch_size: 64", "--batch_size=4")
            .batch();
    assertEquals(4, batch.trainBatchSize());
    assertEquals(2, batch.gradientAccumulationSteps());
    batch = read("mesh: {fsdp: 4}\ntotal_batch_size: 32\ngradient_accumulation_steps: 2").batch();
    assertEquals(8, batch.trainBatchSize());
    assertEquals(8, batch.evalBatchSize());
    assertEquals(2, batch.gradientAccumulationSteps());
    assertEquals(
        "r.yaml:2: 'total_batch_size': expected a multiple of the 8 devices that share a batch, got"
            + " 12",
        problems("mesh: {fsdp: 8}\ntotal_batch_size: 12"));
    assertEquals(
        "r.yaml:2: 'update_batch_size': expected a multiple of the 4 of"
            + " 'per_device_train_batch_size' x 8 devices that share a batch, got 24",
        problems("mesh: {fsdp: 8}\nupdate_batch_size: 24\nbatch_size: 4"));
    // A batch that a rule leaves whole is shared by none.
    assertEquals(
        24,
        read("mesh: {fsdp: 8}\nupdate_batch_size: 24\ncompute_axis_rules: [batch=]")
            .batch()
            .trainBatchSize());
  }

  @Test
  void rowsWaitForTheNumberOfDevices() {
    SftConfig config =
        read("sharding_strategy: zero3\nupdate_batch_size: 64\nbatch_size: 2", "--platform=tpu");
    assertThrows(IllegalStateException.class, () -> config.batch().trainBatchSize());
    assertEquals(64, config.resolved().get("update_batch_size"));
    SftConfig eight = config.on(8);
    assertEquals(new MeshConfig(1, 8, 1, 1), eight.sharding().mesh().orElseThrow());
    assertEquals(2, eight.batch().trainBatchSize());
    assertEquals(4, eight.batch().gradientAccumulationSteps());
    assertEquals(32, config.on(1).batch().gradientAccumulationSteps());
    assertEquals(
        "'update_batch_size': expected a multiple of the 2 of 'per_device_train_batch_size' x 3"
            + " devices that share a batch, got 64",
        String.valueOf(assertThrows(ConfigException.class, () -> config.on(3)).getMessage()));
    assertEquals(eight, eight.on(8));
  }

  @Test
  void whatDoesNotTrainIsOnOneDevice() {
    SftConfig config =
        read(
                "mesh: {fsdp: -1}\ntotal_batch_size: 16\nsharding_strategy: zero3",
                "--platform=cuda",
                "--num_devices=8",
                "--coordinator_address=a:1",
                "--num_processes=2",
                "--process_id=0")
            .onOneDevice();
    assertEquals(Optional.empty(), config.sharding().mesh());
    assertEquals(1, config.sharding().devicesOf(8));
    assertEquals(1, config.sharding().processes().count());
    assertEquals(16, config.batch().trainBatchSize());
    assertEquals(config, config.on(8));
  }

  @Test
  void aRunGoesOnWithOtherDevices() {
    String recipe = "gradient_accumulation_steps: 2\nupdate_batch_size: 32\n";
    Map<String, Object> before =
        read(recipe + "sharding_strategy: zero3", "--cpu_device_count=8").on(8).resolved();
    assertEquals(Map.of("data", 1, "fsdp", 8, "sequence", 1, "tensor", 1), before.get("mesh"));
    assertEquals(2, before.get("per_device_train_batch_size"));
    for (int devices : new int[] {1, 2, 4}) {
      SftConfig now = read(recipe + "mesh: {data: " + devices + "}").on(devices);
      assertEquals(16 / devices, now.batch().trainBatchSize());
      assertEquals(List.of(), now.changesOf(before));
    }
    assertEquals(
        List.of("'per_device_train_batch_size': 16, now 8"),
        read("mesh: {data: 4}\ngradient_accumulation_steps: 2\nbatch_size: 2").changesOf(before));
  }

  @Test
  void whatWasReadIsWrittenBack() {
    for (String recipe :
        List.of(
            "mesh: {data: 2, fsdp: 4, sequence: 2, tensor: 2}",
            "sharding_strategy: sp",
            "sharding_strategy: zero1\nnum_devices: 4\ntotal_batch_size: 8",
            "parameter_axis_rules: [mlp=, embed=fsdp+data]\ncompute_axis_rules: [batch=data]",
            "offload_optimizer: cpu\ncpu_device_count: 2",
            "coordinator_address: a:1\nnum_processes: 2\nprocess_id: 0")) {
      SftConfig config = read(recipe, "--platform=cuda");
      assertEquals(config, readAlone(config.recipe()), config.recipe());
    }
    assertEquals(
        OffloadOptimizer.HOST, read("offload_optimizer: host").sharding().offloadOptimizer());
  }
}
