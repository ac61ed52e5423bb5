package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.syntax.Node;
import dev.hlotune.trainer.jinja.syntax.StatementParser;
import dev.hlotune.trainer.jinja.syntax.Stmt;
import dev.hlotune.trainer.source.DataException;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A compiled chat template. Immutable, and may be rendered by several threads at once.
 *
 * <p>Values given to {@link #render} are plain Java: null for None, {@link Boolean}, {@link
 * Integer} or {@link Long} or {@link java.math.BigInteger}, {@link Float} or {@link Double}, {@link
 * String}, {@link List}, and {@link Map} with string keys in order.
 */
public final class JinjaTemplate {
  private final Statement[] body;
  private final Entry entry;
  private final Function function;
  private final int self;
  private final boolean marksGenerations;
  private final boolean usesClock;
  private final Set<String> variables;

  private JinjaTemplate(List<Stmt> statements) {
    Set<String> resolved = new TreeSet<>();
    this.function = new Function(0);
    Symbols symbols = new Symbols(null);
    Frame frame = new Frame(symbols, null, function, resolved, false, false);
    boolean usesSelf =
        SymbolFinder.undeclared(statements, TemplateReference.NAME)
            .contains(TemplateReference.NAME);
    this.self = usesSelf ? frame.slot(symbols.declare(TemplateReference.NAME)).index() : -1;
    SymbolFinder.addAll(symbols, statements);
    this.entry = frame.entry();
    this.body = StatementCompiler.compileAll(statements, frame);
    this.marksGenerations = marksGenerations(statements);
    this.usesClock = resolved.contains(Globals.CLOCK);
    resolved.removeIf(Globals::isGlobal);
    this.variables = Collections.unmodifiableSet(resolved);
  }

  private static boolean marksGenerations(Collection<? extends Node> nodes) {
    return nodes.stream()
        .anyMatch(node -> node instanceof Stmt.Generation || marksGenerations(node.children()));
  }

  /**
   * Compiles a template.
   *
   * @throws DataException if it is not a template, with the line: {@code template: line 12:
   *     expected …, got …}
   */
  public static JinjaTemplate compile(String source) {
    try {
      return new JinjaTemplate(StatementParser.parse(source));
    } catch (DataException e) {
      throw new DataException("template: " + e.getMessage());
    } catch (StackOverflowError _) {
      throw new DataException("template: expected fewer brackets and tags inside each other");
    }
  }

  /** Whether it marks what the assistant says by {@code {% generation %}}. */
  public boolean marksGenerations() {
    return marksGenerations;
  }

  /** Whether it reads the clock, by {@code strftime_now}. */
  public boolean usesClock() {
    return usesClock;
  }

  /** The names that it reads and does not set itself, without those that Jinja provides. */
  public Set<String> variables() {
    return variables;
  }

  /**
   * Renders.
   *
   * @param variables what the template reads, by name
   * @param now the time that {@code strftime_now} gives
   * @throws DataException if the template says so by {@code raise_exception}, with its message
   *     after {@code template: line 12: }, or if it does what Python refuses
   */
  public Rendering render(Map<String, ?> variables, ZonedDateTime now) {
    Run run = new Run(variables, now);
    try {
      Scope scope = new Scope(function, null, run);
      if (self >= 0) {
        scope.slots[self] = new TemplateReference();
      }
      entry.enter(scope);
      Statement.all(body, scope, run.out);
    } catch (DataException e) {
      throw new DataException("template: line " + run.line + ": " + e.getMessage());
    } catch (StackOverflowError _) {
      throw new DataException(
          "template: line " + run.line + ": expected fewer calls and values inside each other");
    }
    String text = run.out.toString();
    return new Rendering(text, run.marks(text));
  }

  /**
   * What a template gave.
   *
   * @param text the text
   * @param generations the stretches of it that {@code {% generation %}} blocks wrote, ascending
   */
  public record Rendering(String text, List<Mark> generations) {
    public Rendering {
      generations = List.copyOf(generations);
    }
  }

  /**
   * A stretch of the text.
   *
   * @param start the UTF-16 index of its first character
   * @param end that after its last one
   */
  public record Mark(int start, int end) {
    public Mark {
      if (start < 0 || end < start) {
        throw new IllegalArgumentException(
            "mark: expected 0 <= start <= end, got " + start + ", " + end);
      }
    }
  }
}
