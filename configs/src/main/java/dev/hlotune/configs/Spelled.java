package dev.hlotune.configs;

import java.util.List;

/**
 * An enum whose values have a spelling in recipes and possibly further ones that are understood.
 */
public interface Spelled {

  /** The spelling of help, then the others, with spaces between. */
  String spellings();

  /** The spelling of help and of the resolved configuration. */
  default String spelled() {
    return all().getFirst();
  }

  /** Further spellings, each unique within the enum. */
  default List<String> synonyms() {
    return all().subList(1, all().size());
  }

  private List<String> all() {
    return List.of(spellings().split(" ", -1));
  }
}
