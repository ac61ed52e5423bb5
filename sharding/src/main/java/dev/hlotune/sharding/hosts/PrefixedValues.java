package dev.hlotune.sharding.hosts;

import dev.hlotune.pjrt.KeyValueStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Some of the values of a store.
 *
 * @param all the store
 * @param prefix what their keys begin with
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PrefixedValues(KeyValueStore all, byte[] prefix) implements KeyValueStore {
  @Override
  public void put(byte[] key, byte[] value) {
    all.put(whole(key), value);
  }

  @Override
  public byte[] get(byte[] key, Duration timeout) {
    return all.get(whole(key), timeout);
  }

  @Override
  public Optional<byte[]> tryGet(byte[] key) {
    return all.tryGet(whole(key));
  }

  private byte[] whole(byte[] key) {
    byte[] whole = Arrays.copyOf(prefix, prefix.length + key.length);
    System.arraycopy(key, 0, whole, prefix.length, key.length);
    return whole;
  }
}
