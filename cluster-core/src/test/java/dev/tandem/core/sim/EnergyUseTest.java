package dev.tandem.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Energy;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.core.topology.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Energy, predicted and simulated, by hand: layers of 1 s and 3 s, transfers that keep links busy for 1 s and take 1.5 s;
 * three nodes of 2 W and a core group of 1 to 5 W each, 0.5 W more while sending and 0.25 W while receiving.
 */
class EnergyUseTest {

    private static final double IDLE_WATTS = 9;
    private static final Topology BARE = Line.nodes(1000, 0.5, "a", "b", "bystander");
    private static final Topology POWERED = GraphFixtures.powered(BARE, new NodePower(2, 0.5, 0.25), new Power(1, 5));

    private final Line line = new Line(List.of(1.0, 3.0), POWERED, RuntimeCosts.NONE);
    private final Lane chain = line.chain("a", "b");

    /** 4 s at 4 W more, one transfer to a, one between the nodes, one from b; the gateway is no node. */
    private final double activeJoules = 4 * 4 + 0.25 + 0.75 + 0.5;

    @Test
    void isWhatIsBusyAndTheIdlePowerOfAllNodesMeanwhile() {
        Energy energy = line.score(chain).energy().orElseThrow();

        assertThat(energy.requestJoules()).isCloseTo(activeJoules + IDLE_WATTS * 8.5, within(1e-9));
        assertThat(energy.streamJoules()).isCloseTo(activeJoules + IDLE_WATTS * 3, within(1e-9));
    }

    @Test
    void isTheMeanOfTheLanesByTheirShares() {
        Energy energy =
                line.score(line.single("a", 1), line.single("b", 3)).energy().orElseThrow();

        // Either takes 4 s at 4 W more, and a transfer from and to the gateway: 7 s. b has 3 s per request.
        assertThat(energy.requestJoules()).isCloseTo(16.75 + IDLE_WATTS * 7, within(1e-9));
        assertThat(energy.streamJoules()).isCloseTo(16.75 + IDLE_WATTS * 3, within(1e-9));
    }

    @Test
    void ofOneSimulatedRequestIsAsPredicted() {
        SimulationResult result = run(1, 1);

        assertThat(result.energy().orElseThrow().joules())
                .isCloseTo(line.score(chain).energy().orElseThrow().requestJoules(), within(1e-9));
    }

    @Test
    void ofASaturatedSimulationIsAsPredictedPerRequest() {
        EnergyUse use = run(2000, 13).energy().orElseThrow();

        double predicted = line.score(chain).energy().orElseThrow().streamJoules();
        assertThat(use.requestJoules() / predicted).isCloseTo(1, within(0.002));
        assertThat(use.joules()).isCloseTo(2000 * use.requestJoules(), within(1e-6));
    }

    @Test
    void isNotANumberPerRequestWhenNoneIsAnswered() {
        Scenario lost = Scenario.of(new Arrivals.ClosedLoop(1, 1), 1).withLosses(new NodeLoss("a", 0.5));

        EnergyUse use = line.simulation(4, chain).run(lost).energy().orElseThrow();

        assertThat(use.joules()).isPositive();
        assertThat(use.requestJoules()).isNaN();
    }

    @Test
    void isAbsentWhereTheLeastOfTheNodesHasNoPower() {
        Topology mixed = new Topology(
                List.of(
                        POWERED.nodes().get(0),
                        POWERED.nodes().get(1),
                        BARE.nodes().get(2)),
                BARE.links());
        Line unknown = new Line(List.of(1.0, 3.0), mixed, RuntimeCosts.NONE);

        assertThat(unknown.score(chain).energy()).isEmpty();
        assertThat(unknown.simulation(4, chain)
                        .run(Scenario.of(new Arrivals.ClosedLoop(1, 1), 1))
                        .energy())
                .isEmpty();
    }

    @Test
    void isInfiniteWhereALinkIsMissing() {
        Topology cut = new Topology(
                POWERED.nodes(),
                POWERED.links().stream()
                        .filter(link -> !link.from().equals("a") || !link.to().equals("b"))
                        .toList());

        assertThat(new Line(List.of(1.0, 3.0), cut, RuntimeCosts.NONE)
                        .score(chain)
                        .energy())
                .contains(new Energy(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY));
    }

    @Test
    void refusesEnergyThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Energy(-1, 2))
                .withMessage("energy of a request (-1.0 J) and of one of a stream (2.0 J) must be at least 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new Energy(1, Double.NaN));
    }

    private SimulationResult run(int requests, int inFlight) {
        return line.simulation(4, chain).run(Scenario.of(new Arrivals.ClosedLoop(requests, inFlight), 1));
    }
}
