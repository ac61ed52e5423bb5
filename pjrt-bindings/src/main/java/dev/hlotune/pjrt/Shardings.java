package dev.hlotune.pjrt;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one device holds of a sharded argument, read from the argument's attributes. */
final class Shardings {
  private static final Pattern MESH = Pattern.compile("sdy\\.mesh\\s+@(\\w+)\\s*=\\s*<\\[(.*?)\\]");
  private static final Pattern AXIS = Pattern.compile("\"([^\"]+)\"\\s*=\\s*(\\d+)");
  private static final Pattern SHARDY =
      Pattern.compile("#sdy\\.sharding<\\s*@(\\w+)\\s*,\\s*\\[(.*?)\\]");
  private static final Pattern DIMENSION = Pattern.compile("\\{([^}]*)\\}");
  private static final Pattern DIMENSION_AXIS =
      Pattern.compile("\"([^\"]+)\"(?::\\(\\d+\\)(\\d+))?");
  private static final Pattern TILES = Pattern.compile("devices=\\[([\\d,]+)\\]");

  private Shardings() {}

  /**
   * The shard's type: each dimension divided by the sizes of the mesh axes that it is split over,
   * rounded up.
   *
   * @param type the whole argument
   * @param attributes of the argument, {@code {sdy.sharding = #sdy.sharding<@mesh, [{"data"},
   *     {}]>}} or {@code {mhlo.sharding = "{devices=[2,1]<=[2]}"}}
   * @param program the whole text, which holds the meshes
   */
  static BufferType shard(BufferType type, String attributes, String program) {
    long[] parts;
    if (attributes.contains("sdy.sharding")) {
      parts = shardyParts(type, attributes, program);
    } else if (attributes.contains("mhlo.sharding")) {
      parts = tileParts(type, attributes);
    } else {
      return type;
    }
    long[] dimensions = type.dimensions();
    for (int index = 0; index < dimensions.length; index++) {
      dimensions[index] = Math.ceilDiv(dimensions[index], parts[index]);
    }
    return new BufferType(type.elementType(), dimensions);
  }

  private static long[] shardyParts(BufferType type, String attributes, String program) {
    Matcher sharding = SHARDY.matcher(attributes);
    if (!sharding.find()) {
      throw unreadable(attributes);
    }
    Map<String, Long> axes = mesh(sharding.group(1), program);
    long[] parts = new long[type.rank()];
    Matcher dimension = DIMENSION.matcher(sharding.group(2));
    int index = 0;
    for (; dimension.find(); index++) {
      long product = 1;
      Matcher axis = DIMENSION_AXIS.matcher(dimension.group(1));
      while (axis.find()) {
        // A part of an axis, "x":(1)2, says its own size.
        Long size = axis.group(2) != null ? Long.valueOf(axis.group(2)) : axes.get(axis.group(1));
        if (size == null) {
          throw unreadable(attributes);
        }
        product *= size;
      }
      if (index >= parts.length) {
        throw unreadable(attributes);
      }
      parts[index] = product;
    }
    if (index != parts.length) {
      throw unreadable(attributes);
    }
    return parts;
  }

  private static Map<String, Long> mesh(String name, String program) {
    Matcher mesh = MESH.matcher(program);
    while (mesh.find()) {
      if (mesh.group(1).equals(name)) {
        Map<String, Long> axes = new HashMap<>();
        Matcher axis = AXIS.matcher(mesh.group(2));
        while (axis.find()) {
          axes.put(axis.group(1), Long.valueOf(axis.group(2)));
        }
        return axes;
      }
    }
    throw PjrtException.invalid(
        "program text", "sharding: expected \"sdy.mesh @" + name + "\", got none");
  }

  private static long[] tileParts(BufferType type, String attributes) {
    long[] parts = new long[type.rank()];
    java.util.Arrays.fill(parts, 1);
    Matcher tiles = TILES.matcher(attributes);
    if (tiles.find()) {
      String[] sizes = tiles.group(1).split(",", -1);
      if (sizes.length < parts.length) {
        throw unreadable(attributes);
      }
      for (int index = 0; index < parts.length; index++) {
        parts[index] = Long.parseLong(sizes[index]);
      }
    } else if (!attributes.contains("{replicated}")) {
      throw unreadable(attributes);
    }
    return parts;
  }

  private static PjrtException unreadable(String attributes) {
    return PjrtException.invalid(
        "program text",
        "sharding: expected \"#sdy.sharding<@mesh, [{…}, …]>\" with one entry per dimension, or"
            + " \"{devices=[…]}\", got "
            + attributes);
  }
}
