package dev.hlotune.trainer.loop;

import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.LadderReport;
import dev.hlotune.trainer.data.PlanOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run is about to do.
 *
 * @param device the devices, such as {@code cpu: 1 device, PJRT C API 0.81}
 * @param model the model in words, such as {@code llama, 4 layers, width 128, random weights}
 * @param parameters weights, each counted once
 * @param trained what is trained of them, as PEFT says it, a line for each stage; empty where it is
 *     all
 * @param optimizer the update rule in words, then what differs from weight to weight
 * @param examples training examples
 * @param heldOutExamples held-out examples, 0 where there are none
 * @param left how many records gave no example, by reason; empty where all did
 * @param truncated examples cut to the longest length
 * @param tokens real tokens of an epoch
 * @param supervisedFraction the part of them that carries loss, between 0 and 1
 * @param paddingFraction the part of all positions of an epoch that is padding, between 0 and 1
 * @param order how examples come together in rows and batches, and how many micro-batches make an
 *     update
 * @param buckets the shapes of a micro-batch
 * @param heldOutBuckets the shapes of held-out batches; empty where there are none
 * @param ladder how the shapes were chosen
 * @param epochs passes over the data
 * @param steps updates in all
 * @param outputDirectory where results go
 */
public record RunPlan(
    String device,
    String model,
    long parameters,
    List<String> trained,
    List<String> optimizer,
    long examples,
    long heldOutExamples,
    Map<String, Long> left,
    long truncated,
    long tokens,
    double supervisedFraction,
    double paddingFraction,
    PlanOptions order,
    List<Bucket> buckets,
    List<Bucket> heldOutBuckets,
    LadderReport ladder,
    double epochs,
    int steps,
    Path outputDirectory) {

  public RunPlan {
    trained = List.copyOf(trained);
    optimizer = List.copyOf(optimizer);
    left = Map.copyOf(left);
    buckets = List.copyOf(buckets);
    heldOutBuckets = List.copyOf(heldOutBuckets);
  }
}
