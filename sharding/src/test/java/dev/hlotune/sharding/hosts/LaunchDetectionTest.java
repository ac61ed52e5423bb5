package dev.hlotune.sharding.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchDetectionTest {
  /** The second of two nodes with four tasks each. */
  private static final Map<String, String> SLURM =
      Map.of(
          "SLURM_JOB_ID", "4099",
          "SLURM_STEP_NODELIST", "gpu[07-08]",
          "SLURM_NTASKS", "8",
          "SLURM_STEP_NUM_TASKS", "8",
          "SLURM_PROCID", "5",
          "SLURM_LOCALID", "1",
          "SLURM_NODEID", "1",
          "SLURM_STEP_TASKS_PER_NODE", "4(x2)");

  private static final Map<String, String> JOBSET =
      Map.of(
          "KUBERNETES_SERVICE_HOST", "10.0.0.1",
          "JOB_COMPLETION_INDEX", "3",
          "HOSTNAME", "sft-workers-0-3",
          "JOBSET_NAME", "sft",
          "HLOTUNE_NUM_PROCESSES", "4");

  private static final Map<String, String> GKE =
      Map.of(
          "TPU_WORKER_HOSTNAMES", "sft-slice-0-0.sft,sft-slice-0-1.sft",
          "TPU_WORKER_ID", "1",
          "KUBERNETES_SERVICE_HOST", "10.0.0.1",
          "JOB_COMPLETION_INDEX", "1",
          "HOSTNAME", "sft-slice-0-1");

  private static final Map<String, String> OPEN_MPI =
      Map.of(
          "OMPI_COMM_WORLD_SIZE", "2",
          "OMPI_COMM_WORLD_RANK", "1",
          "OMPI_COMM_WORLD_LOCAL_RANK", "0",
          "OMPI_COMM_WORLD_LOCAL_SIZE", "1",
          "OMPI_MCA_orte_hnp_uri", "1531576320.0;tcp://10.96.0.1,10.148.0.1:34911");

  private static Launch given(@Nullable String address, int count, int index) {
    return new Launch(
        Optional.ofNullable(address),
        count < 0 ? OptionalInt.empty() : OptionalInt.of(count),
        index < 0 ? OptionalInt.empty() : OptionalInt.of(index),
        Duration.ofSeconds(7));
  }

  private static LaunchDetection.Detected detected(Launch launch, Map<String, String> variables) {
    LaunchDetection.Detected detected = LaunchDetection.of(launch, variables);
    assertEquals(detected.problems().isEmpty(), detected.place().isPresent());
    return detected;
  }

  private static ProcessPlace place(Launch launch, Map<String, String> variables) {
    LaunchDetection.Detected detected = detected(launch, variables);
    assertEquals(List.of(), detected.problems());
    return detected.place().orElseThrow();
  }

  private static Map<String, String> with(Map<String, String> variables, String... changes) {
    Map<String, String> all = new HashMap<>(variables);
    for (int i = 0; i < changes.length; i += 2) {
      all.put(changes[i], changes[i + 1]);
    }
    return all;
  }

  @Test
  void whoIsToldNothingIsAlone() {
    assertEquals(ProcessPlace.alone(), place(Launch.open(), Map.of("HOME", "/root")));
  }

  @Test
  void whatIsGivenGoesFirst() {
    ProcessPlace place = place(given("node7:1234", 4, 2), SLURM);
    assertEquals(
        new ProcessPlace(
            2,
            4,
            Optional.of(new HostPort("node7", 1_234)),
            OptionalInt.empty(),
            Duration.ofSeconds(7),
            "as given"),
        place);
    assertEquals("process 2 of 4 (as given), coordinator node7:1234", place.toString());
    assertEquals(ProcessPlace.alone(), place(given(null, 1, -1), SLURM));
  }

  @Test
  void readsOurOwnVariables() {
    Map<String, String> own =
        Map.of(
            LaunchDetection.ADDRESS, "[fd00::7]:99",
            LaunchDetection.COUNT, "2",
            LaunchDetection.INDEX, "1");
    ProcessPlace place = place(Launch.open(), own);
    assertEquals("process 1 of 2 (as given), coordinator [fd00::7]:99", place.toString());
    LaunchDetection.Detected both = detected(given(null, -1, 0), own);
    assertEquals(0, both.place().orElseThrow().index());
    assertEquals(List.of("process_id: 0 is taken, not 1 of HLOTUNE_PROCESS_ID"), both.notes());
  }

  @Test
  void readsSlurm() {
    ProcessPlace place = place(Launch.open(), SLURM);
    assertEquals("process 5 of 8 (Slurm), coordinator gpu07:61443", place.toString());
    // Four tasks of a node share its devices, unless Slurm bound each to one of them.
    assertEquals(OptionalInt.of(1), place.localDevice());
    assertEquals(
        OptionalInt.empty(),
        place(Launch.open(), with(SLURM, "CUDA_VISIBLE_DEVICES", "2")).localDevice());
    assertEquals(
        OptionalInt.of(1),
        place(Launch.open(), with(SLURM, "CUDA_VISIBLE_DEVICES", "0,1,2,3")).localDevice());
    assertEquals(
        OptionalInt.empty(),
        place(Launch.open(), with(SLURM, "SLURM_STEP_TASKS_PER_NODE", "7,1")).localDevice());
    assertEquals(
        place(Launch.open(), SLURM).coordinator(), place(given(null, 8, -1), SLURM).coordinator());
  }

  @Test
  void aTaskAloneAndABatchScriptAreAlone() {
    assertEquals(
        ProcessPlace.alone(),
        place(
            Launch.open(),
            with(SLURM, "SLURM_STEP_NUM_TASKS", "1", "SLURM_PROCID", "0", "SLURM_LOCALID", "0")));
    Map<String, String> script = new HashMap<>(SLURM);
    script.remove("SLURM_STEP_NODELIST");
    assertEquals(ProcessPlace.alone(), place(Launch.open(), script));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node001|node001",
        "node001,host2|node001",
        "node[001-015],host2|node001",
        "node[001,007-015],host2|node001",
        "node[9]|node9",
        "rack[1-2]n[3-4,9]-ib,x|rack1n3-ib",
        "a-b-c,d|a-b-c",
      })
  void readsListsOfHosts(String list, String first) {
    assertEquals(first, SlurmLaunch.firstHost(list));
  }

  @Test
  void readsAJobSet() {
    assertEquals(
        "process 3 of 4 (Kubernetes), coordinator sft-workers-0-0.sft:55527",
        place(Launch.open(), JOBSET).toString());
    assertEquals(
        "process 3 of 4 (Kubernetes), coordinator train-0.train:1",
        place(Launch.open(), with(JOBSET, LaunchDetection.ADDRESS, "train-0.train:1")).toString());
  }

  /** Indexed jobs are used for much else: one that counts no processes has none to wait for. */
  @Test
  void anIndexedJobThatCountsNoProcessesIsAlone() {
    Map<String, String> job = new HashMap<>(JOBSET);
    job.remove("HLOTUNE_NUM_PROCESSES");
    assertEquals(ProcessPlace.alone(), place(Launch.open(), job));
  }

  @Test
  void readsGkesTpuWorkers() {
    assertEquals(
        "process 1 of 2 (GKE's TPU workers), coordinator sft-slice-0-0.sft:8482",
        place(Launch.open(), GKE).toString());
    assertEquals(
        "process 3 of 4 (GKE's TPU workers), coordinator sft-slice-0-0.sft:8482",
        place(
                Launch.open(),
                with(
                    GKE,
                    "MEGASCALE_NUM_SLICES",
                    "2",
                    "MEGASCALE_SLICE_ID",
                    "1",
                    "MEGASCALE_COORDINATOR_ADDRESS",
                    "sft-slice-0-0.sft"))
            .toString());
    assertEquals(
        "process 1 of 2 (GKE's TPU workers), coordinator a:8482",
        place(Launch.open(), with(GKE, "TPU_PROCESS_ADDRESSES", "a:8476, b:8476")).toString());
    assertEquals(
        ProcessPlace.alone(),
        place(Launch.open(), with(GKE, "TPU_WORKER_HOSTNAMES", "localhost", "TPU_WORKER_ID", "0")));
  }

  @Test
  void readsOpenMpi() {
    assertEquals(
        "process 1 of 2 (Open MPI), coordinator 10.96.0.1:62624",
        place(Launch.open(), OPEN_MPI).toString());
    String six = "1314521088.0;tcp6://[fe80::b9b,2620:10d::2]:43370";
    assertEquals(
        "fe80::b9b",
        place(Launch.open(), with(OPEN_MPI, "OMPI_MCA_orte_hnp_uri", six))
            .coordinator()
            .orElseThrow()
            .host());
  }

  /** As mpirun does that was started by Slurm, whose tasks are its own helpers. */
  @Test
  void oneLauncherInsideOfAnotherGoesFirstAndSaysSo() {
    Map<String, String> both = new HashMap<>(SLURM);
    both.putAll(OPEN_MPI);
    LaunchDetection.Detected detected = detected(Launch.open(), both);
    assertEquals("Open MPI", detected.place().orElseThrow().source());
    assertEquals(
        List.of(
            "num_processes: 2 is taken, not 8 of Slurm", "process_id: 1 is taken, not 5 of Slurm"),
        detected.notes());
  }

  @Test
  void saysWhatIsMissingAndWhereItCouldBeSaid() {
    String where = "; give it, or start by Slurm, Kubernetes, Open MPI or GKE, which say so";
    assertEquals(
        List.of(
            "num_processes: expected how many processes there are, got none" + where,
            "process_id: expected which process this is, got none" + where),
        detected(given("node7:1", -1, -1), Map.of()).problems());
    assertEquals(
        List.of(
            "process_id: expected which process this is, got none" + where,
            "coordinator_address: expected HOST:PORT of process 0, got none" + where),
        detected(given(null, 4, -1), Map.of()).problems());
    Map<String, String> nameless = new HashMap<>(JOBSET);
    nameless.remove("JOBSET_NAME");
    assertEquals(
        List.of(
            "coordinator_address: expected HOST:PORT of process 0, got none; set it by"
                + " HLOTUNE_COORDINATOR_ADDRESS or, in a JobSet, by JOBSET_NAME in the manifest"),
        detected(Launch.open(), nameless).problems());
    Map<String, String> five = new HashMap<>(OPEN_MPI);
    five.remove("OMPI_MCA_orte_hnp_uri");
    assertEquals(
        List.of(
            "coordinator_address: expected HOST:PORT of process 0, got none; give it: from version"
                + " 5 on, Open MPI does not tell where it was started"),
        detected(Launch.open(), five).problems());
    assertEquals("h:9", place(given("h:9", -1, -1), five).coordinator().orElseThrow().toString());
  }

  @Test
  void saysAllThatIsWrong() {
    assertEquals(
        List.of(
            "coordinator_address: expected HOST:PORT, got 'node7'",
            "process_id: expected 0 to 3, got 4"),
        detected(given("node7", 4, 4), Map.of()).problems());
    assertEquals(
        List.of("num_processes: expected 1 or more, got 0"),
        detected(given("node7:1", 0, 0), Map.of()).problems());
    assertEquals(
        List.of("process_id: expected 0 to 0, got 3"),
        detected(given(null, 1, 3), Map.of()).problems());
    assertEquals(
        List.of(
            "SLURM_PROCID: expected a whole number from 0, got 'x'",
            "process_id: expected which process this is, got none; start by srun"),
        detected(Launch.open(), with(SLURM, "SLURM_PROCID", "x")).problems());
    // A count that is smaller than Slurm's leaves some of its tasks without a place.
    LaunchDetection.Detected fewer = detected(given(null, 4, -1), SLURM);
    assertEquals(List.of("process_id: expected 0 to 3, got 5"), fewer.problems());
    assertEquals(List.of("num_processes: 4 is taken, not 8 of Slurm"), fewer.notes());
    Launch hurried =
        new Launch(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), Duration.ZERO);
    assertEquals(
        List.of("coordinator_timeout: expected a time over 0, got 0 s"),
        detected(hurried, Map.of()).problems());
  }

  @ParameterizedTest
  @CsvSource({
    "node7:1234, node7:1234",
    "10.0.0.1:65535, 10.0.0.1:65535",
    "[::1]:80, [::1]:80",
    "node7, ",
    "node7:, ",
    ":80, ",
    "node7:0, ",
    "node7:65536, ",
    "node7:8o, ",
    "::1:80, ",
    "http://node7:80, ",
    "[]:80, ",
    "node7:123456789012345678901, ",
  })
  void readsAddresses(String text, @Nullable String address) {
    assertEquals(Optional.ofNullable(address), HostPort.parse(text).map(HostPort::toString));
  }

  @Test
  void placesAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new HostPort("", 1));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new ProcessPlace(
                2,
                2,
                Optional.of(new HostPort("a", 1)),
                OptionalInt.empty(),
                Duration.ofSeconds(1),
                "test"));
  }
}
