package dev.hlotune.trainer.archive;

import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.web.Checksum;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What an archive says of one of its programs.
 *
 * @param name among the recipe's, and of its entries
 * @param textSha256 digest of its StableHLO
 * @param optionsSha256 digest of its compile options, as the plugin got them
 * @param executableSha256 digest of what the compiler made of it
 */
public record ArchivedProgram(
    String name, String textSha256, String optionsSha256, String executableSha256) {

  /** A program with its digests. */
  static ArchivedProgram of(String name, String text, CompileOptions options, byte[] executable) {
    return new ArchivedProgram(name, digest(text), digest(options), digest(executable));
  }

  static String digest(String text) {
    return digest(text.getBytes(StandardCharsets.UTF_8));
  }

  static String digest(CompileOptions options) {
    return digest(options.toBytes());
  }

  static String digest(byte[] bytes) {
    return HexFormat.of().formatHex(Checksum.sha256().digest(bytes));
  }

  String textEntry() {
    return name + ".mlir";
  }

  String executableEntry() {
    return name + ".executable";
  }
}
