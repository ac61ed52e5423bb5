package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.plan.Collective;
import dev.hlotune.trainer.plan.Plan;
import dev.hlotune.trainer.plan.PlannedMemory;
import dev.hlotune.trainer.plan.PlannedProgram;
import dev.hlotune.trainer.plan.Remedy;
import dev.hlotune.trainer.plan.StepTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A plan for programs to read, as docs/plan.md describes it. */
final class PlanJson {
  private PlanJson() {}

  static Map<String, Object> fields(Plan plan) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("target", plan.target());
    fields.put("card", plan.card());
    fields.put("devices", plan.devices());
    fields.put("mesh", plan.mesh());
    fields.put("sharding_strategy", plan.strategy());
    fields.put("plugin", plan.plugin());
    fields.put("weights", plan.weights());
    fields.put("trained_weights", plan.trained());
    fields.put("memory_bytes", plan.memory());
    fields.put("budget_bytes", plan.budget());
    fields.put("peak_bytes", plan.peak());
    fields.put("fits", plan.fits());
    fields.put("programs", plan.programs().stream().map(PlanJson::program).toList());
    plan.largest()
        .ifPresent(largest -> {
          Map<String, Object> batch = new LinkedHashMap<>();
          batch.put("per_device_train_batch_size", largest.perDevice());
          batch.put("peak_bytes", largest.peak());
          batch.put("more_may_fit", largest.atLeast());
          fields.put("largest_micro_batch", batch);
        });
    fields.put("remedies", plan.remedies().stream().map(PlanJson::remedy).toList());
    fields.put("notes", plan.notes());
    return fields;
  }

  private static Map<String, Object> program(PlannedProgram program) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", program.name());
    fields.put("kind", program.kind().name().toLowerCase(Locale.ROOT));
    fields.put("positions", program.positions());
    fields.put("compiled", program.compiled());
    fields.put("emit_seconds", program.emission());
    fields.put("compile_seconds", program.seconds());
    program.refusal().ifPresent(refusal -> fields.put("refusal", refusal));
    PlannedMemory memory = program.memory();
    Map<String, Object> bytes = new LinkedHashMap<>();
    bytes.put("parameters", memory.parameters());
    bytes.put("optimizer", memory.optimizer());
    bytes.put("gradients", memory.gradients());
    bytes.put("activations", memory.activations());
    bytes.put("peak", memory.peak());
    bytes.put("host", memory.host());
    fields.put("bytes_per_device", bytes);
    fields.put("flops", program.flops());
    fields.put("needed_flops", program.neededFlops());
    program.time().ifPresent(time -> fields.put("roofline", time(time)));
    fields.put("collectives", program.collectives().stream().map(PlanJson::collective).toList());
    return fields;
  }

  private static Map<String, Object> time(StepTime time) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("compute_seconds", time.compute());
    fields.put("memory_seconds", time.memory());
    fields.put("network_seconds", time.network());
    fields.put("step_seconds_overlapped", time.overlapped());
    fields.put("step_seconds_in_turn", time.inTurn());
    fields.put("mfu_at_most", time.mostUtilization());
    fields.put("bound_by", time.boundBy());
    return fields;
  }

  private static Map<String, Object> collective(Collective collective) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", collective.kind());
    fields.put("count", collective.count());
    fields.put("payload_bytes", collective.payload());
    fields.put("sent_bytes", collective.sent());
    return fields;
  }

  private static Map<String, Object> remedy(Remedy remedy) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("settings", remedy.settings());
    fields.put("effect", remedy.effect());
    fields.put("peak_bytes", remedy.peak());
    fields.put("compiled", remedy.compiled());
    fields.put("fits", remedy.fits());
    return fields;
  }
}
