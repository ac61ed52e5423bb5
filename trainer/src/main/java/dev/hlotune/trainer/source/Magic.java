package dev.hlotune.trainer.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** What a file is, told by its first bytes, for messages about files whose name says otherwise. */
enum Magic {
  PARQUET("a Parquet file", "50415231"),
  ENCRYPTED_PARQUET("an encrypted Parquet file", "50415245"),
  ARROW("an Arrow file", "4152524f5731"),
  ARROW_STREAM("an Arrow stream", "ffffffff"),
  GZIP("a gzip file", "1f8b"),
  ZSTD("a zstd file", "28b52ffd"),
  ZIP("a zip archive", "504b0304"),
  XZ("an xz file", "fd377a585a00"),
  BZIP2("a bzip2 file", "425a68"),
  SEVEN_ZIP("a 7z archive", "377abcaf271c"),
  LZ4("an lz4 file", "04224d18"),
  AVRO("an Avro file", "4f626a01"),
  ORC("an ORC file", "4f5243"),
  HDF5("an HDF5 file", "894844460d0a1a0a"),
  NUMPY("a NumPy file", "934e554d5059"),
  SQLITE("an SQLite database", "53514c69746520666f726d6174203300"),
  PDF("a PDF", "255044462d"),
  UTF_16("UTF-16 text", "fffe"),
  UTF_16_BIG("UTF-16 text", "feff"),
  LFS_POINTER("a Git LFS pointer", "version https://git-lfs".getBytes(StandardCharsets.US_ASCII)),
  WEB_PAGE("a web page", "<!doctype html".getBytes(StandardCharsets.US_ASCII)),
  WEB_PAGE_BARE("a web page", "<html".getBytes(StandardCharsets.US_ASCII)),
  TEXT("something else");

  /** As many first bytes as {@link #of} looks at. */
  static final int LENGTH = 32;

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // Never written to.
  private final byte[] start;

  Magic(String label, byte... start) {
    this.label = label;
    this.start = start;
  }

  Magic(String label, String hex) {
    this(label, HexFormat.of().parseHex(hex));
  }

  /** The first that fits; {@link #TEXT} fits anything. */
  static Magic of(byte[] head) {
    return Arrays.stream(values()).filter(magic -> magic.fits(head)).findFirst().orElse(TEXT);
  }

  private boolean fits(byte[] head) {
    if (head.length < start.length) {
      return false;
    }
    String begin = new String(head, 0, start.length, StandardCharsets.ISO_8859_1);
    String wanted = new String(start, StandardCharsets.ISO_8859_1);
    boolean anyCase = this == WEB_PAGE || this == WEB_PAGE_BARE;
    return anyCase ? begin.equalsIgnoreCase(wanted) : begin.equals(wanted);
  }

  /** What it is, and what to do about it. */
  String label() {
    return switch (this) {
      case LFS_POINTER -> label + "; fetch the file itself with \"git lfs pull\"";
      case GZIP -> label + "; let its name end in .gz";
      case ZSTD -> label + "; let its name end in .zst";
      case PARQUET -> label + "; let its name end in .parquet";
      case ARROW, ARROW_STREAM -> label + "; let its name end in .arrow";
      case UTF_16, UTF_16_BIG -> label + "; save it as UTF-8";
      default -> label;
    };
  }
}
