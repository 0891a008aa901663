package dev.tandem.core.topology;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.core.GraphFixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyTest {

    @Test
    void refusesNodesOfOneName() {
        Node node = GraphFixtures.node("a", 1, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topology(List.of(node, node), List.of()))
                .withMessage("node names must be unique: [a, a]");
    }

    @Test
    void refusesALinkThatIsThereTwice() {
        Link slow = new Link("a", "b", 1e6, 0);
        Link fast = new Link("a", "b", 1e9, 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topology(List.of(), List.of(slow, fast)))
                .withMessage("the link a -> b is there twice; expected one of each direction");
    }
}
