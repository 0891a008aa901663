package dev.tandem.deploy.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** A table in plain text: columns as wide as their widest cell, two spaces between them. */
public final class TextTable {

    private static final String GAP = "  ";
    private static final int LEAST_WRAPPED = 24;

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    private TextTable(List<Column> columns) {
        this.columns = columns;
    }

    /**
     * A table without rows.
     *
     * @param columns headings; a heading that begins with {@code >} is set to the right, for numbers
     */
    public static TextTable of(String... columns) {
        List<Column> parsed = new ArrayList<>();
        for (String column : columns) {
            boolean right = column.startsWith(">");
            parsed.add(new Column(right ? column.substring(1) : column, right));
        }
        return new TextTable(parsed);
    }

    /** Adds a row with one cell per column. */
    public TextTable row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException("row of " + cells.length + " cells must have " + columns.size() + ".");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** The same without the columns in which no row has anything. */
    TextTable withoutEmptyColumns() {
        List<Integer> kept = IntStream.range(0, columns.size())
                .filter(column -> rows.stream().anyMatch(row -> !row.get(column).isEmpty()))
                .boxed()
                .toList();
        TextTable filled = new TextTable(kept.stream().map(columns::get).toList());
        rows.forEach(row -> filled.rows.add(kept.stream().map(row::get).toList()));
        return filled;
    }

    /** Heading, rule and rows, without trailing spaces. */
    List<String> lines() {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            widths.add(width(column));
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(columns.stream().map(Column::heading).toList(), widths));
        lines.add("-".repeat(lines.get(0).length()));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    /** The same in lines of at most so many columns, where the last column can be wrapped to keep to it. */
    List<String> lines(int mostColumns) {
        int last = columns.size() - 1;
        int before = 0;
        for (int column = 0; column < last; column++) {
            before += width(column) + GAP.length();
        }
        TextTable wrapped = new TextTable(columns);
        for (List<String> row : rows) {
            List<String> parts = wrap(row.get(last), Math.max(LEAST_WRAPPED, mostColumns - before));
            for (int part = 0; part < parts.size(); part++) {
                List<String> cells = new ArrayList<>(part == 0 ? row : Collections.nCopies(columns.size(), ""));
                cells.set(last, parts.get(part));
                wrapped.rows.add(cells);
            }
        }
        return wrapped.lines();
    }

    /** Text in lines of at most so many columns, where its words are not longer. */
    static List<String> wrap(String text, int mostColumns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split("\\s+", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > mostColumns) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** Writes it as a result. */
    public void print(Terminal terminal) {
        lines().forEach(terminal::line);
    }

    private int width(int column) {
        int widest = columns.get(column).heading().length();
        for (List<String> row : rows) {
            widest = Math.max(widest, row.get(column).length());
        }
        return widest;
    }

    private String line(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String space = " ".repeat(widths.get(column) - cells.get(column).length());
            line.append(column == 0 ? "" : GAP);
            line.append(columns.get(column).isRight() ? space + cells.get(column) : cells.get(column) + space);
        }
        return line.toString().stripTrailing();
    }

    private record Column(String heading, boolean isRight) {}
}
