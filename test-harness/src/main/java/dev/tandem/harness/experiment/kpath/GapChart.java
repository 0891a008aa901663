package dev.tandem.harness.experiment.kpath;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.w3c.dom.Document;

/** Draws by what share the mean bottlenecks lie above the mean bound, by number of nodes. */
final class GapChart {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;
    private static final String SVG = "http://www.w3.org/2000/svg";

    private GapChart() {}

    static void write(Path file, Outcome outcome) throws IOException {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setPrecision(1);
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        chart(outcome).paint(graphics, WIDTH, HEIGHT);
        graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
        try (var writer = Files.newBufferedWriter(file)) {
            graphics.stream(writer, true);
        }
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK has no XML parser", e);
        }
    }

    private static XYChart chart(Outcome outcome) {
        List<Outcome.Size> sizes =
                outcome.sizes().stream().filter(size -> size.nodes() > 0).toList();
        double worst = sizes.stream()
                .mapToDouble(size -> size.figures().worstGap())
                .max()
                .orElseThrow();
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(String.format(
                        Locale.ROOT, "Slowest transfer; Tandem at most %.2f %% above the bound", 100 * worst))
                .xAxisTitle("nodes")
                .yAxisTitle("mean above the certified bound, %")
                .build();
        chart.getStyler().setYAxisLogarithmic(true).setYAxisLogarithmicDecadeOnly(true);
        // Dashes would be written one by one.
        chart.getStyler().setPlotGridLinesStroke(new BasicStroke(0.5f));
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setChartBackgroundColor(Color.WHITE);
        for (Technique technique : List.of(Technique.RANDOM, Technique.K_PATH, Technique.GREEDY)) {
            add(chart, technique, sizes);
        }
        return chart;
    }

    /** A logarithmic axis has no place for what lies on the bound. */
    private static void add(XYChart chart, Technique technique, List<Outcome.Size> sizes) {
        List<Outcome.Size> above = sizes.stream()
                .filter(size ->
                        size.figures().seconds(technique) > size.figures().boundSeconds())
                .toList();
        if (!above.isEmpty()) {
            chart.addSeries(
                    technique.label(),
                    above.stream().mapToDouble(Outcome.Size::nodes).toArray(),
                    above.stream()
                            .map(Outcome.Size::figures)
                            .mapToDouble(figures -> 100 * (figures.seconds(technique) / figures.boundSeconds() - 1))
                            .toArray());
        }
    }
}
