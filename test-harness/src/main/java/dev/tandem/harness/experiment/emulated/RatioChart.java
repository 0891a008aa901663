package dev.tandem.harness.experiment.emulated;

import dev.tandem.harness.experiment.chart.ChartFile;
import dev.tandem.harness.experiment.statistics.RatioInterval;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws ratios on a logarithmic axis: dots in groups side by side, each with a line for its interval. */
final class RatioChart {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;
    private static final double HALF_GROUP = 0.5;
    private static final double USED = 0.7;
    private static final int MOST_PER_LINE = 5;
    private static final double LINE_SHARE = 0.06;
    private static final double LEAST_SPAN = 1.2;
    private static final int MARKER_SIZE = 7;
    private static final BasicStroke THIN = new BasicStroke(1.5f);

    private final XYChart chart;
    private final List<String> groups;
    private final List<String> names;

    private RatioChart(String title, List<String> groups, List<String> names) {
        this.groups = groups;
        this.names = names;
        this.chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle("times as good; lines: 95 % intervals")
                .build();
        style();
    }

    /** A ratio, its place along the axis, and its name in the legend. */
    record Dot(String group, String name, RatioInterval ratio) {}

    /** @param dots at least one */
    static void write(Path file, String title, List<Dot> dots) throws IOException {
        RatioChart chart = new RatioChart(
                title,
                dots.stream().map(Dot::group).distinct().toList(),
                dots.stream().map(Dot::name).distinct().toList());
        chart.draw(dots);
        ChartFile.write(file, chart.chart);
    }

    private void style() {
        ChartFile.style(chart);
        chart.getStyler().setMarkerSize(MARKER_SIZE);
        chart.getStyler()
                .setYAxisLogarithmic(true)
                .setYAxisLogarithmicDecadeOnly(false)
                .setYAxisDecimalPattern("0.##")
                .setPlotGridVerticalLinesVisible(false)
                .setXAxisMin(-HALF_GROUP)
                .setXAxisMax(groups.size() - HALF_GROUP)
                .setXAxisTicksVisible(false);
    }

    /** Names below the dots, many of them on several lines: the axis itself would leave most of them out. */
    private void label(double low, double high) {
        double step = Math.pow(Math.max(high / low, LEAST_SPAN), LINE_SHARE);
        int lines = (groups.size() + MOST_PER_LINE - 1) / MOST_PER_LINE;
        chart.getStyler().setYAxisMin(low / Math.pow(step, lines + 1.0)).setYAxisMax(high * step);
        for (int group = 0; group < groups.size(); group++) {
            double height = low / Math.pow(step, 1.0 + group % lines);
            chart.addAnnotation(new AnnotationText(groups.get(group), group, height, false));
        }
    }

    private void draw(List<Dot> dots) {
        Color[] colors = chart.getStyler().getSeriesColors();
        label(
                dots.stream()
                        .mapToDouble(dot -> Math.min(1, dot.ratio().low()))
                        .min()
                        .orElseThrow(),
                dots.stream()
                        .mapToDouble(dot -> Math.max(1, dot.ratio().high()))
                        .max()
                        .orElseThrow());
        line("1", -HALF_GROUP, 1, groups.size() - HALF_GROUP, 1, Color.BLACK);
        for (int name = 0; name < names.size(); name++) {
            String of = names.get(name);
            add(of, dots.stream().filter(dot -> dot.name().equals(of)).toList(), colors[name % colors.length]);
        }
    }

    private void add(String name, List<Dot> dots, Color color) {
        XYSeries series = chart.addSeries(
                name,
                dots.stream().mapToDouble(this::place).toArray(),
                dots.stream().mapToDouble(dot -> dot.ratio().mean()).toArray());
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        series.setMarkerColor(color);
        series.setMarker(SeriesMarkers.CIRCLE);
        for (Dot dot : dots) {
            double place = place(dot);
            line(
                    name + " " + dot.group(),
                    place,
                    dot.ratio().low(),
                    place,
                    dot.ratio().high(),
                    color);
        }
    }

    private double place(Dot dot) {
        double slot = USED / names.size();
        return groups.indexOf(dot.group()) + slot * (names.indexOf(dot.name()) - (names.size() - 1) / 2.0);
    }

    private void line(String name, double fromX, double fromY, double toX, double toY, Color color) {
        XYSeries line = chart.addSeries(name, new double[] {fromX, toX}, new double[] {fromY, toY});
        line.setMarker(SeriesMarkers.NONE);
        line.setLineStyle(THIN);
        line.setLineColor(color);
        line.setShowInLegend(false);
    }
}
