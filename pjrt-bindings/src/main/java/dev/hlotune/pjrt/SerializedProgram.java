package dev.hlotune.pjrt;

import dev.hlotune.pjrt.internal.Contents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A compiled program as bytes: the plugin's own form with what it leaves out, and a digest, because
 * a plugin that is given damaged bytes may end the process.
 *
 * @param signature of the program
 * @param executable the plugin's bytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record SerializedProgram(Signature signature, byte[] executable) {
  private static final String MAGIC = "hlotune-executable-1";
  private static final int DIGEST_BYTES = 32;
  private static final String FUNCTION = "load";

  /** The bytes. */
  byte[] encode(String plugin) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(executable.length + 4096);
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeUTF(MAGIC);
      out.writeUTF(plugin);
      out.writeInt(signature.parameters().size());
      for (BufferType type : signature.parameters()) {
        out.writeUTF(type.elementType().name());
        out.writeInt(type.rank());
        for (long dimension : type.dimensions()) {
          out.writeLong(dimension);
        }
      }
      out.writeInt(signature.donated().size());
      for (int index : signature.donated()) {
        out.writeInt(index);
      }
      out.writeInt(executable.length);
      out.write(executable);
      bytes.writeBytes(Contents.sha256().digest(bytes.toByteArray()));
      return bytes.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Reads them, refusing what is damaged or another plugin's. */
  static SerializedProgram decode(byte[] bytes, String plugin) {
    int length = bytes.length - DIGEST_BYTES;
    if (length <= 0) {
      throw damaged("at least " + DIGEST_BYTES + " bytes", bytes.length + "");
    }
    MessageDigest digest = Contents.sha256();
    digest.update(bytes, 0, length);
    if (!Arrays.equals(digest.digest(), 0, DIGEST_BYTES, bytes, length, bytes.length)) {
      throw damaged("bytes that match their digest", "others");
    }
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length));
      String magic = in.readUTF();
      if (!magic.equals(MAGIC)) {
        throw damaged("'" + MAGIC + "'", "'" + magic + "'");
      }
      String writer = in.readUTF();
      if (!writer.equals(plugin)) {
        throw new PjrtException(
            ErrorCode.FAILED_PRECONDITION,
            FUNCTION,
            "expected a program compiled by '" + plugin + "', got one by '" + writer + "'");
      }
      List<BufferType> parameters = new ArrayList<>();
      for (int count = in.readInt(); count > 0; count--) {
        ElementType type = ElementType.valueOf(in.readUTF());
        long[] dimensions = new long[in.readInt()];
        for (int axis = 0; axis < dimensions.length; axis++) {
          dimensions[axis] = in.readLong();
        }
        parameters.add(new BufferType(type, dimensions));
      }
      Set<Integer> donated = new TreeSet<>();
      for (int count = in.readInt(); count > 0; count--) {
        donated.add(in.readInt());
      }
      byte[] executable = in.readNBytes(in.readInt());
      return new SerializedProgram(new Signature(parameters, donated), executable);
    } catch (IOException cut) {
      PjrtException failure = damaged("a whole program", "a part of one");
      failure.initCause(cut);
      throw failure;
    }
  }

  private static PjrtException damaged(String expected, String got) {
    return new PjrtException(
        ErrorCode.DATA_LOSS, FUNCTION, "expected " + expected + ", got " + got);
  }
}
