/**
 * Renders Hugging Face chat templates as transformers does, byte for byte: Jinja2's immutable
 * sandbox with {@code trim_blocks}, {@code lstrip_blocks}, loop controls, and the tag {@code
 * generation}.
 *
 * <pre>
 * text ─syntax.StatementParser→ Stmt, Expr ─SymbolFinder→ Symbols (which name is whose)
 *      ─StatementCompiler, LoopCompiler, MacroCompiler, ExpressionCompiler, CallCompiler→
 *      Statement, Expression ─JinjaTemplate.render: Run, Scope→ text and marks
 * </pre>
 *
 * <p><b>Compiled once.</b> {@link dev.hlotune.trainer.jinja.JinjaTemplate} is a tree of small
 * functions. Names are resolved before: a variable is a slot in the {@code Scope} of its function,
 * or of one further out. Which blocks have variables of their own, and what these hold when a block
 * begins, follows the code that Jinja2 generates for Python.
 *
 * <p><b>What a template can use.</b> {@code Filters}, {@code Tests} and {@code Globals} are tables
 * by name; methods and operators are those of {@link dev.hlotune.trainer.jinja.python}. What is
 * left out of Jinja2 and Python is an error that says so.
 *
 * <p><b>Marks.</b> A {@code generation} block marks what it writes by its place in the text that
 * has been written at the top level.
 *
 * <p><b>Errors</b> are {@link dev.hlotune.trainer.source.DataException}s that begin with {@code
 * template: } and the line. A template cannot run away: {@code Run} counts turns of loops and
 * calls, and {@link dev.hlotune.trainer.jinja.python.Limits} bounds the size of values.
 */
@NullMarked
package dev.hlotune.trainer.jinja;

import org.jspecify.annotations.NullMarked;
