package dev.hlotune.hlo.grad;

import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Region;
import dev.hlotune.hlo.Rewriter;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of the operations that contain a graph. The body is differentiated symbolically; {@link
 * Residuals} says what the forward pass keeps, and the forward node is exchanged for one that
 * returns it.
 */
final class LoopRules {
  private LoopRules() {}

  /** The backward pass of a body, as graph over the body's own nodes and fresh cotangents. */
  private record Body(List<Tensor> cotangents, List<Tensor> results, List<Tensor> backward) {}

  /** A scan back over the same axis that carries the carry's cotangent and sums the captured's. */
  static void scan(Pullback back, Op.Scan scan, List<@Nullable Tensor> results) {
    int carried = scan.initial().size();
    List<Tensor> parameters = scan.body().parameters();
    List<Tensor> carries = floats(parameters.subList(0, carried));
    // A sequence that nothing is differentiated by, such as a frozen weight's layers, costs
    // nothing.
    List<Tensor> sequencesBy = scan.sequences().stream().filter(back::wants).toList();
    List<Tensor> slices = new ArrayList<>();
    for (int i = 0; i < scan.sequences().size(); i++) {
      if (back.wants(scan.sequences().get(i))) {
        slices.add(parameters.get(carried + i));
      }
    }
    List<Tensor> captured = wanted(back, scan.body());
    List<Tensor> by = concat(carries, slices, captured);
    Predicate<Integer> used = i -> i < carried || back.cotangent(get(results, i)) != null;
    Body body = differentiate(scan.body(), by, used);

    List<Tensor> kept =
        Residuals.choose(
            body.backward(),
            body.cotangents(),
            parameters,
            parameters.subList(carried, parameters.size()),
            scan.remat());
    Region forwardBody = Region.of(parameters, concat(body.results(), kept));
    List<Tensor> forward =
        Tensors.node(
            new Op.Scan(
                scan.axis(),
                scan.initial(),
                scan.sequences(),
                forwardBody,
                scan.reverse(),
                scan.remat()));
    back.rewriter().exchange(scan, forward);

    // Body of the backward scan: cotangents of the carry, sums for the captured tensors, then
    // slices of the results' cotangents, of the sequences and of what was kept.
    List<Tensor> initial = new ArrayList<>();
    List<Tensor> sequences = new ArrayList<>();
    for (int i = 0; i < scan.body().results().size(); i++) {
      Tensor result = scan.body().results().get(i);
      if (!result.dtype().isFloat() || !used.test(i)) {
        continue;
      }
      Tensor cotangent = back.cotangent(get(results, i));
      if (i < carried) {
        initial.add(VjpRules.orZeros(cotangent, result));
      } else if (cotangent != null) {
        sequences.add(cotangent);
      }
    }
    int carriedBack = initial.size();
    List<Tensor> sums = arguments(captured);
    captured.forEach(tensor -> initial.add(Tensors.zerosLike(tensor)));
    sequences.addAll(scan.sequences());
    sequences.addAll(forward.subList(body.results().size(), forward.size()));
    List<Tensor> keptArguments = arguments(kept);
    List<Tensor> backParameters =
        concat(
            body.cotangents().subList(0, carriedBack),
            sums,
            body.cotangents().subList(carriedBack, body.cotangents().size()),
            parameters.subList(carried, parameters.size()),
            keptArguments);
    List<Tensor> gradients = substitute(body.backward(), kept, keptArguments);
    List<Tensor> next = new ArrayList<>(gradients.subList(0, carries.size()));
    int firstCaptured = carries.size() + slices.size();
    for (int i = 0; i < captured.size(); i++) {
      next.add(sums.get(i).plus(gradients.get(firstCaptured + i)));
    }
    next.addAll(gradients.subList(carries.size(), firstCaptured));
    List<Tensor> backward =
        Tensors.node(
            new Op.Scan(
                scan.axis(),
                initial,
                sequences,
                Region.of(backParameters, next),
                !scan.reverse(),
                scan.remat()));

    int at = 0;
    for (Tensor tensor : floats(scan.initial())) {
      back.add(tensor, backward.get(at++));
    }
    for (Tensor tensor : captured) {
      back.add(tensor, backward.get(at++));
    }
    for (Tensor tensor : sequencesBy) {
      back.add(tensor, backward.get(at++));
    }
  }

  /** The body's backward pass, over values kept or computed again behind a barrier. */
  static void checkpoint(Pullback back, Op.Checkpoint block, List<@Nullable Tensor> results) {
    Region region = block.body();
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> own = new ArrayList<>();
    for (int i = 0; i < block.inputs().size(); i++) {
      if (back.wants(block.inputs().get(i))) {
        inputs.add(block.inputs().get(i));
        own.add(region.parameters().get(i));
      }
    }
    List<Tensor> captured = wanted(back, region);
    Body body =
        differentiate(region, concat(own, captured), i -> back.cotangent(get(results, i)) != null);
    List<Tensor> kept =
        Residuals.choose(
            body.backward(),
            body.cotangents(),
            region.parameters(),
            region.parameters(),
            block.remat());
    Region forwardBody = Region.of(region.parameters(), concat(body.results(), kept));
    List<Tensor> forward =
        Tensors.node(new Op.Checkpoint(block.inputs(), forwardBody, block.remat()));
    back.rewriter().exchange(block, forward);

    // The barrier ties the block's inputs to the incoming cotangents: nothing is computed again
    // before it is needed, and the compiler cannot merge it with the forward pass.
    List<Tensor> cotangents = new ArrayList<>();
    for (int i = 0; i < region.results().size(); i++) {
      Tensor cotangent = back.cotangent(get(results, i));
      if (cotangent != null) {
        cotangents.add(cotangent);
      }
    }
    List<Tensor> tied = Tensors.barrier(concat(block.inputs(), cotangents));
    int count = block.inputs().size();
    List<Tensor> gradients =
        substitute(
            body.backward(),
            concat(region.parameters(), body.cotangents(), kept),
            concat(
                tied.subList(0, count),
                tied.subList(count, tied.size()),
                forward.subList(body.results().size(), forward.size())));
    for (int i = 0; i < inputs.size(); i++) {
      back.add(inputs.get(i), gradients.get(i));
    }
    for (int i = 0; i < captured.size(); i++) {
      back.add(captured.get(i), gradients.get(inputs.size() + i));
    }
  }

  private static Body differentiate(Region region, List<Tensor> by, Predicate<Integer> used) {
    List<Tensor> outputs = new ArrayList<>();
    for (int i = 0; i < region.results().size(); i++) {
      Tensor result = region.results().get(i);
      if (result.dtype().isFloat() && used.test(i)) {
        outputs.add(result);
      }
    }
    List<Tensor> cotangents = arguments(outputs);
    Pullback inner = new Pullback(outputs, by);
    List<Tensor> gradients = inner.pull(cotangents);
    // Both at once, so that they share what is rebuilt.
    int count = region.results().size();
    List<Tensor> both = inner.rewriter().rewrite(concat(region.results(), gradients));
    return new Body(cotangents, both.subList(0, count), both.subList(count, both.size()));
  }

  private static List<Tensor> wanted(Pullback back, Region region) {
    return region.captured().stream().filter(back::wants).toList();
  }

  private static List<Tensor> substitute(List<Tensor> tensors, List<Tensor> from, List<Tensor> to) {
    Rewriter rewriter = new Rewriter();
    for (int i = 0; i < from.size(); i++) {
      rewriter.replace(from.get(i), to.get(i));
    }
    return rewriter.rewrite(tensors);
  }

  private static List<Tensor> arguments(List<Tensor> like) {
    return like.stream()
        .map(tensor -> Tensors.node(new Op.Argument(tensor.shape())).getFirst())
        .toList();
  }

  private static List<Tensor> floats(List<Tensor> tensors) {
    return tensors.stream().filter(tensor -> tensor.dtype().isFloat()).toList();
  }

  private static @Nullable Tensor get(List<@Nullable Tensor> results, int index) {
    return index < results.size() ? results.get(index) : null;
  }

  @SafeVarargs
  private static List<Tensor> concat(List<Tensor>... lists) {
    List<Tensor> all = new ArrayList<>();
    for (List<Tensor> list : lists) {
      all.addAll(list);
    }
    return all;
  }
}
