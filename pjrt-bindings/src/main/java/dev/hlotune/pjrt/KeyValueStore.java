package dev.hlotune.pjrt;

import java.time.Duration;
import java.util.Optional;

/**
 * What the processes of one run share: values by key, each written once and seen by all. A plugin
 * that spans processes finds its peers through it. Keys and values are any bytes. Safe for use by
 * many threads, those of the plugin among them.
 *
 * <p>What fails is a {@link PjrtException}, whose code the plugin is told.
 */
public interface KeyValueStore {
  /**
   * Sets a value. Setting the same again is fine.
   *
   * @throws PjrtException {@code ALREADY_EXISTS} if the key has another value, {@code UNAVAILABLE}
   *     if the store cannot be reached
   */
  void put(byte[] key, byte[] value);

  /**
   * A value, once somebody has set it.
   *
   * @param timeout how long to wait
   * @throws PjrtException {@code DEADLINE_EXCEEDED} if nobody has by then, {@code UNAVAILABLE} if
   *     the store cannot be reached
   */
  byte[] get(byte[] key, Duration timeout);

  /**
   * A value, if it is set.
   *
   * @throws PjrtException {@code UNAVAILABLE} if the store cannot be reached
   */
  Optional<byte[]> tryGet(byte[] key);
}
