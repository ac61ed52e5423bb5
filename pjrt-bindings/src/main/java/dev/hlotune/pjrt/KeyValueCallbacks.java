package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PJRT_CallbackError;
import dev.hlotune.pjrt.gen.PJRT_Client_Create_Args;
import dev.hlotune.pjrt.gen.PJRT_KeyValueGetCallback;
import dev.hlotune.pjrt.gen.PJRT_KeyValueGetCallback_Args;
import dev.hlotune.pjrt.gen.PJRT_KeyValueGetCallback_ValueDeleter;
import dev.hlotune.pjrt.gen.PJRT_KeyValuePutCallback;
import dev.hlotune.pjrt.gen.PJRT_KeyValuePutCallback_Args;
import dev.hlotune.pjrt.gen.PJRT_KeyValueTryGetCallback;
import dev.hlotune.pjrt.gen.PJRT_KeyValueTryGetCallback_Args;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store as the functions that a plugin calls: while it makes a client, and later too, from
 * threads of its own. They live until closed, which is after the client is destroyed.
 *
 * <p>Nothing is thrown into native code, which would end the process: every failure becomes an
 * error of the plugin's own making, through the function that it passes for that.
 */
final class KeyValueCallbacks implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.hlotune.pjrt");

  private static final String FUNCTION = "key-value store";

  /** The longest wait that the C API can name, which is what plugins pass for one without end. */
  private static final int LONGEST = Integer.MAX_VALUE;

  private final KeyValueStore store;
  private final Arena arena = Arena.ofShared();

  /** What the plugin was handed and has not deleted yet, by address. */
  private final Map<Long, Arena> values = new ConcurrentHashMap<>();

  private final MemorySegment get;
  private final MemorySegment tryGet;
  private final MemorySegment put;
  private final MemorySegment deleter;

  KeyValueCallbacks(KeyValueStore store) {
    this.store = store;
    this.get = PJRT_KeyValueGetCallback.allocate(this::get, arena);
    this.tryGet = PJRT_KeyValueTryGetCallback.allocate(this::tryGet, arena);
    this.put = PJRT_KeyValuePutCallback.allocate(this::put, arena);
    this.deleter = PJRT_KeyValueGetCallback_ValueDeleter.allocate(this::delete, arena);
  }

  /** Fills in the callbacks of {@code PJRT_Client_Create_Args}. They need no arguments of ours. */
  void fill(MemorySegment createArguments) {
    PJRT_Client_Create_Args.kv_get_callback(createArguments, get);
    PJRT_Client_Create_Args.kv_get_user_arg(createArguments, MemorySegment.NULL);
    PJRT_Client_Create_Args.kv_put_callback(createArguments, put);
    PJRT_Client_Create_Args.kv_put_user_arg(createArguments, MemorySegment.NULL);
    PJRT_Client_Create_Args.kv_try_get_callback(createArguments, tryGet);
    PJRT_Client_Create_Args.kv_try_get_user_arg(createArguments, MemorySegment.NULL);
  }

  /** How many values the plugin was handed and has not deleted yet. */
  int heldValues() {
    return values.size();
  }

  private MemorySegment get(MemorySegment pointer) {
    MemorySegment arguments = pointer.reinterpret(PJRT_KeyValueGetCallback_Args.sizeof());
    try {
      int milliseconds = PJRT_KeyValueGetCallback_Args.timeout_in_ms(arguments);
      byte[] value =
          store.get(
              bytes(
                  PJRT_KeyValueGetCallback_Args.key(arguments),
                  PJRT_KeyValueGetCallback_Args.key_size(arguments)),
              Duration.ofMillis(milliseconds < 0 ? LONGEST : milliseconds));
      PJRT_KeyValueGetCallback_Args.value(arguments, hold(value));
      PJRT_KeyValueGetCallback_Args.value_size(arguments, value.length);
      PJRT_KeyValueGetCallback_Args.value_deleter_callback(arguments, deleter);
      return MemorySegment.NULL;
    } catch (Throwable failure) {
      return error(PJRT_KeyValueGetCallback_Args.callback_error(arguments), failure);
    }
  }

  private MemorySegment tryGet(MemorySegment pointer) {
    MemorySegment arguments = pointer.reinterpret(PJRT_KeyValueTryGetCallback_Args.sizeof());
    try {
      byte[] key =
          bytes(
              PJRT_KeyValueTryGetCallback_Args.key(arguments),
              PJRT_KeyValueTryGetCallback_Args.key_size(arguments));
      byte[] value =
          store
              .tryGet(key)
              .orElseThrow(() ->
                  new PjrtException(
                      ErrorCode.NOT_FOUND,
                      FUNCTION,
                      "expected a value of '"
                          + new String(key, StandardCharsets.UTF_8)
                          + "', got none"));
      PJRT_KeyValueTryGetCallback_Args.value(arguments, hold(value));
      PJRT_KeyValueTryGetCallback_Args.value_size(arguments, value.length);
      PJRT_KeyValueTryGetCallback_Args.value_deleter_callback(arguments, deleter);
      return MemorySegment.NULL;
    } catch (Throwable failure) {
      return error(PJRT_KeyValueTryGetCallback_Args.callback_error(arguments), failure);
    }
  }

  private MemorySegment put(MemorySegment pointer) {
    MemorySegment arguments = pointer.reinterpret(PJRT_KeyValuePutCallback_Args.sizeof());
    try {
      store.put(
          bytes(
              PJRT_KeyValuePutCallback_Args.key(arguments),
              PJRT_KeyValuePutCallback_Args.key_size(arguments)),
          bytes(
              PJRT_KeyValuePutCallback_Args.value(arguments),
              PJRT_KeyValuePutCallback_Args.value_size(arguments)));
      return MemorySegment.NULL;
    } catch (Throwable failure) {
      return error(PJRT_KeyValuePutCallback_Args.callback_error(arguments), failure);
    }
  }

  private void delete(MemorySegment value) {
    Arena held = values.remove(value.address());
    if (held != null) {
      held.close();
    }
  }

  /** Copies a value to memory that lasts until the plugin deletes it. */
  private MemorySegment hold(byte[] value) {
    // Whatever thread the plugin deletes it on.
    Arena held = Arena.ofShared();
    MemorySegment copy = held.allocate(Math.max(1, value.length));
    MemorySegment.copy(value, 0, copy, ValueLayout.JAVA_BYTE, 0, value.length);
    values.put(copy.address(), held);
    return copy;
  }

  private static byte[] bytes(MemorySegment address, long size) {
    return size == 0 ? new byte[0] : address.reinterpret(size).toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * An error of the plugin's own.
   *
   * @param callbackError where the function that makes one stands
   */
  private static MemorySegment error(MemorySegment callbackError, Throwable failure) {
    ErrorCode code = failure instanceof PjrtException known ? known.code() : ErrorCode.INTERNAL;
    try (Arena call = Arena.ofConfined()) {
      if (callbackError.address() == 0) {
        throw new IllegalArgumentException("callback error: expected a function, got none");
      }
      byte[] message =
          String.valueOf(
                  failure instanceof PjrtException ? failure.getMessage() : failure.toString())
              .getBytes(StandardCharsets.UTF_8);
      MemorySegment text = call.allocate(message.length + 1L);
      MemorySegment.copy(message, 0, text, ValueLayout.JAVA_BYTE, 0, message.length);
      MemorySegment function =
          callbackError.reinterpret(ValueLayout.ADDRESS.byteSize()).get(ValueLayout.ADDRESS, 0);
      return PJRT_CallbackError.invoke(function, code.value(), text, message.length);
    } catch (Throwable second) {
      // Out of memory, or a plugin without that function. It cannot be told, so the log is.
      LOG.log(System.Logger.Level.ERROR, "a plugin could not be told of a failure: " + failure);
      return MemorySegment.NULL;
    }
  }

  @Override
  public void close() {
    values.values().forEach(Arena::close);
    values.clear();
    arena.close();
  }
}
