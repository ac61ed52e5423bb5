package dev.hlotune.trainer.loop;

import dev.hlotune.configs.BatchConfig;
import dev.hlotune.configs.OnBadRecord;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.audit.AuditProgress;
import dev.hlotune.trainer.audit.AuditReport;
import dev.hlotune.trainer.audit.BatchFacts;
import dev.hlotune.trainer.audit.ExampleViews;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.Mixture;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The data of a recipe as a run would train on it, without a device and without the model's
 * weights: a tokenizer is enough.
 */
public final class RecipeData implements AutoCloseable {
  /** Shapes are weighed as for a model of this width where it is not known. */
  private static final int USUAL_WIDTH = 1024;

  private final SftConfig config;
  private final DataSets data;
  private final Optional<BaseModel> model;

  private RecipeData(SftConfig config, DataSets data, Optional<BaseModel> model) {
    this.config = config;
    this.data = data;
    this.model = model;
  }

  /**
   * Opens the data. Records that cannot be read are left out and counted, whatever the recipe says.
   *
   * @param observer hears how far it is, and of records left out
   * @throws IOException if the model's configuration cannot be read
   */
  public static RecipeData open(SftConfig recipe, RunObserver observer) throws IOException {
    SftConfig config = FetchedModel.withoutWeights(recipe.onOneDevice(), System.getenv(), observer);
    Optional<BaseModel> described = BaseModel.describe(config);
    Tokenizer tokenizer =
        Tokenizer.load(
            config.model().tokenizerPath(),
            Recipes.tokens(config.model().tokens()),
            config.machine().cacheRoot());
    try {
      Optional<BaseModel> model =
          described.map(base -> TokenRows.add(config, base, tokenizer, observer));
      return new RecipeData(config, open(config, tokenizer, model, observer), model);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static DataSets open(
      SftConfig config, Tokenizer tokenizer, Optional<BaseModel> model, RunObserver observer) {
    try {
      return sets(config, tokenizer, model, observer);
    } catch (DataException e) {
      if (config.data().onBadRecord() == OnBadRecord.SKIP) {
        throw e;
      }
      // The first bad record ended it; an audit goes through all.
      return sets(config.with(config.data().skippingBadRecords()), tokenizer, model, observer);
    }
  }

  private static DataSets sets(
      SftConfig config, Tokenizer tokenizer, Optional<BaseModel> model, RunObserver observer) {
    return DataSets.open(
        config,
        tokenizer,
        Integer.MAX_VALUE,
        model.map(BaseModel::width).orElse(USUAL_WIDTH),
        RowShares.ONE,
        config.machine().cacheRoot(),
        observer,
        new AtomicBoolean());
  }

  /** What the observer heard of records and tokens that the audit reports as well. */
  public Set<String> reports() {
    Set<String> reports = new HashSet<>(data.train().statistics().reports());
    data.heldOut().ifPresent(heldOut -> reports.addAll(heldOut.statistics().reports()));
    TokenNotes.template(data.template().source(), data.tokenizer(), data.train())
        .ifPresent(reports::add);
    return reports;
  }

  /** Looks at all of it. */
  public AuditReport audit(AuditProgress progress) {
    OptionalInt vocabulary = model.stream().mapToInt(base -> base.model().vocabulary()).findFirst();
    return DataAudits.of(config, data, vocabulary, progress);
  }

  /** How it becomes batches, packed and not. */
  public BatchFacts batches() {
    BatchConfig batch = config.batch();
    BatchFacts.Way chosen = way(data.batches());
    BatchFacts.Way other =
        way(
            Batches.of(
                config.with(batch.packing(!batch.packing())),
                model.map(BaseModel::width).orElse(USUAL_WIDTH),
                RowShares.ONE,
                data.train(),
                data.heldOut().map(heldOut -> heldOut)));
    return batch.packing()
        ? new BatchFacts(true, chosen, other)
        : new BatchFacts(false, other, chosen);
  }

  private static BatchFacts.Way way(Batches batches) {
    return new BatchFacts.Way(batches.ladder(), batches.train().statistics());
  }

  /** The examples that are trained on. */
  public ExampleViews examples() {
    return new ExampleViews(data.train(), data.tokenizer(), data.plan());
  }

  /** The examples that are held out; empty where the recipe has none. */
  public Optional<ExampleViews> heldOutExamples() {
    Optional<Mixture> heldOut = data.heldOut();
    Optional<BatchPlan> plan = data.heldOutPlan();
    return heldOut.isPresent() && plan.isPresent()
        ? Optional.of(new ExampleViews(heldOut.get(), data.tokenizer(), plan.get()))
        : Optional.empty();
  }

  @Override
  public void close() {
    data.close();
    data.tokenizer().close();
  }
}
