package dev.tandem.deploy.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a verification as they come: JSON at once, a table at the end with what was refused or failed below. */
final class VerifyReport {

    private final Terminal terminal;
    private final boolean json;
    private final List<VerifyRow> rows = new ArrayList<>();

    VerifyReport(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    void add(VerifyRow row) {
        rows.add(row);
        if (json) {
            terminal.jsonLine(row);
        }
        String reason = row.reason() == null ? "" : ": " + row.reason();
        terminal.note(Path.of(row.model()).getFileName() + " " + row.scheme() + " " + row.nodes() + " nodes "
                + row.shards() + " shards " + row.outcome() + reason);
    }

    void finish() {
        if (json) {
            return;
        }
        TextTable table = TextTable.of(
                "model",
                "scheme",
                ">nodes",
                ">stages",
                ">shards",
                ">samples",
                ">max abs",
                ">max rel",
                ">tolerance",
                "result");
        for (VerifyRow row : rows) {
            table.row(
                    String.valueOf(Path.of(row.model()).getFileName()),
                    row.scheme(),
                    Integer.toString(row.nodes()),
                    Integer.toString(row.stages()),
                    Integer.toString(row.shards()),
                    Integer.toString(row.samples()),
                    error(row.maxAbsError()),
                    error(row.maxRelError()),
                    error(row.tolerance()),
                    row.outcome());
        }
        table.print(terminal);
    }

    List<VerifyRow> rows() {
        return List.copyOf(rows);
    }

    ExitCode exitCode() {
        if (rows.stream().anyMatch(row -> !row.pass() && !row.refused())) {
            return ExitCode.CHECK_FAILED;
        }
        return rows.stream().allMatch(VerifyRow::refused) ? ExitCode.REFUSED : ExitCode.OK;
    }

    private static String error(@Nullable Double value) {
        return value == null ? "-" : Figures.error(value);
    }
}
