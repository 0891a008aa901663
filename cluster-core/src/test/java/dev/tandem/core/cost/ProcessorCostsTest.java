package dev.tandem.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.topology.Carrying;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Processor;
import dev.tandem.core.topology.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorCostsTest {

    private static final RuntimeCosts FRAMES_OF_100_BYTES = new RuntimeCosts(0, 0, 100, 1);
    private static final Carrying CARRYING = new Carrying(0.25, 0.5, 0.001);

    private static final Freight EXACT = Freight.of(Codec.EXACT, 250);

    private final Node plain = GraphFixtures.node("plain", 1, 1);
    private final Node carrier = GraphFixtures.node("carrier", 1, 1).on(new Processor("board", 2, CARRYING));

    @Test
    void addsFramesAndBytesOfEachEndOfATransfer() {
        ProcessorCosts costs = costs(plain, carrier);

        // Three frames and 250 bytes, on one of two CPUs.
        assertThat(costs.send("carrier", EXACT)).isCloseTo((1.5 + 0.25) / 2, within(1e-12));
        assertThat(costs.receive("carrier", EXACT)).isCloseTo((1.5 + 0.25) / 2, within(1e-12));
        assertThat(costs.request("carrier")).isCloseTo(0.125, within(1e-12));
        assertThat(costs.requestLatency("carrier")).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void addsCodingAsMuchSlowerThanWhereItWasMeasuredAsCarryingIs() {
        ProcessorCosts costs = costs(plain, carrier);
        double slowness = CARRYING.secondsPerByte() / Carrying.PRESET.secondsPerByte();
        Freight coded = new Freight(250, 100, 1e-6, 2e-6);

        // Frames are those of 250 bytes, of which 100 travel.
        assertThat(costs.send("carrier", coded)).isCloseTo((1.5 + 0.1 + 1e-6 * slowness) / 2, within(1e-12));
        assertThat(costs.receive("carrier", coded)).isCloseTo((1.5 + 0.1 + 2e-6 * slowness) / 2, within(1e-12));
        // One of the three frames is encoded before anything travels, and one decoded after.
        assertThat(costs.codingLatency("carrier", "carrier", coded)).isCloseTo(1e-6 * slowness, within(1e-12));
        assertThat(costs.codingLatency("plain", "outside", EXACT)).isZero();
    }

    @Test
    void knowsNothingOfPlacesOutside() {
        ProcessorCosts costs = costs(plain, carrier);

        assertThat(costs.send("outside", EXACT)).isZero();
        assertThat(costs.receive("outside", EXACT)).isZero();
        assertThat(costs.request("outside")).isZero();
        assertThat(costs.requestLatency("outside")).isZero();
        assertThat(costs.machine("outside")).isEqualTo(ProcessorCosts.NONE);
    }

    @Test
    void namesMachinesThatCarryOrAreShared() {
        Node one = GraphFixtures.node("one", 1, 1).on(new Processor("box", 2, Carrying.NONE));
        Node other = GraphFixtures.node("other", 1, 1).on(new Processor("box", 2, Carrying.NONE));

        assertThat(costs(plain, carrier).machines()).containsExactly("board");
        assertThat(costs(plain, one, other).machines()).containsExactly("box");
        assertThat(costs(plain, one, carrier, other).machine("other")).isEqualTo(1);
        assertThat(costs(plain, one).machines()).isEmpty();
    }

    @Test
    void countsEachThreadOfACallAsACpu() {
        CoreGroup two = new CoreGroup(new CoreGroupId("wide", "cpu"), CoreGroup.Kind.CPU, List.of(), 2, 1);
        CoreGroup gpu = new CoreGroup(new CoreGroupId("wide", "gpu"), CoreGroup.Kind.GPU, List.of(), 2, 1);
        Node wide = new Node("wide", 1, List.of(two, gpu)).on(new Processor("wide", 4, CARRYING));

        assertThat(costs(wide).compute(two, 3)).isCloseTo(1.5, within(1e-12));
        assertThat(costs(wide).compute(gpu, 3)).isZero();
    }

    @Test
    void takesCpusToBeThoseOfTheCoreGroupsWhereNothingIsSaid() {
        assertThat(plain.processor()).isEqualTo(new Processor("plain", 1, Carrying.NONE));
    }

    @Test
    void refusesTimesAndCountsThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Carrying(0, -1, 0))
                .withMessage("secondsPerFrame (-1.0) must be finite and at least 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Processor("board", 0, CARRYING))
                .withMessage("CPUs (0) of machine board must be at least 1");
    }

    private static ProcessorCosts costs(Node... nodes) {
        return new ProcessorCosts(new Topology(List.of(nodes), List.of()), FRAMES_OF_100_BYTES);
    }
}
