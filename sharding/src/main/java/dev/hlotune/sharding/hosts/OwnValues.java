package dev.hlotune.sharding.hosts;

import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.KeyValueStore;
import java.time.Duration;
import java.util.Optional;

/**
 * The values of a process that has no others.
 *
 * @param board where they are
 */
record OwnValues(Board board) implements KeyValueStore {
  @Override
  public void put(byte[] key, byte[] value) {
    board.put(key, value);
  }

  @Override
  public byte[] get(byte[] key, Duration timeout) {
    return board
        .get(key, timeout)
        .orElseThrow(() ->
            Failures.of(
                ErrorCode.DEADLINE_EXCEEDED,
                "'"
                    + Failures.text(key)
                    + "': expected a value within "
                    + CoordinatorClient.text(timeout)
                    + ", got none"));
  }

  @Override
  public Optional<byte[]> tryGet(byte[] key) {
    return board.get(key, Duration.ZERO);
  }
}
