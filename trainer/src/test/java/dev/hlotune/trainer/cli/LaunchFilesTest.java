package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.sharding.hosts.Launch;
import dev.hlotune.sharding.hosts.LaunchDetection;
import dev.hlotune.sharding.hosts.ProcessPlace;
import dev.hlotune.trainer.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The files of {@code configs/launch}: with what a launcher makes of them, all processes find their
 * places, and the commands are understood. Whether JobSet takes the manifests is checked with its
 * own schema, by {@code tools/check_launch.py}.
 */
class LaunchFilesTest {
  private static final Path FOLDER = Repository.root().resolve("configs/launch");

  private static JsonNode manifest(String name) throws IOException {
    return new YAMLMapper().readTree(FOLDER.resolve(name).toFile());
  }

  private static JsonNode job(JsonNode manifest) {
    return manifest.at("/spec/replicatedJobs/0/template/spec");
  }

  private static JsonNode container(JsonNode manifest) {
    return job(manifest).at("/template/spec/containers/0");
  }

  /** The environment of a pod, as Kubernetes and JobSet make it. */
  private static Map<String, String> pod(JsonNode manifest, int index) {
    String set = manifest.at("/metadata/name").asText();
    String name = manifest.at("/spec/replicatedJobs/0/name").asText();
    Map<String, String> variables =
        new HashMap<>(
            Map.of(
                "KUBERNETES_SERVICE_HOST",
                "10.0.0.1",
                "JOB_COMPLETION_INDEX",
                String.valueOf(index),
                "HOSTNAME",
                set + "-" + name + "-0-" + index));
    for (JsonNode variable : container(manifest).path("env")) {
      String field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
      variables.put(
          variable.path("name").asText(),
          field.equals("metadata.labels['jobset.sigs.k8s.io/jobset-name']")
              ? set
              : variable.path("value").asText("a secret"));
    }
    return variables;
  }

  private static ProcessPlace place(Map<String, String> variables) {
    LaunchDetection.Detected detected = LaunchDetection.of(Launch.open(), variables);
    assertEquals(List.of(), detected.problems());
    assertEquals(List.of(), detected.notes());
    return detected.place().orElseThrow();
  }

  private static Set<Integer> ports(JsonNode manifest) {
    Set<Integer> ports = new HashSet<>();
    container(manifest)
        .path("ports")
        .forEach(port -> ports.add(port.path("containerPort").asInt()));
    return ports;
  }

  @Test
  void everyPodOfTheGpuManifestFindsItsPlace() throws IOException {
    JsonNode manifest = manifest("jobset-gpu.yaml");
    int count = job(manifest).path("parallelism").asInt();
    for (int index = 0; index < count; index++) {
      ProcessPlace place = place(pod(manifest, index));
      assertEquals(
          "process "
              + index
              + " of "
              + count
              + " (Kubernetes), coordinator hlotune-sft-workers-0-0.hlotune-sft:55527",
          place.toString());
      assertTrue(ports(manifest).contains(place.coordinator().orElseThrow().port()));
    }
  }

  /** GKE puts the two variables into every pod that asks for chips. */
  @Test
  void everyPodOfTheTpuManifestFindsItsPlace() throws IOException {
    JsonNode manifest = manifest("jobset-tpu.yaml");
    int count = job(manifest).path("parallelism").asInt();
    List<String> hosts = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      hosts.add("hlotune-sft-slice-0-" + index + ".hlotune-sft");
    }
    for (int index = 0; index < count; index++) {
      Map<String, String> variables = pod(manifest, index);
      variables.put("TPU_WORKER_ID", String.valueOf(index));
      variables.put("TPU_WORKER_HOSTNAMES", String.join(",", hosts));
      ProcessPlace place = place(variables);
      assertEquals(index, place.index());
      assertEquals(count, place.count());
      assertEquals(
          "hlotune-sft-slice-0-0.hlotune-sft:8482", place.coordinator().orElseThrow().toString());
      assertTrue(ports(manifest).contains(8_482));
    }
    // The chips of the slice, shared out among its hosts.
    String topology =
        job(manifest).at("/template/spec/nodeSelector/cloud.google.com~1gke-tpu-topology").asText();
    int chips = 1;
    for (String size : topology.split("x", -1)) {
      chips *= Integer.parseInt(size);
    }
    assertEquals(
        chips, count * container(manifest).at("/resources/limits/google.com~1tpu").asInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobset-gpu.yaml", "jobset-tpu.yaml"})
  void aManifestIsAJobSetOfEqualPods(String name) throws IOException {
    JsonNode manifest = manifest(name);
    assertEquals("jobset.x-k8s.io/v1alpha2", manifest.path("apiVersion").asText());
    assertEquals("JobSet", manifest.path("kind").asText());
    assertTrue(manifest.at("/spec/network/publishNotReadyAddresses").asBoolean());
    assertEquals(1, manifest.at("/spec/replicatedJobs").size());
    assertEquals(1, manifest.at("/spec/replicatedJobs/0/replicas").asInt());
    assertEquals("Indexed", job(manifest).path("completionMode").asText());
    assertEquals(job(manifest).path("completions"), job(manifest).path("parallelism"));
    assertEquals(0, job(manifest).path("backoffLimit").asInt(-1));
    assertEquals("Never", job(manifest).at("/template/spec/restartPolicy").asText());
    Set<String> volumes = new HashSet<>();
    job(manifest).at("/template/spec/volumes").forEach(v -> volumes.add(v.path("name").asText()));
    Set<String> mounted = new HashSet<>();
    container(manifest).path("volumeMounts").forEach(v -> mounted.add(v.path("name").asText()));
    assertEquals(volumes, mounted);
    List<String> command = new ArrayList<>();
    container(manifest).path("command").forEach(word -> command.add(word.asText()));
    assertEquals(List.of("./hlotune", "sft"), command.subList(0, 2));
    understood(command.subList(2, command.size()));
  }

  /** What {@code srun} gives the tasks of the script's step. */
  @Test
  void everyTaskOfTheScriptFindsItsPlace() throws IOException {
    String script = Files.readString(FOLDER.resolve("sft.sbatch"));
    assertEquals(1, option(script, "ntasks-per-node"));
    int nodes = option(script, "nodes");
    for (int node = 0; node < nodes; node++) {
      ProcessPlace place =
          place(
              Map.of(
                  "SLURM_JOB_ID",
                  "7",
                  "SLURM_STEP_NODELIST",
                  "gpu[1-" + nodes + "]",
                  "SLURM_STEP_NUM_TASKS",
                  String.valueOf(nodes),
                  "SLURM_STEP_TASKS_PER_NODE",
                  "1(x" + nodes + ")",
                  "SLURM_NODEID",
                  String.valueOf(node),
                  "SLURM_LOCALID",
                  "0",
                  "SLURM_PROCID",
                  String.valueOf(node)));
      assertEquals(node, place.index());
      assertEquals("gpu1:61447", place.coordinator().orElseThrow().toString());
      // A process alone on its host has all of its devices.
      assertTrue(place.localDevice().isEmpty());
    }
    assertTrue(script.contains("srun --kill-on-bad-exit=1 --wait=60 ./hlotune sft \"$@\""));
  }

  @Test
  void theCommandOfTheScriptIsUnderstood() throws IOException {
    Matcher command =
        Pattern.compile("(?m)^#   sbatch [^\\n]*sft\\.sbatch ((?:[^\\n]*\\\\\\n)*[^\\n]*)$")
            .matcher(Files.readString(FOLDER.resolve("sft.sbatch")));
    assertTrue(command.find());
    understood(List.of(command.group(1).replaceAll("\\\\\\n#", "").strip().split("\\s+", -1)));
  }

  private static int option(String script, String name) {
    Matcher matcher = Pattern.compile("(?m)^#SBATCH --" + name + "=(\\d+)$").matcher(script);
    assertTrue(matcher.find(), name);
    return Integer.parseInt(matcher.group(1));
  }

  private static void understood(List<String> words) {
    List<String> all = new ArrayList<>(words);
    all.set(0, Repository.root().resolve(words.getFirst()).toString());
    assertTrue(Files.isRegularFile(Path.of(all.getFirst())), words::toString);
    assertEquals(1, SftRecipe.read(all).config().sharding().processes().count());
  }
}
