package dev.hlotune.pjrt;

import dev.hlotune.pjrt.internal.Ledger;

/** Counts what is open in this process: clients, buffers, executables, events and topologies. */
public final class Handles {
  private Handles() {}

  /** How many handles are open; 0 when all that was opened is closed. */
  public static long live() {
    return Ledger.live();
  }

  /** How many handles were dropped without being closed, since the process started. */
  public static long leaked() {
    return Ledger.leaked();
  }
}
