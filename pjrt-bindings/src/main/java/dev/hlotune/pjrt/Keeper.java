package dev.hlotune.pjrt;

import dev.hlotune.pjrt.internal.Api;
import dev.hlotune.pjrt.internal.Function;
import dev.hlotune.pjrt.internal.Handle;
import dev.hlotune.pjrt.internal.Ledger;
import java.util.function.LongConsumer;

/**
 * A client or a topology as its own buffers, events and executables see it: while any of them is in
 * a call, it is not destroyed.
 *
 * @param plugin whose it is
 * @param owner the client or topology itself, which thus lives as long as what it made
 * @param handle its native object
 * @param children what it made and nobody has closed yet
 */
record Keeper(Plugin plugin, Object owner, Handle handle, Ledger children) {
  /**
   * Enters a client or a topology.
   *
   * @param destroy the function that frees it
   */
  static Keeper of(Plugin plugin, Object owner, String kind, long address, Function destroy) {
    return of(plugin, owner, kind, address, destroy, () -> {});
  }

  /**
   * Enters a client or a topology that uses something of ours.
   *
   * @param destroy the function that frees it
   * @param afterwards frees what it used
   */
  static Keeper of(
      Plugin plugin,
      Object owner,
      String kind,
      long address,
      Function destroy,
      Runnable afterwards) {
    Ledger children = new Ledger();
    Api api = plugin.api();
    Handle handle =
        plugin
            .ledger()
            .add(
                owner,
                kind,
                address,
                pointer -> {
                  children.close();
                  try {
                    api.callWithHandle(destroy, pointer);
                  } finally {
                    afterwards.run();
                  }
                });
    return new Keeper(plugin, owner, handle, children);
  }

  /** Whether both are of the same client or topology. */
  boolean same(Keeper other) {
    return handle == other.handle;
  }

  Api api() {
    return plugin.api();
  }

  /** Enters something that the owner made. */
  Handle add(Object made, String kind, long address, LongConsumer destroyer) {
    return children.add(made, kind, address, destroyer);
  }

  /** Holds the owner open and gives its address; {@link #release} must follow. */
  long acquire() {
    return handle.acquire(owner);
  }

  void release() {
    handle.release();
  }
}
