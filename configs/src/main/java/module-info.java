/** Run configurations. */
module dev.hlotune.configs {
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires static transitive org.jspecify;

  exports dev.hlotune.configs;
  exports dev.hlotune.configs.quickstart;

  opens dev.hlotune.configs to
      com.fasterxml.jackson.databind;
}
