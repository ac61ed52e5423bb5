package dev.hlotune.trainer.plan;

import dev.hlotune.trainer.hardware.Target;
import java.util.Optional;

/**
 * What a plan is asked for.
 *
 * @param target the devices
 * @param devices how many; empty for as many as the target or the recipe says
 * @param withData whether the recipe's data says which shapes there are; else they are those of
 *     {@code per_device_train_batch_size} and {@code max_length}
 * @param searches whether the largest micro-batch is searched
 * @param advises whether it is said what to change where the run does not fit
 */
public record PlanOptions(
    Target target,
    Optional<Integer> devices,
    boolean withData,
    boolean searches,
    boolean advises) {}
