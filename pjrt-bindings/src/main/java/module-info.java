/** The PJRT C API as Java handles. */
module dev.hlotune.pjrt {
  requires java.net.http;
  requires static transitive org.jspecify;

  exports dev.hlotune.pjrt;
  exports dev.hlotune.pjrt.web;
}
