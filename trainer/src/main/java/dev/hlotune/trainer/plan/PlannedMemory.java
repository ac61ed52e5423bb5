package dev.hlotune.trainer.plan;

/**
 * The memory of one device while a program runs, in bytes.
 *
 * @param parameters the weights, as the rules place them
 * @param optimizer the optimizer's state, likewise; it stays during programs that do not use it
 * @param gradients summed gradients of the trained weights, as the rules place them; a part of what
 *     the compiler calls temporary
 * @param activations what else is there while it runs: activations, batches, and what the compiler
 *     keeps between steps of its own
 * @param peak all of it at the most
 * @param host what lies in the memory of the host instead, for this device
 */
public record PlannedMemory(
    long parameters, long optimizer, long gradients, long activations, long peak, long host) {

  /**
   * What the compiler says, taken apart by what the rules say.
   *
   * @param total that the program takes by the compiler
   * @param takesState whether the optimizer's state is among it
   * @param host bytes in the memory of the host, which are not among it
   */
  static PlannedMemory of(
      long parameters, long optimizer, long gradients, long total, boolean takesState, long host) {
    long rest = Math.max(0, total - parameters - (takesState ? optimizer : 0));
    long summed = Math.min(gradients, rest);
    return new PlannedMemory(
        parameters,
        optimizer,
        summed,
        rest - summed,
        Math.max(total, parameters + (takesState ? optimizer : 0)) + (takesState ? 0 : optimizer),
        host);
  }
}
