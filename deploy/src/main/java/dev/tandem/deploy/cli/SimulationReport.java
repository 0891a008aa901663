package dev.tandem.deploy.cli;

import dev.tandem.core.sim.EnergyUse;
import dev.tandem.deploy.wiring.SimulationJson;
import dev.tandem.deploy.wiring.SimulationJson.ResourceJson;

/** What a simulation did, for people. */
record SimulationReport(SimulationJson simulation) {

    void print(Terminal terminal) {
        terminal.line("");
        terminal.line("Simulated: " + simulation.requests() + " requests, " + load() + ", window "
                + simulation.window() + ", seed " + simulation.seed() + ", in "
                + Figures.digits(simulation.seconds()) + " simulated seconds:");
        terminal.line(Figures.digits(simulation.throughputPerSecond()) + " requests per second; ms per request: p50 "
                + Figures.millis(simulation.p50Seconds()) + ", p90 " + Figures.millis(simulation.p90Seconds())
                + ", p99 " + Figures.millis(simulation.p99Seconds()) + ", longest "
                + Figures.millis(simulation.maxSeconds()));
        EnergyUse energy = simulation.energy();
        if (energy != null) {
            terminal.line(Figures.digits(energy.joules()) + " J by all nodes, "
                    + Figures.millijoules(energy.requestJoules()) + " mJ per request");
        }
        TextTable table = TextTable.of("resource", "name", ">busy");
        for (ResourceJson resource : simulation.resources()) {
            table.row(resource.kind().replace('-', ' '), resource.name(), Figures.percent(resource.busy()));
        }
        table.print(terminal);
    }

    private String load() {
        Double rate = simulation.ratePerSecond();
        return rate == null
                ? simulation.inFlight() + " at a time"
                : Figures.digits(rate) + " per second at random times";
    }
}
