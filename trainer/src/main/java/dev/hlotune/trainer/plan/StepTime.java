package dev.hlotune.trainer.plan;

/**
 * How long a program takes at least, by a roofline: the figures of the card, as if each of its
 * parts were busy all the time. Products, memory and links may work at the same time or one after
 * another, so it is between {@link #overlapped} and {@link #inTurn}; what is not counted, such as
 * elementwise work that is not bound by memory, makes it longer.
 *
 * @param compute seconds for the products alone
 * @param memory seconds to move arguments, results and temporaries once each way
 * @param network seconds to send what collectives send
 * @param useful seconds for the products that the model needs, without those that are done again
 */
public record StepTime(double compute, double memory, double network, double useful) {
  /** Seconds if all of it happens at the same time. */
  public double overlapped() {
    return Math.max(compute, Math.max(memory, network));
  }

  /** Seconds if one happens after the other. */
  public double inTurn() {
    return compute + memory + network;
  }

  /** The largest part of the card's peak that can go into what the model needs. */
  public double mostUtilization() {
    return useful / overlapped();
  }

  /** What takes longest. */
  public String boundBy() {
    return overlapped() == compute ? "products" : overlapped() == memory ? "memory" : "links";
  }
}
