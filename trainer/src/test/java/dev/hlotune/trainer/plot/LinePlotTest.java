package dev.hlotune.trainer.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class LinePlotTest {

  /** Read by a parser that we did not write: markup in a name would be noticed. */
  private static Document parsed(LinePlot plot) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(plot.svg().getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> ofClass(Document document, String name) {
    List<Element> found = new ArrayList<>();
    NodeList all = document.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      if (all.item(i) instanceof Element element
          && List.of(element.getAttribute("class").split(" ")).contains(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private static Series series(String name, int colour, double... y) {
    return new Series(
        name,
        IntStream.range(0, y.length).mapToObj(i -> new Series.Point(10 * i, y[i])).toList(),
        colour,
        0);
  }

  @Test
  void aLineGoesThroughItsPoints() throws Exception {
    Document document =
        parsed(new LinePlot("loss", "update", "nats", false, List.of(series("a", 0, 3, 2, 1))));
    String path = ofClass(document, "line").getFirst().getAttribute("d");
    assertTrue(path.matches("M[\\d.]+ [\\d.]+L[\\d.]+ [\\d.]+L[\\d.]+ [\\d.]+"), path);
    String[] points = path.substring(1).split("[L ]", -1);
    double left = Double.parseDouble(points[0]);
    double middle = Double.parseDouble(points[2]);
    double right = Double.parseDouble(points[4]);
    assertEquals(middle, (left + right) / 2, 0.11);
    double top = Double.parseDouble(points[1]);
    double half = Double.parseDouble(points[3]);
    double bottom = Double.parseDouble(points[5]);
    assertTrue(top < half && half < bottom, path);
    assertEquals(half, (top + bottom) / 2, 0.11);
    // All of it within the frame.
    Element frame = ofClass(document, "frame").getFirst();
    assertTrue(top > Double.parseDouble(frame.getAttribute("y")));
  }

  @Test
  void equalFactorsAreEquallyFarApartOnALogarithm() throws Exception {
    Document document =
        parsed(new LinePlot("loss", "x", "y", true, List.of(series("a", 0, 100, 10, 1))));
    String[] points =
        ofClass(document, "line").getFirst().getAttribute("d").substring(1).split("[L ]", -1);
    assertEquals(
        Double.parseDouble(points[3]),
        (Double.parseDouble(points[1]) + Double.parseDouble(points[5])) / 2,
        0.11);
    assertTrue(document.getDocumentElement().getTextContent().contains("100"));
  }

  @Test
  void namesAreText() throws Exception {
    Document document =
        parsed(
            new LinePlot(
                "<b> & \"c\"",
                "x",
                "y",
                false,
                List.of(series("</svg><script>", 0, 1, 2), series("empty", 1))));
    assertEquals(0, document.getElementsByTagName("script").getLength());
    assertTrue(document.getDocumentElement().getTextContent().contains("</svg><script>"));
    assertEquals(4, ofClass(document, "line").size(), "two lines and two of the legend");
  }

  @Test
  void aLineIsBrokenWhereThereIsNoNumber() throws Exception {
    Document document =
        parsed(
            new LinePlot(
                "loss",
                "x",
                "y",
                false,
                List.of(series("a", 0, 1, 2, Double.NaN, 3, Double.POSITIVE_INFINITY))));
    String path = ofClass(document, "line").getFirst().getAttribute("d");
    assertTrue(path.matches("M\\S+ \\S+L\\S+ [\\d.]+M\\S+ [\\d.]+"), path);
  }

  @Test
  void aPlotWithoutFiguresSaysSo() throws Exception {
    Document document = parsed(new LinePlot("loss", "x", "y", true, List.of(series("a", 0))));
    assertTrue(document.getDocumentElement().getTextContent().contains("no figures yet"));
  }

  @Test
  void widelySpreadFiguresAskForALogarithm() {
    assertTrue(LinePlot.spreads(List.of(series("a", 0, 30, 1))));
    assertFalse(LinePlot.spreads(List.of(series("a", 0, 10, 1))));
    assertFalse(LinePlot.spreads(List.of(series("a", 0, 10, 0))));
    assertFalse(LinePlot.spreads(List.of()));
  }

  @Test
  void ticksAreRound() {
    assertEquals(List.of(0.0, 20.0, 40.0, 60.0, 80.0, 100.0), new Scale(0, 100, false).ticks());
    assertEquals(List.of(0.1, 0.2, 0.5, 1.0, 2.0), new Scale(0.1, 3, true).ticks());
    assertEquals("0.3", Scale.label(3 * 0.1));
    assertEquals("1000", Scale.label(1000));
    assertEquals("1E-7", Scale.label(1e-7));
  }
}
