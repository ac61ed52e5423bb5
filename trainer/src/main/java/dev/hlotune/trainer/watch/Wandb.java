package dev.hlotune.trainer.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunManifest;
import dev.hlotune.trainer.loop.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An offline run as Weights &amp; Biases' own client leaves it, for {@code wandb sync} to upload:
 * {@code offline-run-TIME-ID/run-ID.wandb}, a log of protobuf records ({@link WandbLog}).
 */
final class Wandb implements Tracker {
  // wandb/proto/wandb_internal.proto, Record
  private static final int NUMBER = 1;
  private static final int HISTORY = 2;
  private static final int SUMMARY = 3;
  private static final int RUN = 17;
  private static final int EXIT = 18;
  private static final int HEADER = 21;

  private static final int RUN_ID = 1;
  private static final int ENTITY = 2;
  private static final int PROJECT = 3;
  private static final int CONFIG = 4;
  private static final int GROUP = 6;
  private static final int DISPLAY_NAME = 8;
  private static final int NOTES = 9;
  private static final int TAGS = 10;
  private static final int START_TIME = 17;

  private static final int ITEM = 1;
  private static final int KEY = 1;
  private static final int NESTED_KEY = 2;
  private static final int VALUE_JSON = 16;

  private static final JsonMapper JSON = new JsonMapper();
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneId.systemDefault());

  private final WandbSettings settings;
  private @Nullable RecordFile file;
  private Instant start = Instant.EPOCH;
  private long records;
  private boolean over;

  /** Figures of the last step: several events may tell of one, and a step is one line there. */
  private final Map<String, Object> line = new LinkedHashMap<>();

  private int step;

  Wandb(WandbSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "wandb";
  }

  @Override
  public void take(List<Moment> moments) throws IOException {
    for (Moment moment : moments) {
      if (moment.event() instanceof RunEvent.Described described) {
        begin(moment.time(), described.manifest());
      }
      if (file != null) {
        add(file, moment);
      }
    }
    if (file != null) {
      file.write();
    }
  }

  private void begin(Instant time, RunManifest manifest) throws IOException {
    start = time;
    Path folder =
        settings.folder().resolve("offline-run-%s-%s".formatted(STAMP.format(time), settings.id()));
    Files.createDirectories(folder.resolve("files"));
    RecordFile created =
        RecordFile.create(
            folder.resolve("run-%s.wandb".formatted(settings.id())), WandbLog::framed);
    ProtoMessage version =
        new ProtoMessage()
            .text(1, "hlotune-" + manifest.versions().getOrDefault("hlotune", ""))
            .text(2, "0.70.0");
    created.add(record().message(HEADER, new ProtoMessage().message(1, version)).bytes());
    created.add(record().message(RUN, run(time, manifest)).bytes());
    file = created;
  }

  private ProtoMessage run(Instant time, RunManifest manifest) {
    ProtoMessage config = new ProtoMessage();
    Map<String, Object> values = new LinkedHashMap<>(manifest.config());
    values.put("hlotune", Map.of("versions", manifest.versions(), "hashes", manifest.hashes()));
    values.forEach((key, value) ->
        config.message(ITEM, new ProtoMessage().text(KEY, key).text(VALUE_JSON, json(value))));
    ProtoMessage run = new ProtoMessage().text(RUN_ID, settings.id());
    settings.entity().ifPresent(entity -> run.text(ENTITY, entity));
    run.text(PROJECT, settings.project()).message(CONFIG, config);
    settings.group().ifPresent(group -> run.text(GROUP, group));
    run.text(DISPLAY_NAME, settings.name());
    settings.notes().ifPresent(notes -> run.text(NOTES, notes));
    settings.tags().forEach(tag -> run.text(TAGS, tag));
    return run.message(
        START_TIME, new ProtoMessage().number(1, time.getEpochSecond()).number(2, time.getNano()));
  }

  private void add(RecordFile to, Moment moment) {
    Scalars scalars = Scalars.of(moment.event());
    if (!scalars.values().isEmpty()) {
      if (scalars.step() != step) {
        writeLine(to);
        step = scalars.step();
      }
      line.putAll(scalars.grouped());
      line.put("train/global_step", step);
      line.put("_step", step);
      line.put("_runtime", Duration.between(start, moment.time()).toNanos() / 1e9);
      line.put("_timestamp", moment.time().toEpochMilli() / 1e3);
    }
    if (moment.event() instanceof RunEvent.Ended ended) {
      exit(to, ended.summary().outcome() == RunSummary.Outcome.DONE ? 0 : 1);
    }
  }

  private void writeLine(RecordFile to) {
    if (!line.isEmpty()) {
      ProtoMessage history = items(line);
      history.message(2, new ProtoMessage().number(1, step));
      to.add(record().message(SUMMARY, items(line)).bytes());
      to.add(record().message(HISTORY, history).bytes());
      line.clear();
    }
  }

  private void exit(RecordFile to, int code) {
    over = true;
    writeLine(to);
    ProtoMessage exit = new ProtoMessage();
    if (code != 0) {
      exit.number(1, code);
    }
    to.add(record().message(EXIT, exit).bytes());
  }

  private static ProtoMessage items(Map<String, Object> values) {
    ProtoMessage items = new ProtoMessage();
    values.forEach((key, value) ->
        items.message(
            ITEM, new ProtoMessage().text(NESTED_KEY, key).text(VALUE_JSON, json(value))));
    return items;
  }

  private ProtoMessage record() {
    return new ProtoMessage().number(NUMBER, ++records);
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value that JSON does not have: " + value, e);
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      if (!over) {
        exit(file, 1);
      }
      file.close();
    }
  }
}
