package dev.tandem.harness.experiment.emulated;

import dev.tandem.harness.experiment.chart.DotChart;
import dev.tandem.harness.experiment.statistics.RatioInterval;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Draws ratios on a logarithmic axis: dots in groups side by side, each with a line for its interval. */
final class RatioChart {

    private static final double USED = 0.7;
    private static final int MARKER_SIZE = 7;

    private final DotChart chart;
    private final List<String> groups;
    private final List<String> names;

    private RatioChart(String title, List<String> groups, List<String> names) {
        this.groups = groups;
        this.names = names;
        this.chart = new DotChart(title, "times as good; lines: 95 % intervals", groups, MARKER_SIZE);
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
        chart.chart.write(file);
    }

    private void draw(List<Dot> dots) {
        chart.label(
                dots.stream()
                        .mapToDouble(dot -> Math.min(1, dot.ratio().low()))
                        .min()
                        .orElseThrow(),
                dots.stream()
                        .mapToDouble(dot -> Math.max(1, dot.ratio().high()))
                        .max()
                        .orElseThrow());
        chart.line("1", chart.left(), 1, chart.right(), 1, Color.BLACK);
        for (int name = 0; name < names.size(); name++) {
            String of = names.get(name);
            add(of, dots.stream().filter(dot -> dot.name().equals(of)).toList(), chart.color(name));
        }
    }

    private void add(String name, List<Dot> dots, Color color) {
        chart.dots(
                name,
                dots.stream().mapToDouble(this::place).toArray(),
                dots.stream().mapToDouble(dot -> dot.ratio().mean()).toArray(),
                color);
        for (Dot dot : dots) {
            double place = place(dot);
            chart.line(
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
}
