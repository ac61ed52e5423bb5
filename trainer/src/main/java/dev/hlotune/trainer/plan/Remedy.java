package dev.hlotune.trainer.plan;

import java.util.Map;

/**
 * Keys that lower the memory of a run, on top of the remedies before it.
 *
 * @param settings values by key
 * @param effect what else they do, in words
 * @param peak bytes of each device with them
 * @param compiled whether that was compiled; else it is what the rules and the programs before say
 * @param fits whether it is enough
 */
public record Remedy(
    Map<String, String> settings, String effect, long peak, boolean compiled, boolean fits) {}
