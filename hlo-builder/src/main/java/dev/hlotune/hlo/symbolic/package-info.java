/**
 * One text for every size of a batch: programs whose sizes are known when they are called.
 *
 * <p>The DSL computes with sizes as plain numbers, so a {@link dev.hlotune.hlo.Program} is of one
 * shape. What the emitter prints of it is a function of the sizes, and of a simple kind: the same
 * lines with other numbers in them, each a polynomial of the sizes. {@link
 * dev.hlotune.hlo.symbolic.SymbolicProgram} prints a program at a few sizes, finds the polynomials
 * ({@link dev.hlotune.hlo.symbolic.Interpolation}), puts them to the test at other sizes, and
 * writes the text with {@code ?} in place of the numbers and StableHLO's operations for dynamic
 * shapes in place of those whose attributes they were. A program whose lines are others at other
 * sizes is refused, naming the line of Java that made the difference.
 */
@NullMarked
package dev.hlotune.hlo.symbolic;

import org.jspecify.annotations.NullMarked;
