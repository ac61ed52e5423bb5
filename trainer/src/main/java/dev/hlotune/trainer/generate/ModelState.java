package dev.hlotune.trainer.generate;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.KeyValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What goes from one program to the next and never leaves the device: the last token of every row,
 * the keys and values of every layer, and, for a penalty, which tokens were there.
 *
 * @param token i32 {@code [batch]}
 * @param cache of each layer
 * @param seen i32 {@code [batch, vocab]}, 1 where the row had the token
 */
record ModelState(Tensor token, List<KeyValues> cache, Optional<Tensor> seen) {
  ModelState {
    cache = List.copyOf(cache);
  }

  /** All in the order of programs. */
  List<Tensor> tensors() {
    List<Tensor> all = new ArrayList<>();
    all.add(token);
    cache.forEach(layer -> all.addAll(List.of(layer.keys(), layer.values())));
    seen.ifPresent(all::add);
    return all;
  }

  /** The inverse of {@link #tensors}. */
  ModelState with(List<Tensor> tensors) {
    List<KeyValues> layers = new ArrayList<>();
    for (int i = 0; i < cache.size(); i++) {
      layers.add(new KeyValues(tensors.get(1 + 2 * i), tensors.get(2 + 2 * i)));
    }
    return new ModelState(tensors.getFirst(), layers, seen.map(_ -> tensors.getLast()));
  }

  /** How each lies in memory. */
  List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    shapes.add(token.shape());
    cache.forEach(layer ->
        shapes.addAll(List.of(KeyValues.shape(layer.keys()), KeyValues.shape(layer.values()))));
    seen.ifPresent(tokens -> shapes.add(tokens.shape()));
    return shapes;
  }

  /** Parameters of a program that takes it. */
  ModelState parameters() {
    List<Tensor> parameters = new ArrayList<>();
    for (Shape shape : shapes()) {
      parameters.add(Tensors.parameter("state." + parameters.size(), shape));
    }
    return with(parameters);
  }

  /** Outputs of a program that gives it. */
  List<Program.Output> outputs() {
    List<Tensor> tensors = tensors();
    List<Shape> shapes = shapes();
    List<Program.Output> outputs = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      outputs.add(new Program.Output("state." + i, tensors.get(i), shapes.get(i)));
    }
    return outputs;
  }
}
