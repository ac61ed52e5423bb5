package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.DictionaryEncoding;
import org.apache.arrow.flatbuf.Duration;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;

/** Finds the layouts of the fields of one file. */
final class ArrowLayouts {
  /** Reads whole numbers of some width. */
  @FunctionalInterface
  private interface Whole {
    long get(MemorySegment values, long index);
  }

  /** Makes a node of one value, found by its index in the buffer of values. */
  @FunctionalInterface
  private interface Scalar {
    JsonNode get(MemorySegment values, long index);
  }

  /** No file has values within values within values so often, unless it is broken. */
  private static final int DEEPEST = 64;

  private final Path file;
  private final ArrowDictionaries dictionaries;
  private int depth;

  ArrowLayouts(Path file, ArrowDictionaries dictionaries) {
    this.file = file;
    this.dictionaries = dictionaries;
  }

  /**
   * The layout of a field.
   *
   * @param path its name in messages
   * @throws DataException if it has a type that cannot be shown
   */
  ArrowLayout of(Field field, String path) {
    DictionaryEncoding encoding = field.dictionary();
    if (++depth > DEEPEST) {
      throw new IllegalArgumentException("expected up to " + DEEPEST + " levels, got more");
    }
    ArrowLayout values = values(field, path);
    depth--;
    if (encoding == null) {
      return values;
    }
    long id = encoding.id();
    dictionaries.expect(id, values);
    Int type = encoding.indexType();
    Whole number = type == null ? whole(32, true) : whole(type.bitWidth(), type.isSigned());
    return buffers -> {
      buffers.length();
      MemorySegment bits = buffers.next();
      MemorySegment indices = buffers.next();
      ArrowVector entries = dictionaries.get(id);
      ArrowVector vector = index -> entries.get(number.get(indices, index));
      return vector.nullable(bits);
    };
  }

  private ArrowLayout values(Field field, String path) {
    return switch (field.typeType()) {
      case Type.Null ->
          buffers -> {
            buffers.length();
            return index -> NullNode.instance;
          };
      case Type.Bool -> fixed((values, i) -> BooleanNode.valueOf(ArrowVector.bit(values, i)));
      case Type.Int -> fixed(integer(field));
      case Type.FloatingPoint -> fixed(floating(field));
      case Type.Decimal -> fixed(decimal(field));
      case Type.Date -> fixed(date(field));
      case Type.Time -> fixed(time(field));
      case Type.Timestamp -> fixed(timestamp(field, path));
      case Type.Duration -> fixed(duration(field));
      case Type.FixedSizeBinary -> fixed(fixedBinary(field));
      case Type.Utf8 -> ArrowNested.bytes(text(field), false);
      case Type.LargeUtf8 -> ArrowNested.bytes(text(field), true);
      case Type.Utf8View -> ArrowNested.views(text(field));
      case Type.Binary -> ArrowNested.bytes(BinaryNode::valueOf, false);
      case Type.LargeBinary -> ArrowNested.bytes(BinaryNode::valueOf, true);
      case Type.BinaryView -> ArrowNested.views(BinaryNode::valueOf);
      case Type.List -> ArrowNested.list(element(field, path), false);
      case Type.LargeList -> ArrowNested.list(element(field, path), true);
      case Type.ListView -> ArrowNested.listView(element(field, path), false);
      case Type.LargeListView -> ArrowNested.listView(element(field, path), true);
      case Type.FixedSizeList ->
          ArrowNested.fixedList(
              element(field, path), ((FixedSizeList) field.type(new FixedSizeList())).listSize());
      case Type.Struct_ -> struct(field, path);
      case Type.Map -> {
        Field pair = field.children(0);
        yield ArrowNested.map(
            of(pair.children(0), path + ".key"), of(pair.children(1), path + ".value"));
      }
      default -> throw unsupported(path, Type.name(field.typeType()));
    };
  }

  private DataException unsupported(String path, String type) {
    return new DataException(
        new Origin(file, 0),
        path,
        "expected text, numbers, dates, lists, structs or maps, got " + type);
  }

  private ArrowLayout element(Field list, String path) {
    return of(list.children(0), path + "[]");
  }

  private ArrowLayout struct(Field field, String path) {
    List<String> names = new ArrayList<>();
    List<ArrowLayout> layouts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < field.childrenLength(); i++) {
      Field child = field.children(i);
      String childPath = path + "." + child.name();
      if (!seen.add(child.name())) {
        throw new DataException(
            new Origin(file, 0), childPath, "expected one column of this name, got several");
      }
      names.add(child.name());
      layouts.add(of(child, childPath));
    }
    return ArrowNested.struct(names, layouts);
  }

  private static ArrowLayout fixed(Scalar scalar) {
    return buffers -> {
      buffers.length();
      MemorySegment bits = buffers.next();
      MemorySegment values = buffers.next();
      ArrowVector vector = index -> scalar.get(values, index);
      return vector.nullable(bits);
    };
  }

  private static Whole whole(int bits, boolean signed) {
    return switch (bits) {
      case 8 ->
          (values, i) -> {
            byte value = values.get(ValueLayout.JAVA_BYTE, i);
            return signed ? value : value & 0xFF;
          };
      case 16 ->
          (values, i) -> {
            short value = values.get(ArrowVector.INT16, 2 * i);
            return signed ? value : value & 0xFFFF;
          };
      case 32 ->
          (values, i) -> {
            int value = values.get(ArrowVector.INT32, 4 * i);
            return signed ? value : value & 0xFFFF_FFFFL;
          };
      default -> (values, i) -> values.get(ArrowVector.INT64, 8 * i);
    };
  }

  private static Scalar integer(Field field) {
    Int type = (Int) field.type(new Int());
    Whole number = whole(type.bitWidth(), type.isSigned());
    if (extension(field).equals("arrow.bool8")) {
      return (values, i) -> BooleanNode.valueOf(number.get(values, i) != 0);
    }
    return type.isSigned() || type.bitWidth() < 64
        ? (values, i) -> LongNode.valueOf(number.get(values, i))
        : (values, i) -> ColumnValues.unsigned(number.get(values, i));
  }

  private static Scalar floating(Field field) {
    return switch (((FloatingPoint) field.type(new FloatingPoint())).precision()) {
      case Precision.HALF ->
          (values, i) ->
              FloatNode.valueOf(Float.float16ToFloat(values.get(ArrowVector.INT16, 2 * i)));
      case Precision.SINGLE ->
          (values, i) -> FloatNode.valueOf(values.get(ArrowVector.FLOAT32, 4 * i));
      default -> (values, i) -> DoubleNode.valueOf(values.get(ArrowVector.FLOAT64, 8 * i));
    };
  }

  private static Scalar decimal(Field field) {
    Decimal type = (Decimal) field.type(new Decimal());
    int width = type.bitWidth() / 8;
    int scale = type.scale();
    return (values, i) -> {
      byte[] bigEndian = new byte[width];
      for (int b = 0; b < width; b++) {
        bigEndian[width - 1 - b] = values.get(ValueLayout.JAVA_BYTE, i * width + b);
      }
      return ColumnValues.decimal(new BigInteger(bigEndian), scale);
    };
  }

  private static Scalar date(Field field) {
    boolean days = ((Date) field.type(new Date())).unit() == DateUnit.DAY;
    Whole number = whole(days ? 32 : 64, true);
    return (values, i) -> {
      long value = number.get(values, i);
      return ColumnValues.date(days ? value : Math.floorDiv(value, TimeUnit.DAYS.toMillis(1)));
    };
  }

  private static TimeUnit unit(short unit) {
    return switch (unit) {
      case org.apache.arrow.flatbuf.TimeUnit.SECOND -> TimeUnit.SECONDS;
      case org.apache.arrow.flatbuf.TimeUnit.MILLISECOND -> TimeUnit.MILLISECONDS;
      case org.apache.arrow.flatbuf.TimeUnit.MICROSECOND -> TimeUnit.MICROSECONDS;
      default -> TimeUnit.NANOSECONDS;
    };
  }

  private static Scalar time(Field field) {
    Time type = (Time) field.type(new Time());
    Whole number = whole(type.bitWidth(), true);
    TimeUnit unit = unit(type.unit());
    return (values, i) -> ColumnValues.time(number.get(values, i), unit);
  }

  private Scalar timestamp(Field field, String path) {
    Timestamp type = (Timestamp) field.type(new Timestamp());
    Whole number = whole(64, true);
    TimeUnit unit = unit(type.unit());
    String name = type.timezone();
    try {
      ZoneId zone = name == null || name.isEmpty() ? null : ZoneId.of(name);
      return (values, i) -> ColumnValues.timestamp(number.get(values, i), unit, zone);
    } catch (DateTimeException e) {
      throw unsupported(path, "a timestamp in the unknown zone \"" + name + '"');
    }
  }

  private static Scalar duration(Field field) {
    ChronoUnit unit = unit(((Duration) field.type(new Duration())).unit()).toChronoUnit();
    Whole number = whole(64, true);
    return (values, i) ->
        TextNode.valueOf(java.time.Duration.of(number.get(values, i), unit).toString());
  }

  private static Scalar fixedBinary(Field field) {
    int width = ((FixedSizeBinary) field.type(new FixedSizeBinary())).byteWidth();
    boolean uuid = extension(field).equals("arrow.uuid");
    return (values, i) -> {
      byte[] bytes = ArrowVector.bytes(values, i * width, width);
      return uuid ? ColumnValues.uuid(bytes) : BinaryNode.valueOf(bytes);
    };
  }

  private static ArrowNested.Decoder text(Field field) {
    return extension(field).equals("arrow.json")
        ? JsonText::value
        : bytes -> TextNode.valueOf(ColumnValues.text(bytes));
  }

  /** The name of the extension that a field has, or nothing. */
  private static String extension(Field field) {
    for (int i = 0; i < field.customMetadataLength(); i++) {
      KeyValue entry = field.customMetadata(i);
      if ("ARROW:extension:name".equals(entry.key())) {
        return String.valueOf(entry.value());
      }
    }
    return "";
  }
}
