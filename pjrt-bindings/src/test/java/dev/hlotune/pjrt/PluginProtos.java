package dev.hlotune.pjrt;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The message types that a plugin's library carries: C++ protocol buffers keep each file's
 * description as a serialized message among the library's constants.
 *
 * @param files the descriptions by name
 */
record PluginProtos(Map<String, FileDescriptorProto> files) {
  private static final byte[] SUFFIX = ".proto".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST = 1 << 20;

  static PluginProtos read(Path library) throws IOException {
    Map<String, FileDescriptorProto> files = new HashMap<>();
    try (FileChannel channel = FileChannel.open(library, StandardOpenOption.READ)) {
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      for (int at = 0; at < bytes.limit() - 130; at++) {
        // Field 1, the name: its tag, its length, and a text that ends in ".proto".
        if (bytes.get(at) == 0x0a && endsInSuffix(bytes, at + 2, bytes.get(at + 1))) {
          FileDescriptorProto file = parse(bytes, at);
          if (file != null) {
            files.putIfAbsent(file.getName(), file);
          }
        }
      }
    }
    return new PluginProtos(files);
  }

  Descriptor message(String file, String name) throws DescriptorValidationException {
    Descriptor found = build(file, new HashMap<>()).findMessageTypeByName(name);
    if (found == null) {
      throw new IllegalStateException("expected message '" + name + "' in '" + file + "'");
    }
    return found;
  }

  private FileDescriptor build(String name, Map<String, FileDescriptor> built)
      throws DescriptorValidationException {
    FileDescriptor done = built.get(name);
    if (done != null) {
      return done;
    }
    FileDescriptorProto file = files.get(name);
    if (file == null) {
      throw new IllegalStateException("expected '" + name + "' among " + files.keySet());
    }
    List<FileDescriptor> imports = new ArrayList<>();
    for (String dependency : file.getDependencyList()) {
      imports.add(build(dependency, built));
    }
    FileDescriptor result =
        FileDescriptor.buildFrom(file, imports.toArray(FileDescriptor[]::new), true);
    built.put(name, result);
    return result;
  }

  private static boolean endsInSuffix(ByteBuffer bytes, int start, int length) {
    if (length <= SUFFIX.length) {
      return false;
    }
    for (int index = 0; index < SUFFIX.length; index++) {
      if (bytes.get(start + length - SUFFIX.length + index) != SUFFIX[index]) {
        return false;
      }
    }
    return true;
  }

  /** Nothing says where the message ends, so fields are read while they are those of the type. */
  private static @Nullable FileDescriptorProto parse(ByteBuffer bytes, int at) {
    ByteBuffer rest = bytes.slice(at, Math.min(LONGEST, bytes.limit() - at));
    CodedInputStream in = CodedInputStream.newInstance(rest);
    int end = 0;
    boolean named = false;
    try {
      while (true) {
        int tag = in.readTag();
        int field = WireFormat.getTagFieldNumber(tag);
        boolean again = field == 1 && named;
        if (tag == 0
            || again
            || FileDescriptorProto.getDescriptor().findFieldByNumber(field) == null
            || !in.skipField(tag)) {
          break;
        }
        named = true;
        end = in.getTotalBytesRead();
      }
    } catch (IOException past) {
      // The bytes after the message are none.
    }
    try {
      return FileDescriptorProto.parseFrom(rest.slice(0, end));
    } catch (IOException other) {
      return null;
    }
  }
}
