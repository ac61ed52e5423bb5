/** Where arrays live on a mesh of devices. */
module dev.hlotune.sharding {
  requires transitive dev.hlotune.hlo;
  requires transitive dev.hlotune.pjrt;
  requires static transitive org.jspecify;

  exports dev.hlotune.sharding;
}
