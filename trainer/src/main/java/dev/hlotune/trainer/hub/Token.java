package dev.hlotune.trainer.hub;

/**
 * What tells the hub who asks. It never comes into a message: it is no text where anybody prints.
 *
 * @param value the token itself
 * @param origin the variable or file it was found in
 */
record Token(String value, String origin) {
  @Override
  public String toString() {
    return "token of " + origin;
  }
}
