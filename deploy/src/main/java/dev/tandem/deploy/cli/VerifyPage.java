package dev.tandem.deploy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** A verification as a page of Markdown: models by schemes, the largest difference of each, and why a scheme does not apply. */
final class VerifyPage {

    private final List<VerifyRow> rows;
    private final List<String> reasons = new ArrayList<>();

    private VerifyPage(List<VerifyRow> rows) {
        this.rows = rows;
    }

    static void write(Path file, List<VerifyRow> rows) throws IOException {
        Files.writeString(file, new VerifyPage(rows).text());
    }

    private String text() {
        Set<String> schemes = new LinkedHashSet<>();
        Map<String, Map<String, List<VerifyRow>>> byModel = new LinkedHashMap<>();
        for (VerifyRow row : rows) {
            schemes.add(row.scheme());
            byModel.computeIfAbsent(row.model(), model -> new LinkedHashMap<>())
                    .computeIfAbsent(row.scheme(), scheme -> new ArrayList<>())
                    .add(row);
        }
        StringBuilder page =
                new StringBuilder("# Divided and unsplit\n\nThe largest difference of any output from that of the"
                        + " unsplit model, as a share of the output's range;\n0 where all bytes are equal. Several figures are of"
                        + " several numbers of nodes or shards. Samples are made up from a\nfixed seed.\n\n| model |");
        schemes.forEach(scheme -> page.append(' ').append(scheme).append(" |"));
        page.append("\n|---|").append("--:|".repeat(schemes.size())).append('\n');
        byModel.forEach((model, cells) -> {
            page.append("| ").append(Path.of(model).getFileName()).append(" |");
            schemes.forEach(scheme -> page.append(' ')
                    .append(Objects.requireNonNull(cells).getOrDefault(scheme, List.of()).stream()
                            .map(this::cell)
                            .collect(Collectors.joining(", ")))
                    .append(" |"));
            page.append('\n');
        });
        for (int reason = 0; reason < reasons.size(); reason++) {
            page.append(reason == 0 ? "\n" : "")
                    .append(reason + 1)
                    .append(". ")
                    .append(reasons.get(reason))
                    .append('\n');
        }
        return page.toString();
    }

    private String cell(VerifyRow row) {
        if (row.maxRelError() == null) {
            String reason = String.valueOf(row.reason()).replaceAll("\\s+", " ");
            return (row.refused() ? "does not apply (" : "FAIL (") + number(reason) + ")";
        }
        String figure = row.maxRelError() == 0 ? "0" : Figures.error(row.maxRelError());
        return row.pass() ? figure : "FAIL " + figure;
    }

    private int number(String reason) {
        if (!reasons.contains(reason)) {
            reasons.add(reason);
        }
        return reasons.indexOf(reason) + 1;
    }
}
