package dev.hlotune.pjrt.internal;

import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The open handles of one owner, newest first. Closing the ledger closes them all, so that a client
 * never goes while something of its own still points at it. One daemon thread for all ledgers
 * closes and reports the handles whose public objects were dropped unclosed.
 */
public final class Ledger {
  static final ReferenceQueue<Object> DROPPED = new ReferenceQueue<>();

  private static final System.Logger LOG = System.getLogger("dev.hlotune.pjrt");
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final AtomicLong LIVE = new AtomicLong();
  private static final AtomicLong LEAKED = new AtomicLong();

  static {
    Thread.ofPlatform().daemon().name("pjrt-handles").start(Ledger::closeDropped);
  }

  private @Nullable Handle first;
  private boolean closed;

  /** How many handles of this process are open. */
  public static long live() {
    return LIVE.get();
  }

  /** How many handles of this process were dropped without being closed. */
  public static long leaked() {
    return LEAKED.get();
  }

  /**
   * Enters a native object.
   *
   * @param owner the public object; when it is dropped, the native one is destroyed and reported
   * @param kind what it is, for the report
   * @param destroyer destroys the object of the address given; must hold no reference to the owner
   */
  public Handle add(Object owner, String kind, long address, LongConsumer destroyer) {
    Handle handle = new Handle(this, owner, kind, NUMBERS.incrementAndGet(), address, destroyer);
    synchronized (this) {
      if (closed) {
        destroyer.accept(address);
        throw new IllegalStateException(kind + ": expected an open owner, got one that was closed");
      }
      Handle second = first;
      handle.next = second;
      if (second != null) {
        second.previous = handle;
      }
      first = handle;
    }
    LIVE.incrementAndGet();
    return handle;
  }

  /** How many of its handles are open, by kind. */
  public synchronized Map<String, Integer> countByKind() {
    Map<String, Integer> counts = new TreeMap<>();
    for (Handle handle = first; handle != null; handle = handle.next) {
      counts.merge(handle.kind, 1, Integer::sum);
    }
    return counts;
  }

  /** Closes every handle, newest first, and takes no more. */
  public void close() {
    List<Handle> open = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (Handle handle = first; handle != null; handle = handle.next) {
        open.add(handle);
      }
    }
    for (Handle handle : open) {
      handle.close("closed with its client");
    }
  }

  synchronized void remove(Handle handle) {
    Handle before = handle.previous;
    Handle after = handle.next;
    if (before != null) {
      before.next = after;
    } else if (first == handle) {
      first = after;
    }
    if (after != null) {
      after.previous = before;
    }
    handle.previous = null;
    handle.next = null;
    LIVE.decrementAndGet();
  }

  private static void closeDropped() {
    while (true) {
      try {
        Handle handle = (Handle) DROPPED.remove();
        if (handle.close("dropped")) {
          LEAKED.incrementAndGet();
          LOG.log(
              System.Logger.Level.WARNING,
              "{0} {1}: expected to be closed, got dropped; the memory was freed late",
              handle.kind,
              handle.number);
        }
      } catch (InterruptedException stop) {
        return;
      } catch (RuntimeException failure) {
        LOG.log(System.Logger.Level.WARNING, "a dropped handle could not be destroyed", failure);
      }
    }
  }
}
