package dev.hlotune.pjrt.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.PhantomReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The life of one native object: open, in use by some calls, then closed or given away. The object
 * is destroyed once, when it is closed and no call uses it any more, whatever threads do these
 * things; so no call is ever made on memory that is gone.
 *
 * <p>It is at once the node of its {@link Ledger} and the phantom reference to the public object
 * that owns it, which is how a public object that was dropped without being closed is found.
 */
public final class Handle extends PhantomReference<Object> {
  /** Set when closed; the other bits count the calls that use the object. */
  private static final int CLOSED = Integer.MIN_VALUE;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Handle.class, "state", int.class);
    } catch (ReflectiveOperationException failure) {
      throw new ExceptionInInitializerError(failure);
    }
  }

  final Ledger ledger;
  final String kind;
  final long number;
  @Nullable Handle previous;
  @Nullable Handle next;
  private final long address;
  private final LongConsumer destroyer;
  private volatile String fate = "closed";
  private volatile int state;

  Handle(
      Ledger ledger, Object owner, String kind, long number, long address, LongConsumer destroyer) {
    super(owner, Ledger.DROPPED);
    this.ledger = ledger;
    this.kind = kind;
    this.number = number;
    this.address = address;
    this.destroyer = destroyer;
  }

  /** A number that no other handle of this process has. */
  public long number() {
    return number;
  }

  /**
   * Holds the object open and gives its address; {@link #release} must follow.
   *
   * @param owner the public object, named in the exception
   * @throws IllegalStateException if it was closed or given away
   */
  public long acquire(Object owner) {
    while (true) {
      int seen = state;
      if (seen < 0) {
        throw new IllegalStateException(
            owner + ": expected an open handle, got one that was " + fate);
      }
      if (STATE.compareAndSet(this, seen, seen + 1)) {
        return address;
      }
    }
  }

  /** Ends a use. */
  public void release() {
    if ((int) STATE.getAndAdd(this, -1) - 1 == CLOSED) {
      destroyer.accept(address);
    }
  }

  /** Whether it can be used. */
  public boolean isOpen() {
    return state >= 0;
  }

  /** Closes it; the second time does nothing. */
  public void close() {
    close("closed");
  }

  /**
   * Closes it for a reason that later misuse is told.
   *
   * @param reason completes "got one that was …"
   * @return whether it was open
   */
  public boolean close(String reason) {
    while (true) {
      int seen = state;
      if (seen < 0) {
        return false;
      }
      // Written before the state, so that whoever sees the state sees the reason. Two closers at
      // once may mix up their reasons and nothing else.
      fate = reason;
      if (STATE.compareAndSet(this, seen, seen | CLOSED)) {
        ledger.remove(this);
        clear();
        if (seen == 0) {
          destroyer.accept(address);
        }
        return true;
      }
    }
  }
}
