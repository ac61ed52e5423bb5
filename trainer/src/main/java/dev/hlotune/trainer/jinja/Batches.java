package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Equality;
import dev.hlotune.trainer.jinja.python.Generator;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Limits;
import dev.hlotune.trainer.jinja.python.Numbers;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The filters {@code batch} and {@code slice}: a list as a list of lists. */
final class Batches {
  private Batches() {}

  /** Lists of that many items each. */
  static Generator batch(@Nullable Object value, @Nullable Object size, @Nullable Object filling) {
    return Lazy.generator(
        "do_batch",
        () -> {
          List<@Nullable Object> batches = new ArrayList<>();
          List<@Nullable Object> batch = new ArrayList<>();
          for (Iterator<@Nullable Object> items = Iteration.of(value); items.hasNext(); ) {
            Object item = items.next();
            if (Equality.equal((long) batch.size(), size)) {
              batches.add(batch);
              batch = new ArrayList<>();
            }
            batch.add(item);
          }
          if (!batch.isEmpty()) {
            if (filling != null) {
              int missing = Limits.items(Math.max(0, Numbers.count(size, "batch") - batch.size()));
              batch.addAll(Collections.nCopies(missing, filling));
            }
            batches.add(batch);
          }
          return batches.iterator();
        });
  }

  /** That many lists, as even as they can be. */
  static Generator slice(@Nullable Object value, @Nullable Object count, @Nullable Object filling) {
    return Lazy.generator(
        "sync_do_slice",
        () -> {
          List<@Nullable Object> items = Iteration.list(value);
          int slices = Limits.items(Numbers.count(count, "slice"));
          if (slices == 0) {
            throw new DataException("slice: expected a number of slices other than 0, got 0");
          }
          List<@Nullable Object> all = new ArrayList<>();
          int size = Math.floorDiv(items.size(), slices);
          int longer = Math.floorMod(items.size(), slices);
          int from = 0;
          for (int i = 0; i < slices; i++) {
            int to = from + size + (i < longer ? 1 : 0);
            List<@Nullable Object> slice = new ArrayList<>(items.subList(from, to));
            if (filling != null && i >= longer) {
              slice.add(filling);
            }
            all.add(slice);
            from = to;
          }
          return all.iterator();
        });
  }
}
