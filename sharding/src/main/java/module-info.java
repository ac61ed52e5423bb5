/** Where arrays live on a mesh of devices, and the processes that share one. */
module dev.hlotune.sharding {
  requires java.net.http;
  requires jdk.httpserver;
  requires transitive dev.hlotune.hlo;
  requires transitive dev.hlotune.pjrt;
  requires static transitive org.jspecify;

  exports dev.hlotune.sharding;
  exports dev.hlotune.sharding.hosts;
}
