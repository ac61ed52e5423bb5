package dev.hlotune.sharding.hosts;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a launcher tells a process.
 *
 * @param launcher its name
 * @param coordinator where process 0 is
 * @param count how many processes there are
 * @param index which this one is
 * @param localDevice the device that is this process's share of its host
 * @param hint where what is missing could be said
 */
record Found(
    String launcher,
    Optional<HostPort> coordinator,
    OptionalInt count,
    OptionalInt index,
    OptionalInt localDevice,
    String hint) {}
