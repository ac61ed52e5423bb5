package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Tuple;
import dev.hlotune.trainer.jinja.syntax.Target;
import dev.hlotune.trainer.source.DataException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled target. */
interface Assignment {
  /** Assigns a value. */
  void assign(Scope scope, @Nullable Object value);

  static Assignment compile(Target target, Frame frame) {
    return switch (target) {
      case Target.Variable(String name, int _) -> frame.slot(name)::set;
      case Target.Unpacked(List<Target> items) -> {
        Assignment[] assignments =
            items.stream().map(item -> compile(item, frame)).toArray(Assignment[]::new);
        yield (scope, value) -> {
          @Nullable Object[] unpacked = Iteration.unpack(value, assignments.length);
          for (int i = 0; i < assignments.length; i++) {
            assignments[i].assign(scope, unpacked[i]);
          }
        };
      }
      case Target.Member(String name, String attribute) -> {
        Slot slot = frame.slot(name);
        yield (scope, value) -> namespace(scope, name, slot).set(attribute, value);
      }
    };
  }

  private static Namespace namespace(Scope scope, String name, Slot slot) {
    if (slot.get(scope) instanceof Namespace namespace) {
      return namespace;
    }
    throw new DataException("set: expected a namespace, got another value as '" + name + "'");
  }

  /** Checks, before the value is computed, that a target's namespaces are some. */
  static void check(Target target, Frame frame, List<Statement> before) {
    switch (target) {
      case Target.Variable _ -> {}
      case Target.Unpacked(List<Target> items) -> items.forEach(item -> check(item, frame, before));
      case Target.Member(String name, String _) -> {
        Slot slot = frame.slot(name);
        before.add((scope, _) -> {
          namespace(scope, name, slot);
          return Statement.Flow.NEXT;
        });
      }
    }
  }

  /** Reads back what a target was assigned: a value, or a tuple of them. */
  static Expression read(Target target, Frame frame) {
    return switch (target) {
      case Target.Variable(String name, int _) -> frame.slot(name)::get;
      case Target.Member(String name, String _) -> frame.slot(name)::get;
      case Target.Unpacked(List<Target> items) -> {
        Expression[] values =
            items.stream().map(item -> read(item, frame)).toArray(Expression[]::new);
        yield scope -> {
          @Nullable Object[] read = new @Nullable Object[values.length];
          for (int i = 0; i < read.length; i++) {
            read[i] = values[i].evaluate(scope);
          }
          return Tuple.of(read);
        };
      }
    };
  }
}
