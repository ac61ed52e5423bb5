package dev.hlotune.trainer.checkpoint;

import dev.hlotune.hlo.nn.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The tensors of a model's files beside those that its configuration describes.
 *
 * @param found those that are asked for, under the names that they are asked for with
 * @param problems what does not fit; only those that are shown are put into words
 */
record TensorMatch(Map<String, TensorEntry> found, List<Supplier<String>> problems) {
  private static final int SHOWN = 8;

  // No weights, but saved by old versions of transformers: causal masks and rotary frequencies.
  private static final Pattern BUFFERS =
      Pattern.compile("(.*\\.)?(h\\.\\d+\\.attn\\.(masked_)?bias|rotary_emb\\.inv_freq)");

  /** As {@link ModelWeights#match}. */
  static TensorMatch of(
      ModelWeights files, Map<String, List<Long>> expected, Map<String, String> copies) {
    Map<String, TensorEntry> found = new LinkedHashMap<>();
    Set<String> others = new HashSet<>(files.tensors().keySet());
    List<String> missing = new ArrayList<>();
    List<Supplier<String>> problems = new ArrayList<>();
    expected.forEach((name, shape) -> {
      Optional<TensorEntry> entry = files.find(name);
      if (entry.isEmpty()) {
        missing.add(name);
        return;
      }
      TensorEntry own = entry.get();
      others.remove(own.name());
      if (!own.shape().equals(shape)) {
        problems.add(() -> "'%s' of %s, not %s".formatted(name, own.shape(), shape));
      } else if (!FloatConversion.has(own.type())) {
        problems.add(() -> "'%s' of %s, not floats".formatted(name, own.type()));
      } else {
        found.put(name, new TensorEntry(name, own.type(), shape, own.data()));
      }
    });
    others.removeIf(name -> BUFFERS.matcher(name).matches());
    copies.forEach((copy, original) -> {
      if (others.remove(copy) && !equal(files.find(copy), files.find(original))) {
        problems.add(() -> "'%s' unlike '%s', to which it is tied".formatted(copy, original));
      }
    });
    missing.forEach(name -> problems.add(() -> "no '%s'%s".formatted(name, near(name, others))));
    Collection<String> wanted = missing.isEmpty() ? expected.keySet() : missing;
    others.stream()
        .sorted()
        .forEach(name -> problems.add(() -> "'%s' as well%s".formatted(name, near(name, wanted))));
    return new TensorMatch(found, problems);
  }

  private static boolean equal(Optional<TensorEntry> copy, Optional<TensorEntry> original) {
    return copy.isPresent()
        && original.isPresent()
        && copy.get().type() == original.get().type()
        && copy.get().shape().equals(original.get().shape())
        && copy.get().data().mismatch(original.get().data()) < 0;
  }

  private static String near(String name, Collection<String> known) {
    return NearestName.of(name, known)
        .map(other -> " (the nearest is '%s')".formatted(other))
        .orElse("");
  }

  /** The first problems, in words. */
  String shown() {
    String first =
        problems.stream().limit(SHOWN).map(Supplier::get).collect(Collectors.joining(", "));
    int more = problems.size() - SHOWN;
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }
}
