package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What is not there: an unknown name, or an attribute or item that a value does not have. It prints
 * as nothing, is false and empty, and all else that is done with it is an error.
 */
public final class Undefined implements PythonObject, Sized, Iterable<@Nullable Object> {
  private final @Nullable String reason;
  private final @Nullable Object owner;
  private final @Nullable Object name;

  private Undefined(@Nullable String reason, @Nullable Object owner, @Nullable Object name) {
    this.reason = reason;
    this.owner = owner;
    this.name = name;
  }

  /** A name that stands for nothing. */
  public static Undefined name(String name) {
    return new Undefined(null, Missing.VALUE, name);
  }

  /** Something that a value does not have. */
  public static Undefined member(@Nullable Object owner, @Nullable Object name) {
    return new Undefined(null, owner, name);
  }

  /** For another reason, which is the message. */
  public static Undefined because(String reason) {
    return new Undefined(reason, Missing.VALUE, null);
  }

  /** The error that using it is. */
  public DataException failure() {
    return new DataException(message());
  }

  private String message() {
    if (reason != null) {
      return reason;
    }
    if (owner == Missing.VALUE) {
      return Repr.of(name) + " is undefined";
    }
    return name instanceof String
        ? "'" + Types.description(owner) + "' has no attribute " + Repr.of(name)
        : Types.description(owner) + " has no element " + Repr.of(name);
  }

  @Override
  public String typeName() {
    return "Undefined";
  }

  @Override
  public String repr() {
    return "Undefined";
  }

  @Override
  public String str() {
    return "";
  }

  @Override
  public boolean truth() {
    return false;
  }

  @Override
  public boolean equalTo(@Nullable Object other) {
    return other instanceof Undefined;
  }

  @Override
  public @Nullable Object attribute(String attribute) {
    if (attribute.startsWith("__") && attribute.endsWith("__")) {
      return Missing.VALUE;
    }
    throw failure();
  }

  @Override
  public @Nullable Object item(@Nullable Object key) {
    throw failure();
  }

  @Override
  public int size() {
    return 0;
  }

  @Override
  public Iterator<@Nullable Object> iterator() {
    return Collections.emptyIterator();
  }
}
