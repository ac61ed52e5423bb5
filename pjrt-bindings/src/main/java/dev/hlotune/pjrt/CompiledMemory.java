package dev.hlotune.pjrt;

/**
 * The memory that a compiled program uses, as its compiler reports it; all in bytes, per device.
 *
 * @param generatedCode the program's own code and constants
 * @param argument all arguments
 * @param output all outputs
 * @param alias what of the outputs stands in donated arguments
 * @param temporary what the program needs beside arguments and outputs while it runs
 * @param peak the most that is in use at any time; 0 from a plugin that does not say
 * @param host what arguments and temporaries take in the memory of the host, beside all that
 */
public record CompiledMemory(
    long generatedCode,
    long argument,
    long output,
    long alias,
    long temporary,
    long peak,
    long host) {
  /** Arguments, outputs that stand in no argument, and temporaries. */
  public long total() {
    return argument + output - alias + temporary;
  }
}
