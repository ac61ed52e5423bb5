package dev.hlotune.trainer.watch;

import dev.hlotune.trainer.loop.RunEvent;
import java.time.Instant;

/**
 * An event of a run.
 *
 * @param time when it happened, however late a tracker hears of it
 */
record Moment(Instant time, RunEvent event) {}
