package dev.hlotune.hlo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Rebuilds a graph with some tensors exchanged for others. Nodes that do not depend on an exchanged
 * tensor are kept as they are.
 */
public final class Rewriter {
  private final IdentityHashMap<Tensor, Tensor> replaced = new IdentityHashMap<>();
  private final IdentityHashMap<Op, List<Tensor>> exchanged = new IdentityHashMap<>();

  /** A rewriter that changes nothing yet. */
  public Rewriter() {}

  /** Uses {@code replacement} wherever {@code tensor} stood; both have the same shape. */
  public Rewriter replace(Tensor tensor, Tensor replacement) {
    if (tensor.dtype() != replacement.dtype() || !tensor.shape().sameAxes(replacement.shape())) {
      throw new ShapeException(
          "replacement: expected " + tensor.shape() + ", got " + replacement.shape());
    }
    replaced.put(tensor, replacement);
    return this;
  }

  /**
   * Uses another node's first results wherever those of {@code op} stood. Unlike a {@link #replace
   * replacement}, which is taken as it is, the other node's own operands are rewritten too.
   */
  public void exchange(Op op, List<Tensor> results) {
    exchanged.put(op, List.copyOf(results));
  }

  /** The tensors as they are after every exchange. */
  public List<Tensor> rewrite(List<Tensor> tensors) {
    return isEmpty() ? tensors : new Pass().rewrite(tensors);
  }

  private boolean isEmpty() {
    return replaced.isEmpty() && exchanged.isEmpty();
  }

  /** One rewriting; what it has built is shared by all its roots. */
  private final class Pass {
    private final IdentityHashMap<Op, List<Tensor>> rebuilt = new IdentityHashMap<>();
    private final Set<Op> kept = Collections.newSetFromMap(new IdentityHashMap<>());

    private List<Tensor> rewrite(List<Tensor> tensors) {
      IdentityHashMap<Op, Source> sources = new IdentityHashMap<>();
      tensors.forEach(tensor -> sources.put(tensor.op(), tensor.source()));
      for (Op op : Graph.sorted(tensors, this::isDone)) {
        boolean changed = false;
        for (Tensor operand : Graph.operands(op)) {
          sources.put(operand.op(), operand.source());
          changed |= lookup(operand) != operand;
        }
        if (changed) {
          Op copy = withOperands(op, this::lookup);
          Source source = sources.get(op);
          rebuilt.put(
              op,
              source == null
                  ? Tensor.allOf(copy)
                  : Source.attributing(source, () -> Tensor.allOf(copy)));
        } else {
          kept.add(op);
        }
      }
      return map(tensors, this::lookup);
    }

    private boolean isDone(Tensor tensor) {
      return replaced.containsKey(tensor)
          || exchanged.containsKey(tensor.op())
          || rebuilt.containsKey(tensor.op())
          || kept.contains(tensor.op());
    }

    private Tensor lookup(Tensor tensor) {
      Tensor replacement = replaced.get(tensor);
      if (replacement != null) {
        return replacement;
      }
      List<Tensor> results = rebuilt.get(tensor.op());
      List<Tensor> others = exchanged.get(tensor.op());
      if (results == null && others != null) {
        results = rewrite(others);
        rebuilt.put(tensor.op(), results);
      }
      return results == null ? tensor : results.get(tensor.index());
    }
  }

  private Region region(Region region) {
    return Region.of(region.parameters(), rewrite(region.results()));
  }

  private static Op withOperands(Op op, UnaryOperator<Tensor> to) {
    return switch (op) {
      case Op.Parameter _, Op.Argument _, Op.Fill _, Op.Literal _, Op.Iota _ -> op;
      case Op.Unary o -> new Op.Unary(o.kind(), to.apply(o.operand()));
      case Op.Binary o -> new Op.Binary(o.kind(), to.apply(o.left()), to.apply(o.right()));
      case Op.Compare o -> new Op.Compare(o.comparison(), to.apply(o.left()), to.apply(o.right()));
      case Op.Select o ->
          new Op.Select(to.apply(o.condition()), to.apply(o.onTrue()), to.apply(o.onFalse()));
      case Op.Convert o -> new Op.Convert(to.apply(o.operand()), o.dtype());
      case Op.Bitcast o -> new Op.Bitcast(to.apply(o.operand()), o.dtype());
      case Op.Broadcast o -> new Op.Broadcast(to.apply(o.operand()), o.shape());
      case Op.Rename o -> new Op.Rename(to.apply(o.operand()), o.from(), o.to());
      case Op.Split o -> new Op.Split(to.apply(o.operand()), o.axis(), o.into());
      case Op.Merge o -> new Op.Merge(to.apply(o.operand()), o.axes(), o.into());
      case Op.Slice o -> new Op.Slice(to.apply(o.operand()), o.axis(), o.start(), o.size());
      case Op.Pad o -> new Op.Pad(to.apply(o.operand()), o.axis(), o.before(), o.after());
      case Op.Concat o -> new Op.Concat(map(o.operands(), to), o.axis());
      case Op.DynamicSlice o ->
          new Op.DynamicSlice(to.apply(o.operand()), o.axis(), to.apply(o.start()), o.size());
      case Op.DynamicUpdate o ->
          new Op.DynamicUpdate(
              to.apply(o.operand()), o.axis(), to.apply(o.start()), to.apply(o.update()));
      case Op.Take o -> new Op.Take(to.apply(o.operand()), o.axis(), to.apply(o.indices()));
      case Op.ScatterAdd o ->
          new Op.ScatterAdd(
              to.apply(o.operand()), o.axis(), to.apply(o.indices()), to.apply(o.updates()));
      case Op.Reduce o -> new Op.Reduce(o.kind(), to.apply(o.operand()), o.axes());
      case Op.Dot o ->
          new Op.Dot(to.apply(o.left()), to.apply(o.right()), o.contracted(), o.dtype());
      case Op.Sort o -> new Op.Sort(map(o.operands(), to), o.axis());
      case Op.Scan o ->
          new Op.Scan(
              o.axis(),
              map(o.initial(), to),
              map(o.sequences(), to),
              captured(o.body(), to),
              o.reverse(),
              o.remat());
      case Op.While o ->
          new Op.While(map(o.initial(), to), captured(o.condition(), to), captured(o.body(), to));
      case Op.Checkpoint o ->
          new Op.Checkpoint(map(o.inputs(), to), captured(o.body(), to), o.remat());
      case Op.CustomVjp o -> new Op.CustomVjp(map(o.inputs(), to), map(o.outputs(), to), o.rule());
      case Op.StopGradient o -> new Op.StopGradient(to.apply(o.operand()));
      case Op.Constrain o -> new Op.Constrain(to.apply(o.operand()), o.role(), map(o.after(), to));
      case Op.Barrier o -> new Op.Barrier(map(o.operands(), to));
    };
  }

  /** A region whose captured tensors are exchanged as outside. */
  private static Region captured(Region region, UnaryOperator<Tensor> to) {
    Rewriter inner = new Rewriter();
    for (Tensor tensor : region.captured()) {
      Tensor other = to.apply(tensor);
      if (other != tensor) {
        inner.replace(tensor, other);
      }
    }
    return inner.isEmpty() ? region : inner.region(region);
  }

  private static List<Tensor> map(List<Tensor> tensors, UnaryOperator<Tensor> to) {
    List<Tensor> mapped = new ArrayList<>(tensors.size());
    tensors.forEach(tensor -> mapped.add(to.apply(tensor)));
    return mapped;
  }
}
