package dev.tandem.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every request passes every node of a long chain: there is no plan with more events per node and request. */
class SpeedTest {

    @Test
    void simulatesAHundredNodesAndAThousandRequests() {
        assertThat(secondsFor(100, 1000)).isLessThan(30);
    }

    @Test
    @Tag("nightly")
    void simulatesAThousandNodesAndTenThousandRequestsInUnderAMinute() {
        double seconds = secondsFor(1000, 10_000);

        assertThat(seconds).isLessThan(60);
    }

    private static double secondsFor(int nodes, int requests) {
        String[] names = IntStream.range(0, nodes).mapToObj(node -> "n" + node).toArray(String[]::new);
        Line line = new Line(Collections.nCopies(nodes, 0.01), topology(names), new RuntimeCosts(1e-4, 1e-4, 500, 4));
        Lane chain = line.chain(names);
        Scenario scenario =
                Scenario.of(new Arrivals.ClosedLoop(requests, 4 * nodes), 1).with(new Jitter(0.1, 0.1));

        long start = System.nanoTime();
        SimulationResult result = line.simulation(4, chain).run(scenario);
        double seconds = (System.nanoTime() - start) / 1e9;

        System.out.printf(
                "%d nodes, %d requests: %.2f s, %.1f million events%n",
                nodes, requests, seconds, result.events() / 1e6);
        assertThat(result.completed()).isEqualTo(requests);
        return seconds;
    }

    /** Links along the chain only: a thousand nodes have a million pairs. */
    private static Topology topology(String[] names) {
        List<Node> nodes = Stream.of(names)
                .map(name -> GraphFixtures.node(name, 1 << 20, GraphFixtures.REFERENCE_RATE))
                .toList();
        List<Link> links = new ArrayList<>();
        String from = "gateway";
        for (String to : names) {
            links.add(new Link(from, to, 1e6, 1e-3));
            from = to;
        }
        links.add(new Link(from, "gateway", 1e6, 1e-3));
        return new Topology(nodes, links);
    }
}
