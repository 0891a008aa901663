package dev.tandem.harness.experiment.emulated;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A table in Markdown, which grows line by line. For one thread. */
final class Table {

    private final StringBuilder text = new StringBuilder();
    private final int columns;

    Table(List<String> header) {
        columns = header.size();
        row(header);
        text.append("|").append("---|".repeat(columns)).append('\n');
    }

    Table(String... header) {
        this(List.of(header));
    }

    Table row(List<String> cells) {
        if (cells.size() != columns) {
            throw new IllegalArgumentException(
                    "cells (" + cells.size() + ") must be as many as columns (" + columns + ")");
        }
        cells.forEach(cell -> text.append("| ").append(cell.replace("|", "\\|")).append(' '));
        text.append("|\n");
        return this;
    }

    Table row(String... cells) {
        return row(List.of(cells));
    }

    /** One line per item. */
    static <T> Table of(List<T> items, Function<T, List<String>> cells, String... header) {
        Table table = new Table(new ArrayList<>(List.of(header)));
        items.forEach(item -> table.row(cells.apply(item)));
        return table;
    }

    /** The table and an empty line. */
    @Override
    public String toString() {
        return text + "\n";
    }
}
