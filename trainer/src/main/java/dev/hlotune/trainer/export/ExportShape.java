package dev.hlotune.trainer.export;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.symbolic.SizePolynomial;
import dev.hlotune.hlo.symbolic.Sizes;
import dev.hlotune.hlo.symbolic.Symbol;
import dev.hlotune.hlo.symbolic.SymbolicProgram;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The shape that a program is for, or the shapes. */
sealed interface ExportShape {
  /** What a name ends with. */
  String suffix();

  /** The largest shape. */
  Bucket most();

  /** The same with rows of at most so many tokens. */
  ExportShape atMost(int length);

  /** The same with rows of so many tokens more. */
  ExportShape longer(int tokens);

  /**
   * The program.
   *
   * @param length what the length of a row is called
   * @param programs the program of a shape
   */
  ExportGraph graph(String length, Function<Bucket, Program> programs);

  /** One shape. */
  record Fixed(Bucket bucket) implements ExportShape {
    @Override
    public String suffix() {
      return "_" + bucket;
    }

    @Override
    public Bucket most() {
      return bucket;
    }

    @Override
    public ExportShape atMost(int length) {
      return new Fixed(new Bucket(bucket.rows(), Math.min(length, bucket.length())));
    }

    @Override
    public ExportShape longer(int tokens) {
      return new Fixed(new Bucket(bucket.rows(), bucket.length() + tokens));
    }

    @Override
    public ExportGraph graph(String length, Function<Bucket, Program> programs) {
      return new ExportGraph.Fixed(programs.apply(bucket), bucket);
    }
  }

  /**
   * All shapes between two.
   *
   * @param least the least rows and tokens
   * @param most the most
   */
  record Ranged(Bucket least, Bucket most) implements ExportShape {
    private static final String ROWS = "batch";

    /** Between the smallest and the largest of some shapes. */
    static Ranged over(List<Bucket> buckets) {
      return new Ranged(
          new Bucket(
              buckets.stream().mapToInt(Bucket::rows).min().orElseThrow(),
              buckets.stream().mapToInt(Bucket::length).min().orElseThrow()),
          new Bucket(
              buckets.stream().mapToInt(Bucket::rows).max().orElseThrow(),
              buckets.stream().mapToInt(Bucket::length).max().orElseThrow()));
    }

    @Override
    public String suffix() {
      return "";
    }

    @Override
    public ExportShape atMost(int length) {
      return new Ranged(
          new Bucket(least.rows(), Math.min(length, least.length())),
          new Bucket(most.rows(), Math.min(length, most.length())));
    }

    @Override
    public ExportShape longer(int tokens) {
      return new Ranged(
          new Bucket(least.rows(), least.length() + tokens),
          new Bucket(most.rows(), most.length() + tokens));
    }

    @Override
    public ExportGraph graph(String length, Function<Bucket, Program> programs) {
      List<Symbol> symbols = new ArrayList<>();
      SizePolynomial rows = size(ROWS, least.rows(), most.rows(), symbols);
      SizePolynomial tokens = size(length, least.length(), most.length(), symbols);
      if (symbols.isEmpty()) {
        throw ConfigException.of(
            "'buckets': expected shapes with --symbolic of which one is larger than another, got "
                + least);
      }
      Function<Sizes, Program> sized =
          sizes ->
              programs.apply(
                  new Bucket(Math.toIntExact(rows.at(sizes)), Math.toIntExact(tokens.at(sizes))));
      try {
        return new ExportGraph.Ranged(
            SymbolicProgram.of(symbols, sized), programs.apply(most), rows, tokens);
      } catch (ShapeException e) {
        throw ConfigException.of("" + e.getMessage());
      }
    }

    private static SizePolynomial size(String name, int least, int most, List<Symbol> symbols) {
      if (least == most) {
        return SizePolynomial.constant(least);
      }
      try {
        symbols.add(new Symbol(name, least, most));
      } catch (ShapeException e) {
        throw ConfigException.of(
            "'buckets': expected shapes further apart with --symbolic, " + e.getMessage());
      }
      return SizePolynomial.of(name);
    }
  }
}
