package dev.tandem.deploy.cli;

import dev.tandem.core.cost.LinkLoad;
import dev.tandem.core.plan.Energy;
import dev.tandem.deploy.wiring.PlanJson;
import dev.tandem.deploy.wiring.PlanJson.AlternativeJson;
import dev.tandem.deploy.wiring.PlanJson.NodeJson;
import dev.tandem.deploy.wiring.PlanJson.Predicted;
import org.jspecify.annotations.Nullable;

/** A plan with its reasons, for people: what runs where, links, memory, and what else was considered. */
record PlanReport(PlanView view, PlanJson plan) {

    void print(Terminal terminal) {
        view.print(terminal);
        if (!plan.links().isEmpty()) {
            printLinks(terminal);
        }
        printMemory(terminal);
        printAlternatives(terminal);
        terminal.line("");
        terminal.line("Why this plan: " + plan.explanation());
    }

    private void printLinks(Terminal terminal) {
        TextTable table = TextTable.of("link", ">bytes", ">busy ms", ">busy");
        for (LinkLoad link : plan.links()) {
            table.row(
                    link.from() + " -> " + link.to(),
                    Figures.bytes(Math.round(link.bytes())),
                    Figures.millis(link.busySeconds()),
                    Figures.percent(link.busySeconds() * plan.predicted().throughputPerSecond()));
        }
        terminal.line("");
        terminal.line("Links, per request, and how busy they are at the predicted throughput:");
        table.print(terminal);
    }

    private void printMemory(Terminal terminal) {
        TextTable table = TextTable.of("node", ">needed", ">of", ">share");
        for (NodeJson node : plan.nodes()) {
            table.row(
                    node.node(),
                    Figures.bytes(node.neededBytes()),
                    Figures.bytes(node.memoryBytes()),
                    Figures.percent((double) node.neededBytes() / node.memoryBytes()));
        }
        terminal.line("");
        terminal.line("Memory:");
        table.print(terminal);
    }

    private void printAlternatives(Terminal terminal) {
        TextTable table =
                TextTable.of("division", ">ms per request", ">requests/s", ">mJ per request", "where, or why not");
        for (AlternativeJson alternative : plan.alternatives()) {
            Predicted predicted = alternative.predicted();
            table.row(
                    alternative.name(),
                    predicted == null ? "" : Figures.millis(predicted.latencySeconds()),
                    predicted == null ? "" : Figures.digits(predicted.throughputPerSecond()),
                    energy(predicted),
                    alternative.remark());
        }
        terminal.line("");
        terminal.line("Considered:");
        table.withoutEmptyColumns().print(terminal);
    }

    private static String energy(@Nullable Predicted predicted) {
        Energy energy = predicted == null ? null : predicted.energy();
        return energy == null ? "" : Figures.millijoules(energy.requestJoules());
    }
}
