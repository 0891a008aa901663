package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.inference.runtime.CoreGroupSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeProcessorTest {

    private static final CoreGroupSpec FREE = new CoreGroupSpec("free", List.of(0), 1, false);
    private static final CoreGroupSpec LIMITED =
            new CoreGroupSpec("limited", List.of(1), 1, false, List.of(Path.of("/cpu/limited")));

    @Test
    void isSharedByNodesOfOneRunningSystem() {
        assertThat(NodeProcessor.machine("a", List.of(FREE, LIMITED)))
                .isEqualTo(NodeProcessor.machine("b", List.of(FREE, LIMITED)));
    }

    @Test
    void leavesItsCpusToCarryingWhereCoreGroupsAreLimited() {
        assertThat(NodeProcessor.cpus(2, List.of(LIMITED, LIMITED, LIMITED))).isEqualTo(5);
        assertThat(NodeProcessor.cpus(2, List.of(FREE, LIMITED))).isEqualTo(2);
    }

    @Test
    void belongsToANodeWhoseCoreGroupsAreAllLimited() {
        assertThat(NodeProcessor.machine("a", List.of(LIMITED))).isEqualTo("a");
    }
}
