package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.pjrt.gen.PJRT_CallbackError;
import dev.hlotune.pjrt.gen.PJRT_Client_Create_Args;
import dev.hlotune.pjrt.gen.PJRT_KeyValueGetCallback;
import dev.hlotune.pjrt.gen.PJRT_KeyValueGetCallback_Args;
import dev.hlotune.pjrt.gen.PJRT_KeyValueGetCallback_ValueDeleter;
import dev.hlotune.pjrt.gen.PJRT_KeyValuePutCallback;
import dev.hlotune.pjrt.gen.PJRT_KeyValuePutCallback_Args;
import dev.hlotune.pjrt.gen.PJRT_KeyValueTryGetCallback;
import dev.hlotune.pjrt.gen.PJRT_KeyValueTryGetCallback_Args;
import dev.hlotune.pjrt.internal.Function;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Plays the plugin: finds the callbacks in the structure that a client is created with, and calls
 * them as native code does, from threads that the virtual machine has never seen too.
 */
class KeyValueCallbacksTest {
  @RegisterExtension static final WithClient CPU = new WithClient(1);

  /** All bytes that could be mistaken for something else. */
  private static final byte[] KEY = "cuda:gpu/0 é\n%2F\0?#".getBytes(StandardCharsets.UTF_8);

  /** A store within this process. */
  private static final class Shared implements KeyValueStore {
    private final Map<ByteBuffer, byte[]> values = new ConcurrentHashMap<>();
    private final List<Duration> waits = new CopyOnWriteArrayList<>();

    @Override
    public synchronized void put(byte[] key, byte[] value) {
      byte[] before = values.putIfAbsent(ByteBuffer.wrap(key), value);
      if (before != null && !Arrays.equals(before, value)) {
        throw new PjrtException(ErrorCode.ALREADY_EXISTS, "store", "expected one value, got two");
      }
      notifyAll();
    }

    @Override
    public synchronized byte[] get(byte[] key, Duration timeout) {
      waits.add(timeout);
      long end = System.nanoTime() + timeout.toNanos();
      Optional<byte[]> value = tryGet(key);
      while (value.isEmpty()) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new PjrtException(
              ErrorCode.DEADLINE_EXCEEDED, "store", "expected a value, got none");
        }
        try {
          wait(left);
        } catch (InterruptedException stop) {
          throw new IllegalStateException(stop);
        }
        value = tryGet(key);
      }
      return value.get();
    }

    @Override
    public Optional<byte[]> tryGet(byte[] key) {
      return Optional.ofNullable(values.get(ByteBuffer.wrap(key)));
    }
  }

  private record Told(int code, String message) {}

  private final Shared store = new Shared();
  private final Arena arena = Arena.ofShared();
  private final KeyValueCallbacks callbacks = new KeyValueCallbacks(store);
  private final List<Told> told = new CopyOnWriteArrayList<>();

  /** What the plugin makes of a failure; here its number in the list, from 1. */
  private final MemorySegment callbackError = arena.allocate(ValueLayout.ADDRESS);

  private MemorySegment create = MemorySegment.NULL;

  @BeforeEach
  void fill() {
    callbackError.set(
        ValueLayout.ADDRESS,
        0,
        PJRT_CallbackError.allocate(
            (code, message, size) -> {
              synchronized (told) {
                told.add(new Told(code, text(message, size)));
                return MemorySegment.ofAddress(told.size());
              }
            },
            arena));
    create = Function.CLIENT_CREATE.arguments(arena);
    callbacks.fill(create);
  }

  @AfterEach
  void close() {
    callbacks.close();
    arena.close();
  }

  @Test
  void whatIsPutIsGotByteForByte() {
    byte[] value = new byte[70_000];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) (i * 31);
    }
    assertEquals(0, put(KEY, value));
    MemorySegment got = getArguments(KEY, 1_000);
    assertEquals(0, get(got).address());
    assertEquals(value.length, PJRT_KeyValueGetCallback_Args.value_size(got));
    assertArrayEquals(
        value,
        PJRT_KeyValueGetCallback_Args.value(got)
            .reinterpret(value.length)
            .toArray(ValueLayout.JAVA_BYTE));
    assertEquals(1, callbacks.heldValues());
    PJRT_KeyValueGetCallback_ValueDeleter.invoke(
        PJRT_KeyValueGetCallback_Args.value_deleter_callback(got),
        PJRT_KeyValueGetCallback_Args.value(got));
    assertEquals(0, callbacks.heldValues());
    assertEquals(List.of(Duration.ofSeconds(1)), store.waits);
    assertEquals(List.of(), told);
  }

  @Test
  void nothingIsAValueToo() {
    assertEquals(0, put(KEY, new byte[0]));
    MemorySegment got = tryGetArguments(KEY);
    assertEquals(0, tryGet(got).address());
    assertEquals(0, PJRT_KeyValueTryGetCallback_Args.value_size(got));
    PJRT_KeyValueGetCallback_ValueDeleter.invoke(
        PJRT_KeyValueTryGetCallback_Args.value_deleter_callback(got),
        PJRT_KeyValueTryGetCallback_Args.value(got));
    assertEquals(0, callbacks.heldValues());
  }

  @Test
  void whatIsNotThereIsAnError() {
    assertEquals(1, tryGet(tryGetArguments(KEY)).address());
    assertEquals(ErrorCode.NOT_FOUND, ErrorCode.of(told.getFirst().code()));
    assertTrue(told.getFirst().message().contains("expected a value of 'cuda:gpu/0"));
    assertEquals(2, get(getArguments(KEY, 20)).address());
    assertEquals(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.of(told.get(1).code()));
    assertEquals(0, callbacks.heldValues());
  }

  @Test
  void anotherValueIsAnError() {
    assertEquals(0, put(KEY, new byte[] {1}));
    assertEquals(0, put(KEY, new byte[] {1}));
    assertEquals(1, put(KEY, new byte[] {2}));
    assertEquals(ErrorCode.ALREADY_EXISTS, ErrorCode.of(told.getFirst().code()));
  }

  /** A plugin passes the largest number, or one that overflowed, for a wait without end. */
  @Test
  void aWaitWithoutEndIsLong() {
    put(KEY, new byte[] {1});
    get(getArguments(KEY, -1));
    get(getArguments(KEY, Integer.MAX_VALUE));
    assertEquals(
        List.of(Duration.ofMillis(Integer.MAX_VALUE), Duration.ofMillis(Integer.MAX_VALUE)),
        store.waits);
    assertEquals(2, callbacks.heldValues());
  }

  @Test
  void nothingIsThrownIntoThePlugin() {
    RuntimeException wrong = new IllegalStateException("a bug");
    StackOverflowError worse = new StackOverflowError("much worse");
    KeyValueStore broken =
        new KeyValueStore() {
          @Override
          public void put(byte[] key, byte[] value) {
            throw worse;
          }

          @Override
          public byte[] get(byte[] key, Duration timeout) {
            throw wrong;
          }

          @Override
          public Optional<byte[]> tryGet(byte[] key) {
            throw wrong;
          }
        };
    try (KeyValueCallbacks others = new KeyValueCallbacks(broken)) {
      others.fill(create);
      assertEquals(1, put(KEY, new byte[] {1}));
      assertEquals(2, get(getArguments(KEY, 1)).address());
      assertEquals(3, tryGet(tryGetArguments(KEY)).address());
      assertEquals(
          List.of(
              new Told(13, "java.lang.StackOverflowError: much worse"),
              new Told(13, "java.lang.IllegalStateException: a bug"),
              new Told(13, "java.lang.IllegalStateException: a bug")),
          told);
      // Without that function nothing can be said, and the process lives.
      MemorySegment arguments = tryGetArguments(KEY);
      PJRT_KeyValueTryGetCallback_Args.callback_error(arguments, MemorySegment.NULL);
      assertEquals(0, tryGet(arguments).address());
      assertEquals(3, told.size());
    }
  }

  /** Threads that the system made, as those of a plugin are: half of them wait for the others. */
  @Test
  void anyThreadMayCall() throws Throwable {
    int pairs = 8;
    List<Long> threads = new ArrayList<>();
    List<MemorySegment> gets = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      MemorySegment arguments = getArguments(new byte[] {(byte) i}, 60_000);
      gets.add(arguments);
      threads.add(start(PJRT_Client_Create_Args.kv_get_callback(create), arguments));
    }
    for (int i = 0; i < pairs; i++) {
      threads.add(
          start(
              PJRT_Client_Create_Args.kv_put_callback(create),
              putArguments(new byte[] {(byte) i}, new byte[] {(byte) i, 7})));
    }
    for (long thread : threads) {
      assertEquals(0, join(thread));
    }
    for (int i = 0; i < pairs; i++) {
      assertArrayEquals(
          new byte[] {(byte) i, 7},
          PJRT_KeyValueGetCallback_Args.value(gets.get(i))
              .reinterpret(2)
              .toArray(ValueLayout.JAVA_BYTE));
    }
    assertEquals(List.of(), told);
    assertEquals(pairs, callbacks.heldValues());
  }

  /** The plugin for CPUs spans no processes: it takes the callbacks and calls none. */
  @Test
  void aClientThatNeedsNoneIsMadeWithThemAllTheSame() {
    Plugin plugin = CPU.client().plugin();
    try (Client client = plugin.client(Map.of("cpu_device_count", 2L), store)) {
      assertEquals(2, client.devices().size());
      assertEquals(0, client.processIndex());
    }
    assertEquals(Map.of(), store.values);
  }

  private long put(byte[] key, byte[] value) {
    return PJRT_KeyValuePutCallback.invoke(
            PJRT_Client_Create_Args.kv_put_callback(create), putArguments(key, value))
        .address();
  }

  private MemorySegment get(MemorySegment arguments) {
    return PJRT_KeyValueGetCallback.invoke(
        PJRT_Client_Create_Args.kv_get_callback(create), arguments);
  }

  private MemorySegment tryGet(MemorySegment arguments) {
    return PJRT_KeyValueTryGetCallback.invoke(
        PJRT_Client_Create_Args.kv_try_get_callback(create), arguments);
  }

  private MemorySegment putArguments(byte[] key, byte[] value) {
    MemorySegment arguments = PJRT_KeyValuePutCallback_Args.allocate(arena);
    PJRT_KeyValuePutCallback_Args.struct_size(arguments, PJRT_KeyValuePutCallback_Args.sizeof());
    PJRT_KeyValuePutCallback_Args.key(arguments, bytes(key));
    PJRT_KeyValuePutCallback_Args.key_size(arguments, key.length);
    PJRT_KeyValuePutCallback_Args.value(arguments, bytes(value));
    PJRT_KeyValuePutCallback_Args.value_size(arguments, value.length);
    PJRT_KeyValuePutCallback_Args.callback_error(arguments, callbackError);
    PJRT_KeyValuePutCallback_Args.user_arg(
        arguments, PJRT_Client_Create_Args.kv_put_user_arg(create));
    return arguments;
  }

  private MemorySegment getArguments(byte[] key, int milliseconds) {
    MemorySegment arguments = PJRT_KeyValueGetCallback_Args.allocate(arena);
    PJRT_KeyValueGetCallback_Args.struct_size(arguments, PJRT_KeyValueGetCallback_Args.sizeof());
    PJRT_KeyValueGetCallback_Args.key(arguments, bytes(key));
    PJRT_KeyValueGetCallback_Args.key_size(arguments, key.length);
    PJRT_KeyValueGetCallback_Args.timeout_in_ms(arguments, milliseconds);
    PJRT_KeyValueGetCallback_Args.callback_error(arguments, callbackError);
    PJRT_KeyValueGetCallback_Args.user_arg(
        arguments, PJRT_Client_Create_Args.kv_get_user_arg(create));
    return arguments;
  }

  private MemorySegment tryGetArguments(byte[] key) {
    MemorySegment arguments = PJRT_KeyValueTryGetCallback_Args.allocate(arena);
    PJRT_KeyValueTryGetCallback_Args.struct_size(
        arguments, PJRT_KeyValueTryGetCallback_Args.sizeof());
    PJRT_KeyValueTryGetCallback_Args.key(arguments, bytes(key));
    PJRT_KeyValueTryGetCallback_Args.key_size(arguments, key.length);
    PJRT_KeyValueTryGetCallback_Args.callback_error(arguments, callbackError);
    PJRT_KeyValueTryGetCallback_Args.user_arg(
        arguments, PJRT_Client_Create_Args.kv_try_get_user_arg(create));
    return arguments;
  }

  private MemorySegment bytes(byte[] content) {
    return content.length == 0
        ? MemorySegment.NULL
        : arena.allocateFrom(ValueLayout.JAVA_BYTE, content);
  }

  private static String text(MemorySegment address, long size) {
    return new String(
        address.reinterpret(size).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** A callback has the very type of a thread's first function: an address in, an address out. */
  private long start(MemorySegment callback, MemorySegment arguments) throws Throwable {
    MethodHandle create =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("pthread_create"),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS));
    MemorySegment thread = arena.allocate(ValueLayout.JAVA_LONG);
    assertEquals(0, (int) create.invokeExact(thread, MemorySegment.NULL, callback, arguments));
    return thread.get(ValueLayout.JAVA_LONG, 0);
  }

  /** What the callback returned. */
  private long join(long thread) throws Throwable {
    MethodHandle join =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("pthread_join"),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
    assertEquals(0, (int) join.invokeExact(thread, result));
    return result.get(ValueLayout.ADDRESS, 0).address();
  }
}
