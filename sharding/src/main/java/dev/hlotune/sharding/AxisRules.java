package dev.hlotune.sharding;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.emit.Splits;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which mesh axes split which axes of arrays. Data parallelism, FSDP and tensor parallelism are
 * such maps and nothing else: {@code batch → data} alone splits the batch and keeps every weight
 * whole, {@code embed → fsdp} splits every weight that has that axis. Without rules everything is
 * whole on every device.
 *
 * @param mesh the mesh
 * @param rules mesh axes, the outermost first, by the name of an array's axis; an axis without a
 *     rule is not split, a rule for an axis that an array lacks says nothing of it
 */
public record AxisRules(Mesh mesh, Map<String, List<String>> rules) {
  /**
   * Rules.
   *
   * @throws ShapeException if a rule names an axis that the mesh does not have
   */
  public AxisRules {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    rules.forEach((axis, meshAxes) -> copy.put(axis, List.copyOf(meshAxes)));
    rules = Collections.unmodifiableMap(copy);
    for (Map.Entry<String, List<String>> rule : rules.entrySet()) {
      for (String meshAxis : rule.getValue()) {
        if (!mesh.has(meshAxis)) {
          throw new ShapeException(
              "axis rule \""
                  + rule.getKey()
                  + "\": expected mesh axes among "
                  + mesh.axes()
                  + ", got \""
                  + meshAxis
                  + "\"");
        }
      }
    }
  }

  /** These rules with others for some axes. */
  AxisRules with(Map<String, List<String>> others) {
    Map<String, List<String>> changed = new LinkedHashMap<>(rules);
    changed.putAll(others);
    return new AxisRules(mesh, changed);
  }

  /**
   * Where an array of this shape lies.
   *
   * @throws ShapeException if two of its axes want one mesh axis, or the sizes of the mesh axes do
   *     not divide the size of an axis
   */
  public Placement place(Shape shape) {
    return new Placement(mesh, shape, Splits.of(shape, rules));
  }
}
