package dev.hlotune.trainer.source;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.LogicalType._Fields;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * A node of the schema of a Parquet file: a column, or what holds columns.
 *
 * @param element what the file says about it
 * @param children its parts, none for a column
 */
record ParquetField(SchemaElement element, List<ParquetField> children) {
  /** No file has groups within groups so often, unless it is broken. */
  private static final int DEEPEST = 128;

  ParquetField {
    children = List.copyOf(children);
  }

  /** The root of a schema, from the list in which the file has it, parents before children. */
  static ParquetField root(List<SchemaElement> elements) {
    Iterator<SchemaElement> rest = elements.iterator();
    ParquetField root = next(rest, 0);
    if (rest.hasNext()) {
      throw new IllegalArgumentException("expected one tree of columns, got more");
    }
    return root;
  }

  private static ParquetField next(Iterator<SchemaElement> rest, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("expected up to " + DEEPEST + " levels, got more");
    }
    SchemaElement element = rest.next();
    List<ParquetField> children = new ArrayList<>();
    for (int i = 0; i < element.getNum_children(); i++) {
      children.add(next(rest, depth + 1));
    }
    return new ParquetField(element, children);
  }

  String name() {
    return element.getName();
  }

  boolean isRepeated() {
    return element.getRepetition_type() == FieldRepetitionType.REPEATED;
  }

  boolean isGroup() {
    return !element.isSetType();
  }

  /** Whether it has an annotation, in the form of today or in an older one. */
  boolean is(_Fields annotation, ConvertedType... older) {
    return element.isSetLogicalType()
        ? element.getLogicalType().getSetField() == annotation
        : element.isSetConverted_type() && List.of(older).contains(element.getConverted_type());
  }

  /** Whether it has no annotation. */
  boolean isPlain() {
    return !element.isSetLogicalType() && !element.isSetConverted_type();
  }

  /** Digits behind the point, of decimals. */
  int scale() {
    return element.isSetLogicalType()
        ? element.getLogicalType().getDECIMAL().getScale()
        : element.getScale();
  }

  /** How its type is called in messages. */
  String label() {
    String annotation =
        element.isSetLogicalType()
            ? " (" + element.getLogicalType().getSetField() + ")"
            : element.isSetConverted_type() ? " (" + element.getConverted_type() + ")" : "";
    return element.getType()
        + annotation
        + (element.getType() == org.apache.parquet.format.Type.INT96
            ? ", the old form of timestamps"
            : "");
  }

  /** Whether it is a list by annotation, of whatever depth. */
  boolean isList() {
    return isWrapper() && is(_Fields.LIST, ConvertedType.LIST);
  }

  /** Whether it is a map by annotation. */
  boolean isMap() {
    return isWrapper()
        && is(_Fields.MAP, ConvertedType.MAP, ConvertedType.MAP_KEY_VALUE)
        && children.getFirst().children.size() == 2;
  }

  private boolean isWrapper() {
    return isGroup() && !isRepeated() && children.size() == 1 && children.getFirst().isRepeated();
  }

  /**
   * Whether this repeated field of a list is its element itself rather than a group around the
   * element: the rules of the format for files of older writers.
   */
  boolean isElementOf(ParquetField list) {
    return !isGroup()
        || children.size() != 1
        || children.getFirst().isRepeated()
        || name().equals("array")
        || name().equals(list.name() + "_tuple");
  }

  /** The schema as the library wants it, without what its values mean. */
  MessageType message() {
    return new MessageType(name(), children.stream().map(ParquetField::type).toList());
  }

  private Type type() {
    Type.Repetition repetition = Type.Repetition.valueOf(element.getRepetition_type().name());
    if (isGroup()) {
      return new GroupType(repetition, name(), children.stream().map(ParquetField::type).toList());
    }
    PrimitiveTypeName primitive =
        switch (element.getType()) {
          case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
          case INT32 -> PrimitiveTypeName.INT32;
          case INT64 -> PrimitiveTypeName.INT64;
          case INT96 -> PrimitiveTypeName.INT96;
          case FLOAT -> PrimitiveTypeName.FLOAT;
          case DOUBLE -> PrimitiveTypeName.DOUBLE;
          case BYTE_ARRAY -> PrimitiveTypeName.BINARY;
          case FIXED_LEN_BYTE_ARRAY -> PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
        };
    return new PrimitiveType(repetition, primitive, element.getType_length(), name());
  }
}
