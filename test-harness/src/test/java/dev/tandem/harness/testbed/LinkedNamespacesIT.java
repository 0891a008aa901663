package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkedNamespacesIT {

    @BeforeEach
    void needsRights() {
        assumeThat(TestbedRights.missing())
                .as("what is missing to make network namespaces")
                .isEmpty();
    }

    @Test
    void joinsTwoNamespacesAndRemovesThem() {
        try (LinkedNamespaces link = LinkedNamespaces.create()) {
            assertThat(Namespaces.existing())
                    .contains(link.first().namespace(), link.second().namespace());
            assertThat(inside(link.first(), "ip", "route", "get", link.second().address()))
                    .contains("dev link0");
            // Nothing else is there to leave by.
            assertThatThrownBy(() -> inside(link.first(), "ip", "route", "get", "192.0.2.1"))
                    .isInstanceOf(TestbedException.class)
                    .hasMessageContaining("unreachable");
        }

        assertThat(own()).isEmpty();
    }

    @Test
    void shapesBothDirectionsAndUnshapesThem() {
        try (LinkedNamespaces link = LinkedNamespaces.create()) {
            link.shape(LinkShape.megabits(100));
            link.shape(LinkShape.megabits(1000));
            assertThat(filters(link)).allMatch(filter -> filter.contains("rate 1Gbit"));

            link.shape(LinkShape.UNSHAPED);
            link.shape(LinkShape.UNSHAPED);
            assertThat(filters(link)).noneMatch(filter -> filter.contains("tbf"));
        }
    }

    @Test
    void removesWhatAKilledProcessLeftAndNothingElse() {
        String stale = new OwnedName(4_000_000_000L, 1, "a").toString();
        String foreign = "tandem-test-foreign-" + ProcessHandle.current().pid();
        Tool.run("ip", "netns", "add", stale);
        Tool.run("ip", "netns", "add", foreign);
        try (LinkedNamespaces running = LinkedNamespaces.create()) {
            Leftovers.sweep();

            assertThat(Namespaces.existing())
                    .doesNotContain(stale)
                    .contains(foreign, running.first().namespace());
        } finally {
            Tool.run("ip", "netns", "delete", foreign);
        }
    }

    @Test
    void saysWhichToolRefusedWhat() {
        assertThatThrownBy(() -> Tool.run("ip", "netns", "delete", "tandem-test-absent"))
                .isInstanceOf(TestbedException.class)
                .hasMessageContaining("ip netns delete tandem-test-absent")
                .hasMessageContaining("ended with code");
        assertThatThrownBy(() -> Tool.run("tandem-test-no-such-tool"))
                .isInstanceOf(TestbedException.class)
                .hasMessageContaining("cannot be run");
    }

    private static List<String> filters(LinkedNamespaces link) {
        return List.of(
                inside(link.first(), "tc", "qdisc", "show", "dev", "link0"),
                inside(link.second(), "tc", "qdisc", "show", "dev", "link0"));
    }

    private static List<String> own() {
        return Namespaces.existing().stream()
                .filter(name -> OwnedName.parse(name)
                        .filter(parsed ->
                                parsed.pid() == ProcessHandle.current().pid())
                        .isPresent())
                .toList();
    }

    private static String inside(LinkedNamespaces.End end, String... command) {
        return Tool.run(end.inside(List.of(command)).toArray(String[]::new));
    }
}
