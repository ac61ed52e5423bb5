package dev.hlotune.pjrt.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes one message in the protocol buffers wire format: fields in the order of the calls. As
 * proto3 does, {@link #integer} and {@link #bool} leave out zero; the {@code oneof} forms do not.
 */
public final class ProtobufWriter {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** An int32 or int64 field, left out when zero. */
  public ProtobufWriter integer(int field, long value) {
    return value == 0 ? this : oneofInteger(field, value);
  }

  /** A bool field, left out when false. */
  public ProtobufWriter bool(int field, boolean value) {
    return value ? oneofBool(field, true) : this;
  }

  /** An int32 or int64 field that is present even when zero. */
  public ProtobufWriter oneofInteger(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  /** A bool field that is present even when false. */
  public ProtobufWriter oneofBool(int field, boolean value) {
    return oneofInteger(field, value ? 1 : 0);
  }

  /** A double field. */
  public ProtobufWriter real(int field, double value) {
    tag(field, FIXED64);
    out.writeBytes(
        ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
    return this;
  }

  /** A string field, present even when empty. */
  public ProtobufWriter string(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A message field, present even when empty. */
  public ProtobufWriter message(int field, ProtobufWriter value) {
    return bytes(field, value.toBytes());
  }

  /** A packed repeated int64 field. */
  public ProtobufWriter packedIntegers(int field, long... values) {
    ProtobufWriter packed = new ProtobufWriter();
    for (long value : values) {
      packed.varint(value);
    }
    return bytes(field, packed.toBytes());
  }

  /** What was written. */
  public byte[] toBytes() {
    return out.toByteArray();
  }

  private ProtobufWriter bytes(int field, byte[] value) {
    tag(field, LENGTH);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private void tag(int field, int wireType) {
    varint(((long) field << 3) | wireType);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
