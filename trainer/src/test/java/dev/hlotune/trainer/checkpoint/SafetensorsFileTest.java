package dev.hlotune.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void readsEveryElementTypeThatTheReferenceImplementationWrote() throws IOException {
    try (SafetensorsFile file =
        SafetensorsFile.open(Fixtures.path("safetensors/mixed.safetensors"))) {
      assertEquals(Map.of("format", "pt"), file.metadata());
      assertEquals(13, file.tensors().size());
      assertArrayEquals(
          new float[] {-0.5f, -0.25f, 0, 0.25f, 0.5f, 0.75f}, file.tensor("a.float32").toFloats());
      assertEquals(List.of(2L, 3L), file.tensor("a.float32").shape());
      assertArrayEquals(new float[] {1, -2.5e-7f}, file.tensor("b.float64").toFloats());
      assertArrayEquals(
          new float[] {0.5f, -65504, Float.float16ToFloat((short) 1)},
          file.tensor("c.float16").toFloats());
      assertEquals(-3.140625f, file.tensor("d.bfloat16").toFloats()[1]);
      assertArrayEquals(new long[] {1, -2, 1L << 62}, file.tensor("e.int64").toLongs());
      assertArrayEquals(new long[] {-7}, file.tensor("f.int32").toLongs());
      assertArrayEquals(new long[] {-300, 300, 1}, file.tensor("g.int16").toLongs());
      assertArrayEquals(new long[] {-128, 127, 3}, file.tensor("h.int8").toLongs());
      assertArrayEquals(new long[] {0, 200, 255}, file.tensor("i.uint8").toLongs());
      assertArrayEquals(new long[] {1, 0, 1}, file.tensor("j.bool").toLongs());
      assertEquals(List.of(), file.tensor("k.scalar").shape());
      assertArrayEquals(new float[] {1.5f}, file.tensor("k.scalar").toFloats());
      assertEquals(0, file.tensor("l.empty").elementCount());
      assertArrayEquals(new float[] {9}, file.tensor("m.\u00fcml\u00e4ut \"quoted\"").toFloats());
    }
  }

  @Test
  void refusesConversionsThatWouldLoseTheMeaning() throws IOException {
    try (SafetensorsFile file =
        SafetensorsFile.open(Fixtures.path("safetensors/mixed.safetensors"))) {
      assertMessage(
          assertThrows(IllegalStateException.class, () -> file.tensor("e.int64").toFloats()),
          "tensor 'e.int64': expected one of F16, BF16, F32, F64, got I64");
      assertMessage(
          assertThrows(IllegalStateException.class, () -> file.tensor("a.float32").toLongs()),
          "tensor 'a.float32': expected integers, got F32");
      assertMessage(
          assertThrows(DataException.class, () -> file.tensor("z.float32")),
          "tensor 'z.float32': expected in the file, got 13 others; the nearest name is 'a.float32'");
    }
  }

  @Test
  void givesNothingAfterClose() throws IOException {
    SafetensorsFile file = SafetensorsFile.open(Fixtures.path("safetensors/mixed.safetensors"));
    TensorEntry entry = file.tensor("a.float32");
    file.close();
    file.close();
    assertThrows(IllegalStateException.class, entry::toFloats);
  }

  @Test
  void saysWhereAFileIsCutShort() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.path("safetensors/mixed.safetensors"));
    int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertMalformed(new byte[0], "expected at least 8 bytes, got 0");
    assertMalformed(Arrays.copyOf(whole, 5), "expected at least 8 bytes, got 5");
    assertMalformed(
        Arrays.copyOf(whole, 100),
        "safetensors header: expected %d bytes after the first 8, got 92; the file is cut short"
            .formatted(header));
    assertMalformed(
        Arrays.copyOf(whole, 8 + header + 30),
        "tensor 'b.float64': data: expected bytes 24 to 40 after the header, got 30 bytes in all; the file is cut short");
    // Every shorter prefix is refused, whatever it ends in.
    for (int length = 0; length < whole.length; length++) {
      byte[] prefix = Arrays.copyOf(whole, length);
      assertThrows(DataException.class, () -> open(prefix).close(), "length " + length);
    }
    assertMalformed(
        Arrays.copyOf(whole, whole.length + 3), "bytes after the header, where 'j.bool' ends, got");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}|8|expected JSON, got",
        "[1]|0|expected a JSON object, got ARRAY",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|8|Duplicate field 'a'",
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}}|8|tensor 'a': dtype: expected one of [BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32, U32, F32, F64, I64, U64], got 'F31'",
        "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}|8|tensor 'a': dtype: expected one of",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}|8|tensor 'a': data_offsets: expected a list, got",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}|8|tensor 'a': shape: expected integers of at least 0, got [-2]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}|8|tensor 'a': shape: expected integers of at least 0, got [2.5]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}|8|tensor 'a': data_offsets: expected [begin, end] in order, got [8, 0]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}|8|tensor 'a': data_offsets: expected 12 bytes for F32 [3], got 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}|8|tensor 'a': shape: expected fewer than 2^63 bytes, got [4294967296, 4294967296]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|8|tensor 'b': data_offsets: expected to begin at 8, where 'a' ends, got 4; tensors overlap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}|12|tensor 'b': data_offsets: expected to begin at 4, where 'a' ends, got 8; tensors leave a gap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|12|expected 4 bytes after the header, where 'a' ends, got 12",
      })
  void namesWhatIsWrongInTheHeader(String header, int dataLength, String message)
      throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    byte[] bytes =
        ByteBuffer.allocate(8 + text.length + dataLength)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .array();
    assertMalformed(bytes, message);
  }

  @Test
  void refusesOtherKindsOfFile() throws IOException {
    assertMalformed(
        "PK\u0003\u0004, a zipped pickle".getBytes(StandardCharsets.UTF_8),
        "this is not a safetensors file");
    assertMalformed(
        new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}, "got 18446744073709551615; this is not");
    assertThrows(
        NoSuchFileException.class, () -> SafetensorsFile.open(folder.resolve("absent")).close());
  }

  private SafetensorsFile open(byte[] bytes) throws IOException {
    return SafetensorsFile.open(Files.write(folder.resolve("bad.safetensors"), bytes));
  }

  private void assertMalformed(byte[] bytes, String message) {
    DataException e = assertThrows(DataException.class, () -> open(bytes).close());
    assertMessage(e, message);
    assertMessage(e, "bad.safetensors");
  }

  private static void assertMessage(Exception e, String part) {
    assertTrue(String.valueOf(e.getMessage()).contains(part), String.valueOf(e.getMessage()));
  }
}
