package dev.hlotune.configs;

/** Devices along an axis of the mesh; {@link MeshConfig#REST} is what the other axes leave. */
record MeshSize() implements KeyType<Integer> {

  @Override
  public String placeholder() {
    return "INTEGER";
  }

  @Override
  public String expectation() {
    return "a whole number of at least 1, or -1 for the rest";
  }

  @Override
  public Integer parse(String text) {
    try {
      int value = Integer.parseInt(text);
      check(value);
      return value;
    } catch (NumberFormatException e) {
      throw unexpected(text);
    }
  }

  @Override
  public void check(Integer value) {
    if (value < 1 && value != MeshConfig.REST) {
      throw unexpected(value);
    }
  }

  @Override
  public Object plain(Integer value) {
    return value;
  }
}
