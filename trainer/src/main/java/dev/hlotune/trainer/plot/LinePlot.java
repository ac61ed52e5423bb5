package dev.hlotune.trainer.plot;

import dev.hlotune.trainer.report.Html;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Lines over one axis, with a legend at the right.
 *
 * @param title above it
 * @param xLabel below
 * @param yLabel at the left
 * @param logarithmic whether equal factors of y are equally far apart
 * @param series at least one
 */
public record LinePlot(
    String title, String xLabel, String yLabel, boolean logarithmic, List<Series> series) {

  /** How many colours there are. */
  public static final int COLOURS = 10;

  /** How many kinds of lines there are. */
  public static final int DASHES = 4;

  private static final int WIDTH = 1000;
  private static final int LEFT = 70;
  private static final int TOP = 40;
  private static final int BOTTOM = 55;
  private static final int HEIGHT = 500;
  private static final int LEGEND_LINE = 18;
  private static final double LETTER = 6.4;

  /** Above this factor between figures a logarithm shows more. */
  private static final double SPREAD = 10;

  /** The most points that are marked one by one. */
  private static final int MARKED = 40;

  private static final String STYLE =
      """
      .plot{--text:#1f2328;--faint:#d8dde3;--back:#fff;font:12px system-ui,sans-serif;color-scheme:light dark}
      .plot .back{fill:var(--back)}.plot text{fill:var(--text)}.plot .title{font-size:15px;font-weight:600}
      .plot .grid{stroke:var(--faint);stroke-width:1}.plot .frame{stroke:var(--text);stroke-width:1;fill:none}
      .plot .line{fill:none;stroke-width:1.8;stroke-linejoin:round}
      .plot .d1{stroke-dasharray:7 3}.plot .d2{stroke-dasharray:2 3}.plot .d3{stroke-dasharray:9 3 2 3}
      .plot .c0{--c:#1f77b4}.plot .c1{--c:#e6700a}.plot .c2{--c:#2a962a}.plot .c3{--c:#d62728}.plot .c4{--c:#9467bd}
      .plot .c5{--c:#8c564b}.plot .c6{--c:#d65fae}.plot .c7{--c:#7f7f7f}.plot .c8{--c:#a0a11d}.plot .c9{--c:#14a5b8}
      .plot .line{stroke:var(--c)}.plot .dot{fill:var(--c)}
      @media(prefers-color-scheme:dark){.plot{--text:#e6edf3;--faint:#30363d;--back:#0d1117}
      .plot .c0{--c:#5aa9e6}.plot .c2{--c:#4cc04c}.plot .c3{--c:#ff6b6b}.plot .c4{--c:#b794e0}.plot .c5{--c:#c08a7d}}
      """;

  /** Keeps its own list. */
  public LinePlot {
    series = List.copyOf(series);
  }

  /** Whether a range is better seen with equal factors equally far apart. */
  public static boolean spreads(List<Series> series) {
    double least = finite(series).min().orElse(0);
    return least > 0 && finite(series).max().orElse(0) > SPREAD * least;
  }

  private static DoubleStream finite(List<Series> series) {
    return series.stream()
        .flatMap(one -> one.points().stream())
        .mapToDouble(Series.Point::y)
        .filter(Double::isFinite);
  }

  /** The whole file; lines without a point are in the legend alone. */
  public String svg() {
    int height = Math.max(HEIGHT, TOP + BOTTOM + series.size() * LEGEND_LINE);
    int longest = series.stream().mapToInt(one -> one.name().length()).max().orElse(0);
    int right = (int) Math.clamp(LETTER * longest + 55, 100, WIDTH / 2.0);
    Area area = new Area(LEFT, TOP, WIDTH - right - LEFT, height - TOP - BOTTOM);
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n<style>\n%s</style>\n<rect class=\"back\" width=\"%d\" height=\"%d\"/>\n"
            .formatted(WIDTH, height, Html.escaped(title), STYLE, WIDTH, height));
    text(svg, area.left, 24, "title", "start", title);
    text(svg, area.left + area.width / 2.0, height - 14, "", "middle", xLabel);
    svg.append(
        "<text transform=\"translate(18 %s) rotate(-90)\" text-anchor=\"middle\">%s</text>\n"
            .formatted(number(area.top + area.height / 2.0), Html.escaped(yLabel)));
    DoubleSummaryStatistics range =
        series.stream()
            .flatMap(one -> one.points().stream())
            .filter(point -> isShown(point.y()))
            .mapToDouble(Series.Point::x)
            .summaryStatistics();
    if (range.getCount() > 0) {
      DoubleSummaryStatistics values = finite(series).filter(this::isShown).summaryStatistics();
      Scale across = Scale.of(range.getMin(), range.getMax(), false, 0.02);
      Scale up = Scale.of(values.getMin(), values.getMax(), logarithmic, 0.05);
      axes(svg, area, across, up);
      series.forEach(one -> line(svg, area, across, up, one));
    } else {
      text(
          svg,
          area.left + area.width / 2.0,
          area.top + area.height / 2.0,
          "",
          "middle",
          "no figures yet");
    }
    svg.append(
        "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n"
            .formatted(area.left, area.top, area.width, area.height));
    legend(svg, area);
    return svg.append("</svg>\n").toString();
  }

  private boolean isShown(double value) {
    return Double.isFinite(value) && (!logarithmic || value > 0);
  }

  private record Area(int left, int top, int width, int height) {
    double x(Scale scale, double value) {
      return left + width * scale.place(value);
    }

    double y(Scale scale, double value) {
      return top + height * (1 - scale.place(value));
    }
  }

  private static void axes(StringBuilder svg, Area area, Scale across, Scale up) {
    for (double tick : across.ticks()) {
      double x = area.x(across, tick);
      rule(svg, x, area.top, x, area.top + area.height);
      text(svg, x, area.top + area.height + 17.0, "", "middle", Scale.label(tick));
    }
    for (double tick : up.ticks()) {
      double y = area.y(up, tick);
      rule(svg, area.left, y, area.left + area.width, y);
      text(svg, area.left - 7.0, y + 4, "", "end", Scale.label(tick));
    }
  }

  private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
        "<line class=\"grid\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
            .formatted(number(x1), number(y1), number(x2), number(y2)));
  }

  private void line(StringBuilder svg, Area area, Scale across, Scale up, Series one) {
    StringBuilder path = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    boolean drawing = false;
    for (Series.Point point : one.points()) {
      if (!isShown(point.y())) {
        drawing = false;
        continue;
      }
      String x = number(area.x(across, point.x()));
      String y = number(area.y(up, point.y()));
      path.append(drawing ? "L" : "M").append(x).append(' ').append(y);
      drawing = true;
      if (one.points().size() <= MARKED) {
        dots.append("<circle class=\"dot\" r=\"2.6\" cx=\"%s\" cy=\"%s\"/>".formatted(x, y));
      }
    }
    svg.append(
        "<g class=\"c%d\"><title>%s</title><path class=\"line d%d\" d=\"%s\"/>%s</g>\n"
            .formatted(one.colour(), Html.escaped(one.name()), one.dash(), path, dots));
  }

  private void legend(StringBuilder svg, Area area) {
    int x = area.left + area.width + 12;
    for (int i = 0; i < series.size(); i++) {
      Series one = series.get(i);
      double y = area.top + LEGEND_LINE * (i + 0.5);
      svg.append(
          "<g class=\"c%d\"><path class=\"line d%d\" d=\"M%d %sh26\"/></g>"
              .formatted(one.colour(), one.dash(), x, number(y)));
      text(svg, x + 32.0, y + 4, "", "start", one.name());
    }
  }

  private static void text(
      StringBuilder svg, double x, double y, String style, String anchor, String text) {
    svg.append(
        "<text%s x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
            .formatted(
                style.isEmpty() ? "" : " class=\"" + style + "\"",
                number(x),
                number(y),
                anchor,
                Html.escaped(text)));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
