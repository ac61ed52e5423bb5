package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.web.Checksum;
import dev.hlotune.trainer.step.ModelMesh;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Says what a run is made of, before its first step. */
final class Manifests {
  /** Of the device's figures the sizes of the mesh by the names of its axes. */
  static final String MESH = "mesh";

  /** Of the program's hashes those of the step of a bucket. */
  static final String STEP = "stablehlo/";

  private Manifests() {}

  static RunManifest of(
      SftConfig config, FetchedModel model, DataSets data, Programs programs, ModelMesh mesh) {
    Client client = mesh.devices().client();
    Map<String, String> hashes = new LinkedHashMap<>(new TreeMap<>(model.commits()));
    hashes.put("data", String.join(",", data.train().contentHashes()));
    data.heldOut()
        .ifPresent(heldOut -> hashes.put("eval_data", String.join(",", heldOut.contentHashes())));
    hashes.put("tokenizer", data.tokenizer().fingerprint());
    hashes.put("template", data.template().fingerprint());
    programs
        .stages()
        .named()
        .forEach(stage ->
            stage
                .getValue()
                .programs()
                .forEach((bucket, step) ->
                    hashes.put(STEP + stage.getKey() + bucket, sha256(step.text()))));
    Map<String, Object> device = new LinkedHashMap<>();
    device.put("platform", client.platformName());
    device.put("kind", client.device().kind());
    device.put("count", mesh.devices().devices().size());
    Map<String, Integer> axes = new LinkedHashMap<>();
    mesh.devices().mesh().axes().forEach(axis -> axes.put(axis.name(), axis.size()));
    device.put(MESH, axes);
    device.put(
        "strategy", config.sharding().strategy().map(strategy -> strategy.spelled()).orElse(""));
    device.put("row_multiple", data.batches().rows().multiple());
    return RunManifest.of(config, client.plugin().identity(), hashes, device);
  }

  private static String sha256(String text) {
    return HexFormat.of()
        .formatHex(Checksum.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
