package dev.tandem.deploy.cli;

import dev.tandem.core.plan.Energy;
import dev.tandem.core.planner.Objective;
import dev.tandem.deploy.wiring.ExplainJson;
import dev.tandem.deploy.wiring.ExplainJson.BoundJson;
import dev.tandem.deploy.wiring.ExplainJson.CoreGroupJson;
import dev.tandem.deploy.wiring.ExplainJson.EdgeJson;
import dev.tandem.deploy.wiring.ExplainJson.NodeJson;
import dev.tandem.deploy.wiring.ExplainJson.ResourceJson;
import dev.tandem.deploy.wiring.ExplainJson.SchemeJson;
import dev.tandem.deploy.wiring.ExplainJson.ShardJson;
import dev.tandem.deploy.wiring.PlanJson.Predicted;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plan taken apart, for people: what happens when, what is busy, what it takes, and why no other plan. */
record ExplainReport(PlanView view, ExplainJson explain, Objective objective) {

    private static final int COLUMNS = 100;
    private static final int MOST_ROWS = 24;
    private static final int BAR = 20;

    void print(Terminal terminal) {
        terminal.line("Plan for " + view.model() + " (" + view.scheme() + "); begin and end of one request on an idle"
                + " cluster:");
        printShards(terminal);
        terminal.line(view.figures());
        view.printCodecs(terminal);
        view.printEnergy(terminal);
        printEdges(terminal);
        printResources(terminal);
        printNodes(terminal);
        printBound(terminal);
        printSchemes(terminal);
    }

    private void printShards(Terminal terminal) {
        TextTable table = TextTable.of(
                "stage", "layers", "core group", "region", ">compute ms", ">begin ms", ">end ms", ">memory");
        for (int index = 0; index < explain.shards().size(); index++) {
            PlanView.ShardView part = view.parts().get(index);
            ShardJson times = explain.shards().get(index);
            table.row(
                    view.label(part),
                    part.firstLayer() + "-" + (part.endLayer() - 1),
                    part.node() + "/" + part.coreGroup(),
                    part.region(),
                    Figures.millis(times.computeSeconds()),
                    Figures.millis(times.beginSeconds()),
                    Figures.millis(times.endSeconds()),
                    Figures.bytes(part.memoryBytes()));
        }
        table.print(terminal);
    }

    private void printEdges(Terminal terminal) {
        List<EdgeJson> sent = explain.edges().stream()
                .filter(edge -> !edge.from().equals(edge.to()))
                .toList();
        List<EdgeJson> longest = longest(sent, EdgeJson::linkSeconds);
        TextTable table =
                TextTable.of("lane", "edge", "link", ">bytes", ">busy ms", ">leaves at ms", ">is there at ms");
        sent.stream()
                .filter(longest::contains)
                .forEach(edge -> table.row(
                        edge.lane() == 0 ? "" : Integer.toString(edge.lane()),
                        edge.producer() + " -> " + edge.consumer(),
                        edge.from() + " -> " + edge.to(),
                        Figures.bytes(edge.bytes()),
                        Figures.millis(edge.linkSeconds()),
                        Figures.millis(edge.departSeconds()),
                        Figures.millis(edge.arriveSeconds())));
        terminal.line("");
        terminal.line(
                sent.isEmpty()
                        ? "Nothing travels between nodes."
                        : "Edges between nodes, for the same request" + more(sent.size()) + ":");
        if (!sent.isEmpty()) {
            table.withoutEmptyColumns().print(terminal);
        }
    }

    private void printResources(Terminal terminal) {
        TextTable table = TextTable.of("resource", "name", ">busy ms", ">busy", "");
        for (ResourceJson resource : longest(explain.resources(), ResourceJson::busySeconds)) {
            table.row(
                    resource.kind().replace('-', ' '),
                    resource.name(),
                    Figures.millis(resource.busySeconds()),
                    Figures.percent(resource.busy()),
                    "#".repeat((int) Math.round(resource.busy() * BAR)));
        }
        terminal.line("");
        terminal.line("At full throughput, " + Figures.millis(explain.periodSeconds()) + " ms between two answers"
                + more(explain.resources().size()) + ":");
        table.print(terminal);
    }

    private void printNodes(Terminal terminal) {
        TextTable table = TextTable.of(
                "node", "GPUs", ">memory", ">of", ">share", ">active mJ", ">idle mJ alone", ">idle mJ in a stream");
        for (NodeJson node : longest(explain.nodes(), NodeJson::neededBytes)) {
            table.row(
                    node.node(),
                    node.coreGroups().stream()
                            .filter(group -> group.kind().equals("gpu"))
                            .map(CoreGroupJson::name)
                            .collect(Collectors.joining(", ")),
                    Figures.bytes(node.neededBytes()),
                    Figures.bytes(node.memoryBytes()),
                    Figures.percent((double) node.neededBytes() / node.memoryBytes()),
                    node.energy() == null
                            ? ""
                            : Figures.millijoules(node.energy().activeJoules()),
                    node.energy() == null
                            ? ""
                            : Figures.millijoules(node.energy().idleRequestJoules()),
                    node.energy() == null
                            ? ""
                            : Figures.millijoules(node.energy().idleStreamJoules()));
        }
        terminal.line("");
        terminal.line("Nodes; energy is per request" + more(explain.nodes().size()) + ":");
        table.withoutEmptyColumns().print(terminal);
    }

    private void printBound(Terminal terminal) {
        BoundJson bound = explain.bound();
        String gap = Double.isFinite(bound.gap())
                ? String.format(Locale.ROOT, "%.1f %% above", 100 * bound.gap())
                : "not comparable with";
        terminal.line("");
        TextTable.wrap(
                        "Bound: no plan has less than " + objective.words(bound.lowerBound()) + unit()
                                + "; this one has " + objective.words(bound.value()) + ", " + gap + " it. "
                                + bound.leavesOut(),
                        COLUMNS)
                .forEach(terminal::line);
    }

    private String unit() {
        return objective.isOfOneRequest() ? " for a request" : " between two answers";
    }

    private void printSchemes(Terminal terminal) {
        TextTable table = TextTable.of(
                "best of each scheme", ">ms", ">requests/s", ">mJ", ">ratio", "bound by, or why there is none");
        for (SchemeJson scheme : explain.schemes()) {
            Predicted predicted = scheme.predicted();
            table.row(
                    (scheme.chosen() ? "* " : "  ") + scheme.name() + (scheme.published() ? " (published)" : ""),
                    predicted == null ? "" : Figures.millis(predicted.latencySeconds()),
                    predicted == null ? "" : Figures.digits(predicted.throughputPerSecond()),
                    energy(predicted),
                    scheme.ratio() == null ? "" : Figures.digits(scheme.ratio()),
                    scheme.reason());
        }
        terminal.line("");
        terminal.line("Why this one (*): the " + objective + " of the others in units of its own; above 1 is worse.");
        table.withoutEmptyColumns().lines(COLUMNS).forEach(terminal::line);
    }

    private static String energy(@Nullable Predicted predicted) {
        Energy energy = predicted == null ? null : predicted.energy();
        return energy == null ? "" : Figures.millijoules(energy.requestJoules());
    }

    private static <T> List<T> longest(List<T> rows, ToDoubleFunction<T> figure) {
        return rows.size() <= MOST_ROWS
                ? rows
                : rows.stream()
                        .sorted(Comparator.comparingDouble(figure).reversed())
                        .limit(MOST_ROWS)
                        .toList();
    }

    private static String more(int rows) {
        return rows <= MOST_ROWS ? "" : " (the first " + MOST_ROWS + " of " + rows + " by size; --json has all)";
    }
}
