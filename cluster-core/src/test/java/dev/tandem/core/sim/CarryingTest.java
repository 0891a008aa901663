package dev.tandem.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.topology.Carrying;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers of 1 s and 3 s, tensors of 1000 bytes, links that take no time: 0.2 s of a CPU at each end of a transfer. */
class CarryingTest {

    private static final Carrying CARRYING = new Carrying(0.4, 0, 0.2e-3);
    private static final Topology NODES = Line.nodes(1e12, 0, "a", "b");
    private static final Arrivals MANY = new Arrivals.ClosedLoop(1_000, 12);

    @Test
    void takesTheCpuFromTheCallOfABusyCoreGroup() {
        Line line = line(1, false);
        Lane chain = line.chain("a", "b");

        // b computes for 3 s, takes 1000 bytes and sends as many.
        assertThat(perSecond(line.simulation(4, chain))).isCloseTo(1 / 3.4, within(1e-3));
        assertThat(line.score(chain).throughputPerSecond()).isCloseTo(1 / 3.4, within(1e-9));
        assertThat(line.score(chain).bottleneck()).isEqualTo("processor of b, computing and carrying: 3400.000 ms");
    }

    @Test
    void costsNothingWhereAnotherCpuIsIdle() {
        Line line = line(2, false);
        Lane chain = line.chain("a", "b");

        assertThat(perSecond(line.simulation(4, chain))).isCloseTo(1 / 3.0, within(1e-3));
        assertThat(line.score(chain).throughputPerSecond()).isCloseTo(1 / 3.0, within(1e-9));
    }

    @Test
    void takesFromAllThreadsOfACallTogether() {
        Line line = new Line(
                List.of(1.0, 3.0),
                GraphFixtures.carrying(withThreads(NODES, 4), 4, CARRYING, false),
                new RuntimeCosts(0, 0, 1 << 20, 1));
        Lane chain = line.chain("a", "b");

        assertThat(line.score(chain).throughputPerSecond()).isCloseTo(1 / 3.1, within(1e-9));
        assertThat(perSecond(line.simulation(4, chain))).isCloseTo(1 / 3.1, within(1e-3));
    }

    @Test
    void sharesTheCpuOfAMachineBetweenItsNodes() {
        Line line = line(1, true);
        Lane chain = line.chain("a", "b");

        // 4 s of computing and four ends of transfers.
        assertThat(line.score(chain).throughputPerSecond()).isCloseTo(1 / 4.8, within(1e-9));
        assertThat(perSecond(line.simulation(4, chain))).isCloseTo(1 / 4.8, within(2e-3));
    }

    @Test
    void takesTimeBeforeARequestLeavesTheGateway() {
        Line line = line(1, false);
        Simulation simulation = line.simulation("a", line.chain("a", "b"));

        double latency = simulation
                .run(Scenario.of(new Arrivals.ClosedLoop(1, 1), 1))
                .latencies()
                .maxSeconds();

        // Two transfers that are carried for 0.2 s at both ends at the same time.
        assertThat(latency).isCloseTo(0.4 + 4 + 2 * 0.2, within(1e-6));
        assertThat(line.score("a", line.chain("a", "b")).latencySeconds()).isCloseTo(latency, within(1e-6));
    }

    private static Line line(int cpus, boolean shared) {
        Topology carrying = GraphFixtures.carrying(NODES, cpus, CARRYING, shared);
        return new Line(List.of(1.0, 3.0), carrying, new RuntimeCosts(0, 0, 1 << 20, 1));
    }

    private static Topology withThreads(Topology topology, int threads) {
        return new Topology(
                topology.nodes().stream()
                        .map(node -> new Node(
                                node.id(),
                                node.memoryBytes(),
                                node.coreGroups().stream()
                                        .map(group -> new CoreGroup(
                                                group.id(),
                                                group.kind(),
                                                group.cpus(),
                                                threads,
                                                group.multiplyAddsPerSecond()))
                                        .toList()))
                        .toList(),
                topology.links());
    }

    private static double perSecond(Simulation simulation) {
        return simulation.run(Scenario.of(MANY, 1)).throughputPerSecond();
    }
}
