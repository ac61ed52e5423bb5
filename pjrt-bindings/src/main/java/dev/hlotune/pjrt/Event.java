package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_Event_Await_Args;
import dev.hlotune.pjrt.gen.PJRT_Event_IsReady_Args;
import dev.hlotune.pjrt.internal.Api;
import dev.hlotune.pjrt.internal.Function;
import dev.hlotune.pjrt.internal.Handle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.function.LongConsumer;

/**
 * Work that was started and may still run: a program, or a transfer. Closing it does not stop the
 * work; closing the event of a transfer waits for it, because the memory lent to the transfer is
 * free for other use from then on.
 */
public final class Event implements AutoCloseable {
  private final Keeper keeper;
  private final String what;
  private final Handle handle;

  private Event(Keeper keeper, String what, long address, LongConsumer destroyer) {
    this.keeper = keeper;
    this.what = what;
    this.handle = keeper.add(this, "event", address, destroyer);
  }

  static Event of(Keeper keeper, String what, long address) {
    return new Event(keeper, what, address, keeper.plugin().eventDestroyer());
  }

  /** An event of work that uses memory of ours, which stays reachable until the work has ended. */
  static Event lending(Keeper keeper, String what, long address, MemorySegment lent) {
    Api api = keeper.api();
    return new Event(
        keeper,
        what,
        address,
        event -> {
          try {
            awaitNative(api, event);
          } catch (PjrtException ended) {
            // Whoever waited for the event has seen it; here only its end matters.
          } finally {
            Reference.reachabilityFence(lent);
            api.callWithHandle(Function.EVENT_DESTROY, event);
          }
        });
  }

  /**
   * Waits until the work has ended.
   *
   * @throws PjrtException if it failed
   */
  public void await() {
    keeper.acquire();
    try {
      long address = handle.acquire(this);
      try {
        awaitNative(keeper.api(), address);
      } finally {
        handle.release();
      }
    } finally {
      keeper.release();
    }
  }

  /** Whether the work has ended, well or not. */
  public boolean isReady() {
    keeper.acquire();
    try (Arena arena = Arena.ofConfined()) {
      long address = handle.acquire(this);
      try {
        MemorySegment arguments = Function.EVENT_IS_READY.arguments(arena);
        PJRT_Event_IsReady_Args.event(arguments, MemorySegment.ofAddress(address));
        keeper.api().call(Function.EVENT_IS_READY, arguments);
        return PJRT_Event_IsReady_Args.is_ready(arguments);
      } finally {
        handle.release();
      }
    } finally {
      keeper.release();
    }
  }

  @Override
  public void close() {
    handle.close();
  }

  @Override
  public String toString() {
    return "event " + handle.number() + " (" + what + ")";
  }

  private static void awaitNative(Api api, long address) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = Function.EVENT_AWAIT.arguments(arena);
      arguments.set(ValueLayout.JAVA_LONG, PJRT_Event_Await_Args.event$offset(), address);
      api.call(Function.EVENT_AWAIT, arguments);
    }
  }
}
