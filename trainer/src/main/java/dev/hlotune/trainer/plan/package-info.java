/**
 * What a recipe takes on devices that need not be there, and its programs compiled for them.
 *
 * <p>{@link dev.hlotune.trainer.plan.PlannedRecipe} is a recipe on a number of devices: the
 * programs that a run would compile ({@link dev.hlotune.trainer.loop.RecipeOutline}), each as the
 * text that it would have, by the rules of its mesh. {@link
 * dev.hlotune.trainer.plan.TargetCompiler} compiles such texts for a {@link
 * dev.hlotune.trainer.hardware.Target}: through a topology for devices that are absent, through a
 * client for the processor.
 *
 * <p>{@link dev.hlotune.trainer.plan.Planner} puts both together and gives a {@link
 * dev.hlotune.trainer.plan.Plan}. Memory is what the compiler says of the compiled program, taken
 * apart by what the rules say of weights, state and gradients; work is counted in the graph; what
 * devices exchange is read out of the optimized program; times are a roofline by the figures of the
 * card. The largest micro-batch, and what to change where a run does not fit, are compiled too, not
 * guessed. {@link dev.hlotune.trainer.plan.AheadCompiler} writes the compiled programs into the
 * cache or an archive.
 */
@NullMarked
package dev.hlotune.trainer.plan;

import org.jspecify.annotations.NullMarked;
