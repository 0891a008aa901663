package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.protocol.ClusterStatus.EpochStatus;
import dev.tandem.actors.protocol.ClusterStatus.GatewayStatus;
import dev.tandem.actors.protocol.ClusterStatus.MemberStatus;
import dev.tandem.actors.protocol.ClusterStatus.ShardPlace;
import dev.tandem.actors.protocol.GroupProvider;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusViewTest {

    private static final CoreGroupId GROUP = new CoreGroupId("big", "cpu");
    private static final long SECOND = 1_000_000_000;

    @Test
    void showsRatesAndSharesOfTheSpanBetweenTwoLooks() {
        StatusView view =
                StatusView.between(status(0, stats(1, 100, 5 * SECOND)), status(2000, stats(1, 160, 6 * SECOND)));

        assertThat(view.spanSeconds()).isEqualTo(2);
        assertThat(view.gateways()).singleElement().satisfies(gateway -> {
            assertThat(gateway.requestsPerSecond()).isEqualTo(30);
            assertThat(gateway.bytesHeld()).isEqualTo(4096);
        });
        assertThat(view.served().get(0).requestsPerSecond()).isEqualTo(30);
        assertThat(view.served().get(0).parts()).singleElement().satisfies(part -> {
            assertThat(part.busyShare()).isEqualTo(0.5);
            assertThat(part.measuredSeconds()).isEqualTo(0.5 / 60);
            assertThat(part.queue()).isEqualTo(3);
        });
        assertThat(view.coreGroups()).singleElement().satisfies(group -> {
            assertThat(group.shards()).isEqualTo(1);
            assertThat(group.busyShare()).isEqualTo(0.5);
            assertThat(group.queue()).isEqualTo(3);
            assertThat(group.speed()).isEqualTo(0.8);
            assertThat(group.kind()).isEqualTo("cpu");
            assertThat(group.provider()).isEqualTo("cpu");
            assertThat(group.problem()).isEqualTo("cuda does not work: no such library");
        });
        assertThat(view.leader()).isEqualTo("big");
        assertThat(view.supervisor()).isEqualTo("big");
    }

    @Test
    void claimsNoRateOfAGatewayThatWasStartedAgain() {
        StatusView view = StatusView.between(status(0, stats(1, 100, SECOND)), status(2000, stats(2, 3, SECOND)));

        assertThat(view.gateways().get(0).requestsPerSecond()).isNull();
        assertThat(view.gateways().get(0).completed()).isEqualTo(3);
    }

    @Test
    void tellsGatewaysOfAProcessApartThatServeNothing() {
        StatusView view = StatusView.between(
                idle(0, stats(1, 100, SECOND), stats(2, 5, SECOND)),
                idle(2000, stats(1, 160, SECOND), stats(2, 5, SECOND)));

        assertThat(view.gateways())
                .extracting(StatusView.GatewayView::requestsPerSecond)
                .containsExactly(30.0, 0.0);
    }

    private static ClusterStatus idle(long takenEpochMillis, Optional<Stats> one, Optional<Stats> other) {
        return new ClusterStatus(
                takenEpochMillis,
                List.of(),
                List.of(),
                List.of(),
                List.of(new GatewayStatus("gateway-a", "", one), new GatewayStatus("gateway-a", "", other)),
                List.of());
    }

    @Test
    void tellsOfAGatewayThatDoesNotAnswer() {
        StatusView view = StatusView.between(status(0, Optional.empty()), status(2000, Optional.empty()));

        assertThat(view.served().get(0).parts().get(0).busyShare()).isNull();
        assertThat(StatusText.lines(view)).anySatisfy(line -> assertThat(line).contains("gateway-a (does not answer)"));
    }

    @Test
    void printsMembersCoreGroupsPlanAndGateways() {
        List<String> lines = StatusText.lines(
                StatusView.between(status(0, stats(1, 100, 5 * SECOND)), status(2000, stats(1, 160, 6 * SECOND))));

        assertThat(lines)
                .contains(
                        "2 members at 1970-01-01T00:00:02Z; leader big, supervisor on big",
                        "big               127.0.0.1:1  up               1970-01-01T00:00:00Z  node",
                        "client-127.0.0.1  127.0.0.1:2  up, unreachable  -                     client",
                        "m, epoch 3 (single, latency), serving through gateway-a: 30.0 requests/s of 20.0 ms, predicted up to 100,"
                                + " 11.0 ms alone",
                        "big/cpu computes on CPUs: cuda does not work: no such library",
                        "Looked at again: it saves less than 15 %.",
                        "gateway-a: no room");
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("0 standby "));
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).matches("big +cpu +cpu +cpu +0,1 +2 +1.00 +80 % +1 +50 % +3"));
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).matches("gateway-a +m +3 +30.0 +0.000 +160 +0 +5 +4.00 KiB"));
    }

    private static ClusterStatus status(long millis, Optional<Stats> stats) {
        CoreGroup group = new CoreGroup(GROUP, CoreGroup.Kind.CPU, List.of(0, 1), 2, 1e9);
        NodeReport node = new NodeReport(
                new Node("big", 1L << 30, List.of(group)),
                "test",
                new TetherAddress("127.0.0.1", 3, 7),
                0,
                1,
                false,
                List.of(new GroupProvider("cpu", "cpu", "cuda does not work: no such library")));
        return new ClusterStatus(
                millis,
                List.of(
                        new MemberStatus(
                                "big", "127.0.0.1:1", "Up", true, List.of("node"), Optional.of(1L), true, true),
                        new MemberStatus(
                                "client-127.0.0.1",
                                "127.0.0.1:2",
                                "Up",
                                false,
                                List.of("client"),
                                Optional.empty(),
                                false,
                                false)),
                List.of(node),
                List.of(new ClusterStatus.SpeedStatus("big", "cpu", 0.8)),
                List.of(new GatewayStatus("gateway-a", "m", stats)),
                List.of(new EpochStatus(
                        3,
                        "m",
                        "single",
                        "gateway-a",
                        true,
                        Objective.LATENCY,
                        0.011,
                        100,
                        "it saves less than 15 %",
                        List.of(new ShardPlace(0, 0, 0, 0, 5, "big", "cpu", "whole", 0.01, 1 << 20, true)))));
    }

    private static Optional<Stats> stats(long started, long completed, long upNanos) {
        ShardReport report = new ShardReport(
                3, 0, new Endpoint(0, 0), GROUP, completed, 0, upNanos, (upNanos - 4 * SECOND) / 2, 0, 3);
        return Optional.of(new Stats(
                started,
                3,
                completed,
                0,
                2,
                3,
                4096,
                0,
                completed,
                completed * SECOND / 50,
                List.of(report),
                "no room"));
    }
}
