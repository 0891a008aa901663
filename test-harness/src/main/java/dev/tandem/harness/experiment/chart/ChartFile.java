package dev.tandem.harness.experiment.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.w3c.dom.Document;

/** Writes charts as SVG. */
public final class ChartFile {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;
    private static final String SVG = "http://www.w3.org/2000/svg";

    private ChartFile() {}

    /** What a chart of bars says. */
    public record Titles(String title, String xAxis, String yAxis) {}

    /**
     * Writes groups of bars, one bar per series in each.
     *
     * @param groups names along the x axis
     * @param series heights by group, in the order of the legend
     */
    public static void writeBars(Path file, Titles titles, List<String> groups, Map<String, List<Double>> series)
            throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(titles.title())
                .xAxisTitle(titles.xAxis())
                .yAxisTitle(titles.yAxis())
                .build();
        chart.getStyler().setAvailableSpaceFill(0.8);
        style(chart);
        series.forEach((name, heights) -> chart.addSeries(name, groups, heights));
        write(file, chart);
    }

    /** White, with the legend beside the plot and grid lines that are not dashed: dashes would be written one by one. */
    public static void style(Chart<?, ?> chart) {
        if (chart.getStyler() instanceof AxesChartStyler axes) {
            axes.setPlotGridLinesStroke(new BasicStroke(0.5f));
        }
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setChartBackgroundColor(Color.WHITE);
    }

    /** Draws the chart into a file, in place of one that may be there. */
    public static void write(Path file, Chart<?, ?> chart) throws IOException {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setPrecision(1);
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        chart.paint(graphics, WIDTH, HEIGHT);
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
}
