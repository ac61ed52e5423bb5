package dev.hlotune.pjrt;

import java.util.OptionalLong;

/**
 * The state of a device's memory, in bytes; a plugin says as much of it as it knows.
 *
 * @param inUse in use now
 * @param peakInUse the most that was in use
 * @param limit what a user may allocate
 */
public record DeviceMemory(long inUse, OptionalLong peakInUse, OptionalLong limit) {}
