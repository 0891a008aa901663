package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.node.BuildVersion;
import dev.tandem.actors.node.MemberNode;
import dev.tandem.actors.node.MemberStartException;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Visits to a node with its real transport; the visitor is in this process, too. */
class ClusterVisitIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void seesTheClusterWithoutBecomingAMember() throws Exception {
        MemberNode node = MemberNode.start(settings("[]"), BuildVersion.text());
        try (ClusterVisit visit = ClusterVisit.begin(settings("[\"127.0.0.1:1\", \"" + node.address() + "\"]"))) {
            node.registered().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            ClusterStatus status = visit.status(PATIENCE);

            assertThat(status.members()).singleElement().satisfies(member -> {
                assertThat(member.name()).isEqualTo(node.name());
                assertThat(member.hostsSupervisor()).isTrue();
            });
            assertThat(status.nodes()).singleElement().satisfies(report -> {
                assertThat(report.node().id()).isEqualTo(node.name());
                assertThat(report.node().power()).isEqualTo(new NodePower(1.5, 0.5, 0.25));
                assertThat(report.node().coreGroups()).singleElement().satisfies(group -> assertThat(group.power())
                        .contains(new Power(0, 4)));
            });
            assertThat(visit.reload(PATIENCE).members()).singleElement().satisfies(member -> assertThat(member.member())
                    .isEqualTo(node.name()));
        } finally {
            node.stop().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void refusesAClusterOfAnotherVersionAndNamesBoth() throws Exception {
        MemberNode node = MemberNode.start(settings("[]"), "99.0");
        try (ClusterVisit visit = ClusterVisit.begin(settings("[\"" + node.address() + "\"]"))) {
            assertThatThrownBy(() -> visit.status(PATIENCE))
                    .isInstanceOf(MemberStartException.class)
                    .hasMessageContaining("runs version 99.0 of Tandem and this is " + BuildVersion.text());
        } finally {
            node.stop().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private LoadedSettings settings(String seeds) {
        return SettingsLoader.load(
                Optional.empty(),
                ConfigFactory.parseString(
                        """
                        tandem.network.seeds = %s
                        tandem.node {
                          data-directory = "%s"
                          core-groups = [ { name = cpu, cpus = [0], power { idle = 0W, busy = 4W } } ]
                          power { idle = 1.5W, send = 500mW, receive = 250mW }
                        }
                        """
                                .formatted(seeds, directory)));
    }
}
