/**
 * Values as Python has them, for the templates: what is true, equal and less, how everything
 * prints, and what its operators and methods give.
 *
 * <p><b>Values</b> are plain Java where Java has the type: null is None, {@link Boolean} is bool;
 * {@link Integer}, {@link Long} and {@link java.math.BigInteger} are int (what is computed here is
 * a long where it fits); {@link Float} and {@link Double} are float, {@link String} is str, {@link
 * java.util.List} list, and {@link java.util.Map} dict, whose keys other than strings are wrapped
 * by {@link dev.hlotune.trainer.jinja.python.Dicts}. All others are {@link
 * dev.hlotune.trainer.jinja.python.PythonObject}s: {@link dev.hlotune.trainer.jinja.python.Tuple},
 * {@link dev.hlotune.trainer.jinja.python.Range}, {@link dev.hlotune.trainer.jinja.python.Markup},
 * {@link dev.hlotune.trainer.jinja.python.Undefined} and so on.
 *
 * <p><b>Strings</b> are counted in code points wherever Python counts: length, index, slice, width.
 *
 * <p><b>Operations</b> are static functions by topic: {@link
 * dev.hlotune.trainer.jinja.python.Truth}, {@link dev.hlotune.trainer.jinja.python.Equality},
 * {@link dev.hlotune.trainer.jinja.python.Ordering}, {@link
 * dev.hlotune.trainer.jinja.python.Arithmetic}, {@link dev.hlotune.trainer.jinja.python.Text}, and
 * {@link dev.hlotune.trainer.jinja.python.Attributes} for {@code a.b} and {@code a[b]}. {@link
 * dev.hlotune.trainer.jinja.python.Parameters} binds arguments as a Python signature does. The
 * formats have a class each: {@link dev.hlotune.trainer.jinja.python.Repr}, {@link
 * dev.hlotune.trainer.jinja.python.PercentFormat}, {@link
 * dev.hlotune.trainer.jinja.python.BraceFormat}, {@link dev.hlotune.trainer.jinja.python.Json}.
 *
 * <p><b>Errors</b>: what Python would raise is a {@link dev.hlotune.trainer.source.DataException};
 * so is what would grow without bound ({@link dev.hlotune.trainer.jinja.python.Limits}), and the
 * few things that are left out. Nothing is silently different.
 */
@NullMarked
package dev.hlotune.trainer.jinja.python;

import org.jspecify.annotations.NullMarked;
