package dev.tandem.actors.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.RequestMessages;
import dev.tandem.actors.node.Door;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.settings.SettingsMessages;
import dev.tandem.actors.shard.ShardFault;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceSource;
import dev.tandem.actors.transport.TransportSettings;
import dev.tandem.config.ClusterSettings;
import dev.tandem.config.PlannerCodec;
import dev.tandem.config.PlannerObjective;
import dev.tandem.config.PlannerScheme;
import dev.tandem.config.PlannerSettings;
import dev.tandem.config.RebalanceSettings;
import dev.tandem.config.SettingScope;
import dev.tandem.config.SettingsChange;
import dev.tandem.config.StandbyMode;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.cost.SegmentCosts;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Energy;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.Carrying;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.core.topology.Processor;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every message that crosses the wire as CBOR arrives as it was sent. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlMessagesTest {

    private final ActorTestKit kit = ActorTestKit.create(
            "messages",
            TransportSettings.system(
                    ConfigFactory.parseString(
                            """
                    pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    tandem-member { version = test, id = test }
                    """)));

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void everyMessageArrivesAsItWasSent() {
        for (ControlMessage message : samples()) {
            kit.serializationTestKit().verifySerialization(message, true);
        }
    }

    @Test
    void everyRemoteMessageHasASample() {
        Set<Class<?>> sampled = samples().stream().map(Object::getClass).collect(Collectors.toSet());
        Stream<Class<?>> protocols = Stream.of(
                NodeMessages.Step.class,
                NodeMessages.Reply.class,
                GatewayMessages.Command.class,
                GatewayMessages.Reply.class,
                DeployReply.class,
                LinkProbe.Measured.class);
        Stream<Class<?>> remote = Stream.concat(
                protocols.flatMap(protocol -> Arrays.stream(protocol.getPermittedSubclasses())),
                Stream.of(SupervisorMessages.class, SettingsMessages.class, Door.class, RequestMessages.class)
                        .flatMap(messages -> Arrays.stream(messages.getDeclaredClasses())));

        assertThat(remote.filter(ControlMessage.class::isAssignableFrom).filter(type -> !type.isInterface()))
                .allSatisfy(type -> assertThat(sampled).contains(type));
    }

    private List<ControlMessage> samples() {
        Stream<ControlMessage> messages = Stream.of(supervisor(), nodes(), gateway(), requests(), transport())
                .flatMap(List::stream);
        return messages.toList();
    }

    private List<ControlMessage> supervisor() {
        NodeReport report = new NodeReport(
                node(),
                "1.0",
                new TetherAddress("127.0.0.1", 4711, 7),
                3,
                4,
                true,
                List.of(new GroupProvider("gpu0", "cpu", "cuda does not work: no library")));
        SupervisorMessages.GatewayRef gateway = new SupervisorMessages.GatewayRef("gateway-a", ref(), ref());
        return List.of(
                new SupervisorMessages.Register(report, ref(), ref(), ref()),
                new SupervisorMessages.PeerLost("a", 7, "silent", "b"),
                new SupervisorMessages.FramesLost(3, 1, "too large"),
                new SupervisorMessages.DescribeCluster(ref()),
                new SupervisorMessages.DescribeStatus(ref()),
                new Door.Knock(ref()),
                new Door.Welcome("1.0"),
                new Door.Question(new SupervisorMessages.DescribeStatus(ref())),
                new Door.Question(new SupervisorMessages.Reload(Optional.empty(), ref())),
                status(report),
                new SupervisorMessages.Reload(Optional.of(ref()), ref()),
                new SupervisorMessages.Reload(Optional.empty(), ref()),
                new ReloadReport(
                        List.of(new ReloadReport.MemberReload("a", "a.conf", true, List.of(change()))),
                        List.of(new ReloadReport.Replanned("m", "gateway-a", 4)),
                        List.of("reason"),
                        List.of("note")),
                new SettingsMessages.Propose(1, ref()),
                new SettingsMessages.Proposal(ref(), "a", true, "a.conf", List.of("x"), List.of(change()), cluster()),
                new SettingsMessages.Adopt(1, ref()),
                new SettingsMessages.Adopted(ref()),
                new SupervisorMessages.AwaitNodes(2, ref()),
                new SupervisorMessages.Deploy(
                        offer(), new DeployOrder(Scheme.ROWS, Objective.LATENCY, 3, 2), gateway, 5000, ref()),
                new SupervisorMessages.Announce(gateway, 7, 8, 6, List.of(5L), false, true),
                new SupervisorMessages.Undeploy(ref(), ref()),
                new SupervisorMessages.Undeployed(4),
                new ClusterView(List.of(report), List.of(new Link("a", "b", 1e8, 1e-4))),
                new DeployReply.Deployed(3, plan()),
                new DeployReply.PlanRefused("no memory"),
                new DeployReply.RolloutFailed("node lost"));
    }

    private static SettingsChange change() {
        return new SettingsChange("tandem.log.level", "info", "debug", SettingScope.MEMBER);
    }

    private static ClusterSettings cluster() {
        return new ClusterSettings(
                new PlannerSettings(
                        PlannerObjective.LATENCY,
                        PlannerScheme.ROWS,
                        3,
                        List.of("a"),
                        Duration.ofMillis(50),
                        2,
                        0.5,
                        PlannerCodec.FLOAT16_LZ4),
                new RebalanceSettings(true, 0.2, Duration.ofMinutes(1), Duration.ofSeconds(5), StandbyMode.WARM, true));
    }

    private ClusterStatus status(NodeReport report) {
        return new ClusterStatus(
                5,
                List.of(new ClusterStatus.MemberStatus(
                        "a", "127.0.0.1:4711", "Up", true, List.of("node"), Optional.of(4L), true, false)),
                List.of(report),
                List.of(new ClusterStatus.SpeedStatus("a", "cpu", 0.5)),
                List.of(
                        new ClusterStatus.GatewayStatus("gateway-a", "m", Optional.of(stats())),
                        new ClusterStatus.GatewayStatus("gateway-b", "", Optional.empty())),
                List.of(new ClusterStatus.EpochStatus(
                        3,
                        "m",
                        "rows",
                        "gateway-a",
                        true,
                        Objective.LATENCY,
                        0.1,
                        10,
                        "it saves little",
                        List.of(new ClusterStatus.ShardPlace(0, 1, 0, 2, 5, "a", "cpu", "whole", 0.1, 100, true)))));
    }

    private static GatewayMessages.Stats stats() {
        return new GatewayMessages.Stats(1, 5, 10, 1, 2, 3, 400, 500, 9, 90, List.of(report()), "no room");
    }

    private static ShardReport report() {
        return new ShardReport(5, 0, new Endpoint(1, 0), new CoreGroupId("a", "cpu"), 10, 1, 99, 55, 1024, 2);
    }

    private List<ControlMessage> nodes() {
        ShardRef shard = new ShardRef(0, new Endpoint(1, 0), ref());
        return List.of(
                new NodeMessages.Prepare(5, plan(), manifest(), ref(), 4, ref()),
                new NodeMessages.Wire(
                        5, List.of(shard), ref(), Map.of("b", new TetherAddress("10.0.0.2", 1, 7)), ref()),
                new NodeMessages.Adopt(5, ref()),
                new NodeMessages.Retire(5, ref()),
                new NodeMessages.Prepared(5, "a", List.of(shard)),
                new NodeMessages.Wired(5, "a"),
                new NodeMessages.Retired(5, "a"),
                new NodeMessages.StepFailed(5, "a", "no weights"),
                new NodeMessages.NameTaken("another"),
                new NodeMessages.MayLeave("no room"),
                NodeMessages.MustWait.MUST_WAIT,
                new LinkProbe.Busy("a", "b"),
                new LinkProbe.Measure("a", "b", ref(), true, Duration.ofSeconds(1), ref()),
                new LinkProbe.Pong(3, true),
                new LinkProbe.Reached(new Link("a", "b", 1e8, 0.001)),
                new LinkProbe.NotReached("a", "b", "silent"));
    }

    private List<ControlMessage> gateway() {
        TensorSpec tensor = new TensorSpec("input", ElementType.FLOAT, List.of(1, 3, 8, 8));
        ShardRef shard = new ShardRef(0, new Endpoint(0, 0), ref());
        Map<String, TetherAddress> tethers = Map.of("a", new TetherAddress("10.0.0.1", 1, 7));
        DeployOrder order = new DeployOrder(Scheme.ROWS, Objective.LATENCY, 3, 2);
        GatewayMessages.Activate activate = new GatewayMessages.Activate(
                5,
                plan(),
                List.of(tensor),
                List.of(tensor),
                List.of(shard),
                tethers,
                4,
                new GatewayMessages.Origin(
                        offer(), order, Map.of("a", ref()), tethers, List.of(new Link("a", "b", 1e8, 0.001))),
                ref());
        return List.of(
                activate,
                new GatewayMessages.Recall(ref()),
                new GatewayMessages.Contingency(4, "a", activate, 5000),
                new GatewayMessages.DropContingency(4),
                new GatewayMessages.Adopt(5, ref()),
                new GatewayMessages.Claim(5, ref()),
                new GatewayMessages.Describe(ref()),
                stats(),
                new GatewayMessages.Claimed(5, true),
                new GatewayMessages.Holdings(
                        new SupervisorMessages.GatewayRef("gateway-a", ref(), ref()),
                        Optional.of(activate),
                        List.of(activate),
                        Optional.of(activate.origin())),
                new GatewayMessages.DropLanes(5, Set.of(0, 2)),
                new GatewayMessages.LanesLost(5, Set.of(1)),
                new GatewayMessages.Abandon(5, "node lost", GatewayMessages.Outlook.ANOTHER_FOLLOWS),
                new GatewayMessages.Activated(5),
                new GatewayMessages.Drained(5),
                new GatewayMessages.Faulty(5, "frame lost"));
    }

    private List<ControlMessage> requests() {
        RequestId request = new RequestId(1, 2);
        List<TensorSpec> tensors = List.of(new TensorSpec("input", ElementType.FLOAT, List.of(1, 4)));
        return List.of(
                new RequestMessages.Greeting(ref()),
                new RequestMessages.Greeted(ref(), "a", new TetherAddress("127.0.0.1", 4711, 7), List.of("m")),
                new RequestMessages.Ask(request, 1, "m", 5000, tensors, ref()),
                new RequestMessages.Accepted(request, 1),
                new RequestMessages.Answered(request, 1, 7, tensors),
                new RequestMessages.Received(request, 1),
                new RequestMessages.Declined(request, 1, ErrorCode.OVERLOADED, "full"));
    }

    private List<ControlMessage> transport() {
        return List.of(
                report(),
                new ShardFault(5, 0, new Endpoint(1, 0), "frame lost"),
                new PieceSource.FetchChunk(3, "a".repeat(64), 0, 1024, ref()));
    }

    private static Node node() {
        CoreGroupId id = new CoreGroupId("a", "cpu");
        Power power = new Power(1.5, 6);
        CoreGroup group = new CoreGroup(id, CoreGroup.Kind.CPU, List.of(0, 1), 2, 1e9, Optional.of(power));
        return new Node("a", 1L << 30, List.of(group), new NodePower(1, 0.5, 0.25))
                .on(new Processor("box", 4, new Carrying(1e-4, 2e-4, 3e-9)));
    }

    private static ModelManifest manifest() {
        return new ModelManifest("m", "d", new PieceRef("a".repeat(64), 100), new PieceRef("b".repeat(64), 200));
    }

    private ModelOffer offer() {
        Profile measured = new Profile(
                new LayerTimes("d", List.of(0.1, 0.2)), List.of(0, 0), new SegmentCosts(1e-5, 1e-9, 2e-9, 1e-5));
        ReferenceProfile profile = new ReferenceProfile(measured, 1e9);
        return new ModelOffer(manifest(), "{}", profile, ref());
    }

    private static Plan plan() {
        Shard shard = new Shard(
                new CoreGroupId("a", "cpu"), Map.of("input", Region.rows(0, 5)), Map.of("output", Region.WHOLE));
        Edge edge = new Edge("input", Endpoint.GATEWAY, new Endpoint(0, 0), Region.rows(0, 5), Codec.FLOAT16_LZ4);
        Lane lane = new Lane(1, "m", List.of(new Stage(new Segment(0, 3), List.of(shard))), List.of(edge));
        PlanScore score = new PlanScore(
                0.1,
                10,
                List.of(new PlanScore.ShardScore(0, new Endpoint(0, 0), 0.1, 100, 10)),
                "compute of a/cpu",
                Optional.of(new Energy(0.5, 0.25)));
        return new Plan("m", "d", "single", List.of(lane), score);
    }

    private <T> ActorRef<T> ref() {
        return kit.<T>createTestProbe().ref();
    }
}
