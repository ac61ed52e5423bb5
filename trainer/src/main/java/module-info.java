/** Everything a user runs. */
module dev.hlotune.trainer {
  requires ai.djl.tokenizers;
  requires transitive com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires com.github.luben.zstd_jni;
  requires de.siegmar.fastcsv;
  requires transitive dev.hlotune.configs;
  requires transitive dev.hlotune.hlo;
  requires transitive dev.hlotune.pjrt;
  requires transitive dev.hlotune.sharding;
  requires info.picocli;
  requires java.logging;
  requires jdk.unsupported;
  requires org.apache.arrow.format;
  requires static transitive org.jspecify;
  requires org.slf4j;

  exports dev.hlotune.trainer.adapter;
  exports dev.hlotune.trainer.archive;
  exports dev.hlotune.trainer.audit;
  exports dev.hlotune.trainer.bench;
  exports dev.hlotune.trainer.benchmark;
  exports dev.hlotune.trainer.checkpoint;
  exports dev.hlotune.trainer.data;
  exports dev.hlotune.trainer.eval;
  exports dev.hlotune.trainer.export;
  exports dev.hlotune.trainer.generate;
  exports dev.hlotune.trainer.jinja;
  exports dev.hlotune.trainer.hub;
  exports dev.hlotune.trainer.loop;
  exports dev.hlotune.trainer.report;
  exports dev.hlotune.trainer.plan;
  exports dev.hlotune.trainer.plot;
  exports dev.hlotune.trainer.score;
  exports dev.hlotune.trainer.source;
  exports dev.hlotune.trainer.step;
  exports dev.hlotune.trainer.sweep;
  exports dev.hlotune.trainer.hardware;
  exports dev.hlotune.trainer.tasks;
  exports dev.hlotune.trainer.verify;
  exports dev.hlotune.trainer.watch;

  opens dev.hlotune.trainer.cli to
      info.picocli;
}
