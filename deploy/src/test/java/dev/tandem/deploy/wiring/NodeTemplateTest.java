package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTemplateTest {

    private static final long MEMORY = 64L << 20;

    @Test
    void dealsOutCpusWithoutOverlapWhereThereAreEnough() {
        assertThat(NodeTemplate.equal(2, 2, MEMORY, List.of(0, 1, 2, 3)))
                .extracting(node -> node.coreGroups().get(0).cpus())
                .containsExactly(List.of(0, 1), List.of(2, 3));
    }

    @Test
    void givesMembersSeveralCoreGroups() {
        assertThat(NodeTemplate.equal(2, 2, 1, MEMORY, List.of(0, 1, 2, 3)))
                .extracting(NodeTemplate::coreGroups)
                .containsExactly(
                        List.of(
                                new NodeTemplate.Group("cpu-1", List.of(0), 1),
                                new NodeTemplate.Group("cpu-2", List.of(1), 1)),
                        List.of(
                                new NodeTemplate.Group("cpu-1", List.of(2), 1),
                                new NodeTemplate.Group("cpu-2", List.of(3), 1)));
        assertThatThrownBy(() -> NodeTemplate.equal(1, 0, 1, MEMORY, List.of(0)))
                .hasMessageContaining("of core groups of each (0)");
    }

    @Test
    void letsMembersShareWhereThereAreFew() {
        assertThat(NodeTemplate.equal(3, 1, MEMORY, List.of(4, 5)))
                .extracting(node -> node.coreGroups().get(0).cpus())
                .containsExactly(List.of(4), List.of(5), List.of(4));
        assertThat(NodeTemplate.equal(1, 4, MEMORY, List.of(0))
                        .get(0)
                        .coreGroups()
                        .get(0))
                .isEqualTo(new NodeTemplate.Group("cpu", List.of(0), 4));
    }

    @Test
    void keepsMembersOnLoopbackAndLoadsWhatIsUnpacked() {
        Config settings = NodeTemplate.equal(1, 1, MEMORY, List.of(0))
                .get(0)
                .settings(Path.of("data"), "")
                .getConfig("tandem");

        assertThat(settings.getString("network.host")).isEqualTo("127.0.0.1");
        assertThat(settings.getString("network.bind-host")).isEmpty();
        assertThat(settings.getInt("network.tether-port")).isZero();
        assertThat(settings.getString("runtime.native-directory"))
                .isEqualTo(System.getProperty("tandem.native.directory"));
    }

    @Test
    void refusesTooLittle() {
        assertThatThrownBy(() -> NodeTemplate.equal(0, 1, MEMORY, List.of(0))).hasMessageContaining("(0)");
        assertThatThrownBy(() -> NodeTemplate.equal(1, 1, 10, List.of(0))).hasMessageContaining("1 MiB");
        assertThatThrownBy(() -> NodeTemplate.equal(1, 0, MEMORY, List.of(0))).hasMessageContaining("cpu");
    }
}
