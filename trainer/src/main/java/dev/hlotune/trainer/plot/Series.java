package dev.hlotune.trainer.plot;

import java.util.List;

/**
 * One line of a plot.
 *
 * @param name for the legend
 * @param points by ascending x; where y is not finite the line is broken
 * @param colour below {@link LinePlot#COLOURS}
 * @param dash below {@link LinePlot#DASHES}
 */
public record Series(String name, List<Point> points, int colour, int dash) {

  /** A place of a line. */
  public record Point(double x, double y) {}

  /** Keeps its own list. */
  public Series {
    points = List.copyOf(points);
  }
}
