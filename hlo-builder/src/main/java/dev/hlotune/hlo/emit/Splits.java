package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which dimensions of an array are cut into equal blocks along which axes of a mesh. */
public final class Splits {
  private Splits() {}

  /**
   * The mesh axes of each dimension by rules for axes.
   *
   * @param rules mesh axes, the outermost first, by the name of an array's axis; an axis without a
   *     rule is not split
   */
  public static List<List<String>> of(Shape shape, Map<String, List<String>> rules) {
    return shape.axes().stream().map(axis -> rules.getOrDefault(axis.name(), List.of())).toList();
  }

  /**
   * Refuses what cannot be.
   *
   * @param mesh its axes, which have all those of {@code splits}
   * @param splits for each dimension the mesh axes that it is split over, the outermost first
   * @throws ShapeException if two dimensions want one mesh axis, or one cannot be cut into equal
   *     blocks
   */
  public static void check(List<Axis> mesh, Shape shape, List<List<String>> splits) {
    Shape sizes = shape.withAxes(mesh);
    Map<String, String> owners = new HashMap<>();
    for (int dimension = 0; dimension < splits.size(); dimension++) {
      Axis axis = shape.axes().get(dimension);
      int parts = 1;
      for (String meshAxis : splits.get(dimension)) {
        String owner = owners.put(meshAxis, axis.name());
        if (owner != null) {
          throw new ShapeException(
              "placement of "
                  + shape
                  + ": expected each mesh axis to split one axis, got \""
                  + meshAxis
                  + "\" for \""
                  + owner
                  + "\" and \""
                  + axis.name()
                  + "\"; take it out of one of the two rules");
        }
        parts = Math.multiplyExact(parts, sizes.axis(meshAxis).size());
      }
      if (axis.size() % parts != 0) {
        throw new ShapeException(
            "placement of "
                + shape
                + ": expected \""
                + axis.name()
                + "\" to be a multiple of "
                + parts
                + " (mesh axes "
                + splits.get(dimension)
                + "), got "
                + axis.size()
                + "; change the sizes of these mesh axes, or split another axis than \""
                + axis.name()
                + "\"");
      }
    }
  }
}
