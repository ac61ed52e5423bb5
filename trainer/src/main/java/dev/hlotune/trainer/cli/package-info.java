/**
 * The command line, and the only package that prints.
 *
 * <p>{@code Main} finds the {@code Subcommand}, makes it, and turns whatever it throws into one
 * line on standard error and an {@code ExitCode}. A command gets the {@code Console}, which knows
 * whether there is a terminal and keeps the line that changes apart from the lines that stay.
 * {@code SftCommand} reads its configuration ({@link dev.hlotune.configs.SftRecipe}), hands it to
 * the training loop and shows what that reports ({@code ProgressDisplay}, a {@link
 * dev.hlotune.trainer.loop.RunObserver}); {@code StopSignal} carries Ctrl-C to it.
 *
 * <p>Starting is quick because little is loaded: only the named command is made, and nothing is
 * looked for on the class path.
 */
@NullMarked
package dev.hlotune.trainer.cli;

import org.jspecify.annotations.NullMarked;
