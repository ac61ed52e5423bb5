package dev.hlotune.trainer.loop;

import dev.hlotune.trainer.data.Bucket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run is about to do.
 *
 * @param device the devices, such as {@code cpu: 1 device, PJRT C API 0.81}
 * @param model the model in words, such as {@code llama, 4 layers, width 128, random weights}
 * @param parameters weights, each counted once
 * @param examples training examples
 * @param heldOutExamples held-out examples, 0 where there are none
 * @param left how many records gave no example, by reason; empty where all did
 * @param truncated examples cut to the longest length
 * @param tokens real tokens of an epoch
 * @param supervisedFraction the part of them that carries loss, between 0 and 1
 * @param paddingFraction the part of all positions of an epoch that is padding, between 0 and 1
 * @param buckets the shapes of a micro-batch
 * @param microBatches micro-batches in one update
 * @param epochs passes over the data
 * @param steps updates in all
 * @param outputDirectory where results go
 */
public record RunPlan(
    String device,
    String model,
    long parameters,
    long examples,
    long heldOutExamples,
    Map<String, Long> left,
    long truncated,
    long tokens,
    double supervisedFraction,
    double paddingFraction,
    List<Bucket> buckets,
    int microBatches,
    double epochs,
    int steps,
    Path outputDirectory) {

  public RunPlan {
    left = Map.copyOf(left);
    buckets = List.copyOf(buckets);
  }
}
