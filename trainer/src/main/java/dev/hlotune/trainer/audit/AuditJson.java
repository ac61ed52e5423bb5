package dev.hlotune.trainer.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.DropCause;
import dev.hlotune.trainer.data.DropReason;
import dev.hlotune.trainer.data.LadderReport;
import dev.hlotune.trainer.data.LengthHistogram;
import dev.hlotune.trainer.data.PlanStatistics;
import dev.hlotune.trainer.data.PreparationStatistics;
import dev.hlotune.trainer.data.RecordKind;
import dev.hlotune.trainer.source.Origin;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** An audit as JSON; {@code docs/data-audit.md} says what its fields mean. */
public final class AuditJson {
  /** Changes when a field changes meaning or goes; new ones may come without. */
  static final int VERSION = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private AuditJson() {}

  /** One object, with a line break at its end. */
  public static String of(AuditReport report, BatchFacts batches) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", VERSION);
    root.put("passed", report.passed());
    root.put("errors", report.findings(Level.ERROR).size());
    root.put("warnings", report.findings(Level.WARNING).size());
    root.put("notes", report.findings(Level.NOTE).size());
    ArrayNode findings = root.putArray("findings");
    report.findings().forEach(finding -> put(finding, findings.addObject()));
    put(report.train(), root.putObject("train"));
    if (report.heldOut().isPresent()) {
      put(report.heldOut().get(), root.putObject("held_out"));
    } else {
      root.putNull("held_out");
    }
    put(batches, root.putObject("batches"));
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("audit: expected a tree that can be written", e);
    }
  }

  private static void put(Finding finding, ObjectNode into) {
    into.put("code", finding.check().code());
    into.put("level", finding.level().spelled());
    into.put("source", finding.source());
    into.put("count", finding.count());
    into.put("of", finding.of());
    into.put("unit", finding.check().unit());
    into.put("share", finding.share());
    into.put("message", finding.message());
    ArrayNode places = into.putArray("places");
    for (Place place : finding.places()) {
      ObjectNode node = places.addObject();
      node.put("at", place.at().toString());
      node.put("same_as", place.same().map(Origin::toString).orElse(null));
      node.put("times", place.times());
    }
  }

  private static void put(DataSetFacts facts, ObjectNode into) {
    into.put("examples", facts.examples());
    into.put("tokens", facts.tokens());
    into.put("supervised_tokens", facts.supervised());
    into.put("supervised_fraction", facts.supervisedFraction());
    put(facts.lengths(), into.putObject("lengths"));
    ArrayNode sources = into.putArray("sources");
    facts.sources().forEach(source -> put(source, sources.addObject()));
  }

  private static void put(LengthHistogram lengths, ObjectNode into) {
    into.put("min", lengths.quantile(0));
    into.put("mean", lengths.mean());
    into.put("p50", lengths.quantile(0.5));
    into.put("p90", lengths.quantile(0.9));
    into.put("p95", lengths.quantile(0.95));
    into.put("p99", lengths.quantile(0.99));
    into.put("max", lengths.longest());
    ArrayNode histogram = into.putArray("histogram");
    for (LengthBins.Bin bin : LengthBins.of(lengths).bins()) {
      ObjectNode node = histogram.addObject();
      node.put("from", bin.from());
      node.put("to", bin.to());
      node.put("examples", bin.examples());
    }
  }

  private static void put(SourceFacts facts, ObjectNode into) {
    PreparationStatistics statistics = facts.statistics();
    into.put("name", facts.name());
    into.put("records", statistics.records());
    ObjectNode kinds = into.putObject("read_as");
    for (RecordKind kind : RecordKind.values()) {
      kinds.put(kind.spelled(), statistics.details().kinds().getOrDefault(kind, 0L));
    }
    into.put("prepared_examples", statistics.examples());
    into.put("examples", facts.examples());
    into.put("tokens", facts.tokens());
    into.put("supervised_tokens", facts.supervised());
    into.put("supervised_fraction", facts.supervisedFraction());
    into.put("weight", facts.weight());
    into.put("truncated_examples", statistics.truncated());
    into.put("truncated_tokens", statistics.truncatedTokens());
    ObjectNode dropped = into.putObject("dropped");
    for (DropReason reason : DropReason.values()) {
      dropped.put(
          reason.name().toLowerCase(Locale.ROOT), statistics.dropped().getOrDefault(reason, 0L));
    }
    ArrayNode causes = into.putArray("drop_causes");
    for (DropCause cause : statistics.details().causes()) {
      ObjectNode node = causes.addObject();
      node.put("reason", cause.reason().name().toLowerCase(Locale.ROOT));
      node.put("text", cause.text());
      node.put("count", cause.count());
      ArrayNode places = node.putArray("places");
      cause.places().forEach(place -> places.add(place.toString()));
    }
    put(facts.answers(), facts.source().rules(), into.putObject("end_token"));
  }

  private static void put(Answers answers, TokenRules rules, ObjectNode into) {
    into.put("trained", answers.trained().name().toLowerCase(Locale.ROOT));
    into.put("answers", answers.all());
    into.put("ended", answers.ended());
    into.put("share", answers.share());
    into.put("cut", answers.cut());
    into.put("handed_over", answers.handedOver());
    ArrayNode tokens = into.putArray("tokens");
    Set<Integer> ids = new LinkedHashSet<>(rules.ends().keySet());
    ids.addAll(answers.endings().keySet());
    for (int id : ids) {
      tokens
          .addObject()
          .put("id", id)
          .put("token", rules.spelled(id))
          .put("answers", answers.endings().getOrDefault(id, 0L));
    }
  }

  private static void put(BatchFacts batches, ObjectNode into) {
    into.put("packing", batches.packing());
    put(batches.packed(), into.putObject("packed"));
    put(batches.unpacked(), into.putObject("unpacked"));
  }

  private static void put(BatchFacts.Way way, ObjectNode into) {
    PlanStatistics plan = way.plan();
    into.put("steps_per_epoch", plan.steps());
    into.put("padding_fraction", plan.paddingFraction());
    ArrayNode buckets = into.putArray("buckets");
    for (PlanStatistics.BucketUse use : plan.buckets()) {
      ObjectNode node = put(use.bucket(), buckets.addObject());
      node.put("steps", use.steps());
      node.put("tokens", use.tokens());
      node.put("positions", use.positions());
    }
    LadderReport report = way.ladder();
    ObjectNode ladder = into.putObject("ladder");
    ladder.put("chosen", report.chosen());
    ladder.put("stop", report.stop().name().toLowerCase(Locale.ROOT));
    ArrayNode choices = ladder.putArray("choices");
    for (LadderReport.Choice choice : report.choices()) {
      ObjectNode node = choices.addObject();
      ArrayNode shapes = node.putArray("buckets");
      List<Bucket> chosen = choice.ladder().buckets();
      chosen.forEach(bucket -> put(bucket, shapes.addObject()));
      node.put("padding_fraction", choice.paddingFraction());
      node.put("padding", choice.padding());
      node.put("attention", choice.attention());
      node.put("compile", choice.compile());
      node.put("cost", choice.cost());
    }
  }

  private static ObjectNode put(Bucket bucket, ObjectNode into) {
    return into.put("rows", bucket.rows()).put("length", bucket.length());
  }
}
