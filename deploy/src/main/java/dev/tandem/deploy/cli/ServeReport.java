package dev.tandem.deploy.cli;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;

/** Tells what a gateway serves: text for people, or one line of JSON per change. */
record ServeReport(Terminal terminal, boolean isJson) {

    /** What is served and where, for programs: one line when requests are taken. */
    record Serving(String model, String gateway, PlanView plan) {}

    /** A model that is served no more, for programs. */
    record Withdrawn(String withdrawn, String gateway) {}

    /** A model that stays as it was, which may be that it is not served, for programs. */
    record Failed(String failed, String gateway, String reason) {}

    void serves(Plan plan, ModelGraph graph, String gateway) {
        PlanView view = PlanView.of(plan, graph);
        if (isJson) {
            terminal.jsonLine(new Serving(graph.name(), gateway, view));
            return;
        }
        view.print(terminal);
        terminal.line("");
        terminal.line("serving '" + graph.name() + "' as " + gateway + "; Ctrl-C stops it");
    }

    void withdrawn(String model, String gateway) {
        if (isJson) {
            terminal.jsonLine(new Withdrawn(model, gateway));
        } else {
            terminal.line("'" + model + "' is served no more");
        }
    }

    /** People find the reason in the log, which is on the same screen. */
    void failed(String model, String gateway, String reason) {
        if (isJson) {
            terminal.jsonLine(new Failed(model, gateway, reason));
        }
    }
}
