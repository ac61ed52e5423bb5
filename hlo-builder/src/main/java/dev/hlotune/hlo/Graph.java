package dev.hlotune.hlo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Questions about the DAG that every pass asks. All walks are iterative: depth costs no stack. */
public final class Graph {
  private Graph() {}

  /** The tensors that a node reads, those captured by its regions included. */
  public static List<Tensor> operands(Op op) {
    return switch (op) {
      case Op.Parameter _, Op.Argument _, Op.Fill _, Op.Literal _, Op.Iota _ -> List.of();
      case Op.Unary(_, Tensor operand) -> List.of(operand);
      case Op.Binary(_, Tensor left, Tensor right) -> List.of(left, right);
      case Op.Compare(_, Tensor left, Tensor right) -> List.of(left, right);
      case Op.Select(Tensor condition, Tensor onTrue, Tensor onFalse) ->
          List.of(condition, onTrue, onFalse);
      case Op.Convert(Tensor operand, _) -> List.of(operand);
      case Op.Bitcast(Tensor operand, _) -> List.of(operand);
      case Op.Broadcast(Tensor operand, _) -> List.of(operand);
      case Op.Rename(Tensor operand, _, _) -> List.of(operand);
      case Op.Split(Tensor operand, _, _) -> List.of(operand);
      case Op.Merge(Tensor operand, _, _) -> List.of(operand);
      case Op.Slice(Tensor operand, _, _, _) -> List.of(operand);
      case Op.Pad(Tensor operand, _, _, _) -> List.of(operand);
      case Op.Concat(List<Tensor> operands, _) -> operands;
      case Op.DynamicSlice(Tensor operand, _, Tensor start, _) -> List.of(operand, start);
      case Op.DynamicUpdate(Tensor operand, _, Tensor start, Tensor update) ->
          List.of(operand, start, update);
      case Op.Take(Tensor operand, _, Tensor indices) -> List.of(operand, indices);
      case Op.ScatterAdd(Tensor operand, _, Tensor indices, Tensor updates) ->
          List.of(operand, indices, updates);
      case Op.Reduce(_, Tensor operand, _) -> List.of(operand);
      case Op.Dot(Tensor left, Tensor right, _, _) -> List.of(left, right);
      case Op.Sort(List<Tensor> operands, _) -> operands;
      case Op.Scan scan -> join(scan.initial(), scan.sequences(), scan.body().captured());
      case Op.While loop ->
          join(loop.initial(), loop.condition().captured(), loop.body().captured());
      case Op.Checkpoint block -> join(block.inputs(), block.body().captured(), List.of());
      case Op.CustomVjp(List<Tensor> inputs, List<Tensor> outputs, _) ->
          join(outputs, inputs, List.of());
      case Op.StopGradient(Tensor operand) -> List.of(operand);
      case Op.Constrain(Tensor operand, _, List<Tensor> after) ->
          join(List.of(operand), after, List.of());
      case Op.Barrier(List<Tensor> operands) -> operands;
    };
  }

  /**
   * The nodes that {@code roots} need, each after its operands; the walk does not go past a tensor
   * for which {@code stop} holds.
   */
  public static List<Op> sorted(Collection<Tensor> roots, Predicate<Tensor> stop) {
    List<Op> order = new ArrayList<>();
    Set<Op> seen = identitySet();
    Deque<Frame> stack = new ArrayDeque<>();
    for (Tensor root : roots) {
      push(root, stop, seen, stack);
      while (!stack.isEmpty()) {
        Frame frame = stack.peek();
        if (frame.next < frame.operands.size()) {
          push(frame.operands.get(frame.next++), stop, seen, stack);
        } else {
          order.add(stack.pop().op);
        }
      }
    }
    return order;
  }

  /** As {@link #sorted(Collection, Predicate)}, without an end to the walk. */
  public static List<Op> sorted(Collection<Tensor> roots) {
    return sorted(roots, _ -> false);
  }

  /** The nodes of {@code order} (operands first) that depend on one of {@code sources}. */
  public static Set<Op> dependent(List<Op> order, Collection<Tensor> sources) {
    Set<Tensor> starts = tensorSet(sources);
    Set<Op> dependent = identitySet();
    for (Op op : order) {
      for (Tensor operand : operands(op)) {
        if (starts.contains(operand) || dependent.contains(operand.op())) {
          dependent.add(op);
          break;
        }
      }
    }
    return dependent;
  }

  /** What a region uses from outside; see {@link Region}. */
  static List<Tensor> captured(List<Tensor> parameters, List<Tensor> results) {
    Set<Tensor> own = tensorSet(parameters);
    Set<Op> inside = dependent(sorted(results), parameters);
    IdentityHashMap<Tensor, Boolean> captured = new IdentityHashMap<>();
    List<Tensor> inOrder = new ArrayList<>();
    Predicate<Tensor> outside =
        tensor ->
            !own.contains(tensor) && !inside.contains(tensor.op()) && !isRepeatable(tensor.op());
    for (Tensor result : results) {
      if (outside.test(result) && captured.put(result, true) == null) {
        inOrder.add(result);
      }
    }
    for (Op op : sorted(results, t -> own.contains(t) || outside.test(t))) {
      for (Tensor operand : operands(op)) {
        if (outside.test(operand) && captured.put(operand, true) == null) {
          inOrder.add(operand);
        }
      }
    }
    return inOrder;
  }

  /** Nodes that cost nothing and so are computed where they are used, inside a loop too. */
  private static boolean isRepeatable(Op op) {
    return op instanceof Op.Fill || op instanceof Op.Iota || op instanceof Op.Broadcast;
  }

  /** A set of tensors by identity. */
  public static Set<Tensor> tensorSet(Collection<Tensor> tensors) {
    Set<Tensor> set = identitySet();
    set.addAll(tensors);
    return set;
  }

  private static <T> Set<T> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static List<Tensor> join(List<Tensor> first, List<Tensor> second, List<Tensor> third) {
    List<Tensor> all = new ArrayList<>(first);
    all.addAll(second);
    all.addAll(third);
    return all;
  }

  private static void push(
      Tensor tensor, Predicate<Tensor> stop, Set<Op> seen, Deque<Frame> stack) {
    if (!stop.test(tensor) && seen.add(tensor.op())) {
      stack.push(new Frame(tensor.op(), operands(tensor.op())));
    }
  }

  private static final class Frame {
    private final Op op;
    private final List<Tensor> operands;
    private int next;

    private Frame(Op op, List<Tensor> operands) {
      this.op = op;
      this.operands = operands;
    }
  }
}
