/**
 * The syntax of templates: text to tokens to a tree.
 *
 * <p>{@link dev.hlotune.trainer.jinja.syntax.Lexer} cuts the text into data and the tokens inside
 * tags, and does all that is said of white space: {@code trim_blocks}, {@code lstrip_blocks}, the
 * signs {@code -} and {@code +}, and the one newline that is dropped at the end. {@link
 * dev.hlotune.trainer.jinja.syntax.StatementParser} and {@link
 * dev.hlotune.trainer.jinja.syntax.ExpressionParser} build the tree: {@link
 * dev.hlotune.trainer.jinja.syntax.Stmt}, {@link dev.hlotune.trainer.jinja.syntax.Expr} and {@link
 * dev.hlotune.trainer.jinja.syntax.Target}, which are closed sets of records. Rules and their order
 * are Jinja2's, including where it takes more than its documentation says.
 *
 * <p>What is not a template is a {@link dev.hlotune.trainer.source.DataException} whose message
 * begins with the line. So are the tags for several templates ({@code extends}, {@code include} and
 * their like) and {@code autoescape}, which are left out.
 */
@NullMarked
package dev.hlotune.trainer.jinja.syntax;

import org.jspecify.annotations.NullMarked;
