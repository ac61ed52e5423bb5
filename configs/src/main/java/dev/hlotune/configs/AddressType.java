package dev.hlotune.configs;

/** A host with a port. */
record AddressType() implements KeyType<CoordinatorAddress> {

  @Override
  public String placeholder() {
    return "HOST:PORT";
  }

  @Override
  public String expectation() {
    return "HOST:PORT, with a port from 1 to 65535";
  }

  @Override
  public CoordinatorAddress parse(String text) {
    return CoordinatorAddress.parse(text.strip()).orElseThrow(() -> unexpected(text));
  }

  @Override
  public void check(CoordinatorAddress value) {
    // An address holds its own bounds, in its constructor.
  }

  @Override
  public Object plain(CoordinatorAddress value) {
    return value.toString();
  }
}
