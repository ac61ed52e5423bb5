package dev.hlotune.sharding.hosts;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How processes and coordinator speak: HTTP/1.1, everything by POST. Keys and values go as bytes of
 * the body, because a key may hold what a URI may not.
 *
 * <table>
 * <caption>Requests</caption>
 * <tr><th>path</th><th>headers</th><th>body</th><th>answer</th></tr>
 * <tr><td>/join</td><td>count</td><td>host name</td><td>200</td></tr>
 * <tr><td>/put</td><td></td><td>length of the key, key, value</td><td>200</td></tr>
 * <tr><td>/get</td><td>wait</td><td>key</td><td>200 with the value, 204 without one yet</td></tr>
 * <tr><td>/barrier</td><td>wait</td><td>name</td><td>200, 202 with those still missing</td></tr>
 * <tr><td>/beat</td><td>wait</td><td></td><td>200, 202 with why all have to stop</td></tr>
 * <tr><td>/leave</td><td>failed</td><td>why</td><td>200</td></tr>
 * </table>
 *
 * <p>A failure is a status from 400 on, its code in a header and its message as body.
 */
final class Wire {
  /** In every answer: which coordinator gives it, a number chosen at random at its start. */
  static final String COORDINATOR = "Hlotune-Coordinator";

  /** In every request: the number of the process. */
  static final String PROCESS = "Hlotune-Process";

  /** In every request: what the process chose at random. */
  static final String TOKEN = "Hlotune-Token";

  /** How many processes there are. */
  static final String COUNT = "Hlotune-Count";

  /** Milliseconds after which an answer is wanted in any case. */
  static final String WAIT = "Hlotune-Wait";

  /** Whether the others cannot go on. */
  static final String FAILED = "Hlotune-Failed";

  /** The name of an {@link dev.hlotune.pjrt.ErrorCode}. */
  static final String CODE = "Hlotune-Code";

  /** Larger than anything that plugins exchange. */
  static final int MOST_BYTES = 64 << 20;

  private Wire() {}

  /** The body of {@code /put}. */
  static byte[] pair(byte[] key, byte[] value) {
    return ByteBuffer.allocate(Integer.BYTES + key.length + value.length)
        .putInt(key.length)
        .put(key)
        .put(value)
        .array();
  }

  /** Whether a body is one of {@code /put}. */
  static boolean isPair(byte[] body) {
    return body.length >= Integer.BYTES
        && ByteBuffer.wrap(body).getInt() >= 0
        && ByteBuffer.wrap(body).getInt() <= body.length - Integer.BYTES;
  }

  static byte[] key(byte[] pair) {
    return Arrays.copyOfRange(pair, Integer.BYTES, Integer.BYTES + ByteBuffer.wrap(pair).getInt());
  }

  static byte[] value(byte[] pair) {
    return Arrays.copyOfRange(pair, Integer.BYTES + ByteBuffer.wrap(pair).getInt(), pair.length);
  }
}
