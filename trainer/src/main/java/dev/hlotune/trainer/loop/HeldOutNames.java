package dev.hlotune.trainer.loop;

import dev.hlotune.configs.DatasetSpec;
import dev.hlotune.configs.Location;
import java.util.ArrayList;
import java.util.List;

/** What held-out data sets are called in metrics: their names, so that each stands for one. */
final class HeldOutNames {
  private HeldOutNames() {}

  /** A name for each, of letters, digits and underscores. */
  static List<String> of(List<DatasetSpec> specs) {
    List<String> names = new ArrayList<>();
    for (DatasetSpec spec : specs) {
      String name = name(spec.path());
      if (specs.stream().filter(other -> name(other.path()).equals(name)).count() > 1) {
        names.add(unlike(names, name + detail(spec)));
      } else {
        names.add(unlike(names, name));
      }
    }
    return names;
  }

  private static String name(Location location) {
    String path =
        switch (location) {
          case Location.Local(var local) -> String.valueOf(local.getFileName());
          case Location.OnHub(String id) -> id.substring(id.lastIndexOf('/') + 1);
          case Location.Glob(String pattern) -> pattern.substring(pattern.lastIndexOf('/') + 1);
          case Location.Task(String task) -> task;
        };
    int ending = path.indexOf('.', 1);
    return plain(ending > 0 ? path.substring(0, ending) : path);
  }

  /** What tells two apart that are of one data set. */
  private static String detail(DatasetSpec spec) {
    return spec.config().map(config -> "_" + plain(config)).orElse("")
        + spec.split().map(split -> "_" + plain(split)).orElse("");
  }

  private static String plain(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", "");
    return plain.isEmpty() ? "data" : plain;
  }

  private static String unlike(List<String> names, String wanted) {
    String name = wanted;
    for (int number = 2; names.contains(name); number++) {
      name = wanted + "_" + number;
    }
    return name;
  }
}
