package dev.tandem.deploy.drawing;

import dev.tandem.deploy.drawing.Canvas.Anchor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Bars over time, one row for everything that is busy. Bars of a row that overlap share its height.
 *
 * @param rows in the order from above
 * @param beginSeconds what is left of it is cut off; written as 0
 */
record Gantt(String title, List<String> rows, List<Bar> bars, double beginSeconds, double endSeconds) {

    static final double LABELS = 190;

    private static final int MOST_ROWS = 64;
    private static final double ROW = 20;
    private static final double BAR = 14;
    private static final double HEADING = 30;
    private static final double AXIS = 16;
    private static final int TICKS = 10;
    private static final double LABEL_MARGIN = 4;
    private static final double LEAST_BAR = 1.5;

    /** Draws it, and says where it ends. */
    double draw(Canvas canvas, double x, double y, double width) {
        List<String> shown = rows.subList(0, Math.min(rows.size(), MOST_ROWS));
        String more = rows.size() > MOST_ROWS ? "; " + (rows.size() - MOST_ROWS) + " more rows are not shown" : "";
        canvas.boldText(title + more, x, y + Canvas.NORMAL, Canvas.NORMAL + 2);
        double top = y + HEADING;
        double bottom = top + shown.size() * ROW;
        drawAxis(canvas, x + LABELS, top, bottom, width - LABELS);
        for (int row = 0; row < shown.size(); row++) {
            double rowTop = top + row * ROW;
            String name = Canvas.fit(shown.get(row), Canvas.SMALL, LABELS - LABEL_MARGIN);
            canvas.text(name, x, rowTop + BAR, Canvas.SMALL, Ink.TEXT, Anchor.LEFT);
            drawRow(canvas, shown.get(row), x + LABELS, rowTop + (ROW - BAR) / 2, width - LABELS);
        }
        return bottom + AXIS;
    }

    private void drawAxis(Canvas canvas, double left, double top, double bottom, double width) {
        double step = step();
        for (int tick = 0; tick * step <= (endSeconds - beginSeconds) * (1 + 1e-9); tick++) {
            double x = left + tick * step / (endSeconds - beginSeconds) * width;
            canvas.line(x, top, x, bottom, 1, Ink.FAINT_LINE);
            String millis =
                    String.format(Locale.ROOT, step < 1e-3 ? "%.2f" : step < 1e-2 ? "%.1f" : "%.0f", tick * step * 1e3);
            canvas.text(millis + " ms", x, bottom + AXIS - LABEL_MARGIN, Canvas.SMALL, Ink.FAINT_TEXT, Anchor.MIDDLE);
        }
        canvas.line(left, bottom, left + width, bottom, 1, Ink.LINE);
    }

    /** 1, 2 or 5 times a power of ten, so that there are at most so many steps. */
    private double step() {
        double least = (endSeconds - beginSeconds) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double digit = least / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private void drawRow(Canvas canvas, String row, double left, double top, double width) {
        List<List<Bar>> levels = levels(row);
        double high = BAR / Math.max(1, levels.size());
        double scale = width / (endSeconds - beginSeconds);
        for (int level = 0; level < levels.size(); level++) {
            for (Bar bar : levels.get(level)) {
                double from = left + Math.max(0, bar.beginSeconds() - beginSeconds) * scale;
                double to = left + Math.min(endSeconds, bar.endSeconds()) * scale - beginSeconds * scale;
                drawBar(canvas, bar, from, top + level * high, Math.max(LEAST_BAR, to - from), high);
            }
        }
    }

    private static void drawBar(Canvas canvas, Bar bar, double x, double y, double wide, double high) {
        canvas.fill(x, y, wide, high, bar.color());
        if (high < BAR || wide < 2 * LABEL_MARGIN) {
            return;
        }
        canvas.frame(x, y, wide, high, Ink.PAPER);
        if (Canvas.width(bar.label(), Canvas.SMALL) + LABEL_MARGIN <= wide) {
            canvas.text(
                    bar.label(),
                    x + wide / 2,
                    y + high - LABEL_MARGIN + 1,
                    Canvas.SMALL,
                    Ink.on(bar.color()),
                    Anchor.MIDDLE);
        }
    }

    /** Bars that do not overlap, level by level. */
    private List<List<Bar>> levels(String row) {
        List<List<Bar>> levels = new ArrayList<>();
        bars.stream()
                .filter(bar ->
                        bar.row().equals(row) && bar.endSeconds() > beginSeconds && bar.beginSeconds() < endSeconds)
                .sorted(Comparator.comparingDouble(Bar::beginSeconds))
                .forEach(bar -> level(levels, bar).add(bar));
        return levels;
    }

    private List<Bar> level(List<List<Bar>> levels, Bar bar) {
        double rounding = (endSeconds - beginSeconds) * 1e-9;
        for (List<Bar> level : levels) {
            if (level.get(level.size() - 1).endSeconds() <= bar.beginSeconds() + rounding) {
                return level;
            }
        }
        List<Bar> another = new ArrayList<>();
        levels.add(another);
        return another;
    }
}
