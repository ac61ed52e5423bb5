/** Graphs, gradients and StableHLO in pure Java: no native code and no input or output. */
module dev.hlotune.hlo {
  requires static transitive org.jspecify;

  exports dev.hlotune.hlo;
  exports dev.hlotune.hlo.emit;
  exports dev.hlotune.hlo.grad;
  exports dev.hlotune.hlo.models;
  exports dev.hlotune.hlo.nn;
  exports dev.hlotune.hlo.optim;
  exports dev.hlotune.hlo.reference;
  exports dev.hlotune.hlo.symbolic;
}
