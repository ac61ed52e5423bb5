package dev.hlotune.configs;

/** The size of a file. */
record FileSizeType() implements KeyType<FileSize> {

  @Override
  public String placeholder() {
    return "SIZE";
  }

  @Override
  public String expectation() {
    return "a size of at least 1 byte, such as '5GB' or '200MB'";
  }

  @Override
  public FileSize parse(String text) {
    try {
      return FileSize.parse(text);
    } catch (IllegalArgumentException | ArithmeticException | ConfigException e) {
      throw unexpected(text);
    }
  }

  @Override
  public void check(FileSize value) {
    // The record holds its own bound.
  }

  @Override
  public Object plain(FileSize value) {
    return value.toString();
  }
}
