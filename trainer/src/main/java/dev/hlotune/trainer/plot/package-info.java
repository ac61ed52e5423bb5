/**
 * Curves as SVG: one file that needs nothing beside it, in light and dark.
 *
 * <p>A {@link dev.hlotune.trainer.plot.LinePlot} is a title, two labels and some {@link
 * dev.hlotune.trainer.plot.Series}; {@code Scale} places numbers and chooses where ticks are, along
 * a line or its logarithm. What comes out is text: colours and fonts stand in its own style sheet,
 * which follows what the reader's system prefers, so that it can stand in a page as well as alone.
 */
@NullMarked
package dev.hlotune.trainer.plot;

import org.jspecify.annotations.NullMarked;
