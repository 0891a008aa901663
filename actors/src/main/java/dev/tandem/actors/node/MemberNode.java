package dev.tandem.actors.node;

import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.Tethers;
import dev.tandem.config.CoreGroupSettings;
import dev.tandem.config.HostPort;
import dev.tandem.config.LiveSettings;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.NodePowerSettings;
import dev.tandem.config.PrepackMode;
import dev.tandem.config.SupervisorSettings;
import dev.tandem.config.TandemSettings;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.inference.runtime.ControlGroups;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.SessionSettings.Prepack;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;

/** A running node: a member that hosts core groups. Thread-safe. */
public final class MemberNode {

    private static final Duration REGISTRATION_POLL = Duration.ofMillis(200);

    private final Member member;
    private final TetherHub tethers;
    private final ActorRef<LinkProbe.Command> probe;
    private final String name;

    private MemberNode(Member member, TetherHub tethers, ActorRef<LinkProbe.Command> probe, String name) {
        this.member = member;
        this.tethers = tethers;
        this.probe = probe;
        this.name = name;
    }

    /**
     * Starts a node, joins the cluster of the configured seeds, and returns when it is a member. It is measured and
     * registered with the supervisor shortly afterwards.
     *
     * @param version of Tandem
     * @throws MemberStartException when a core group is not as the settings ask for, or it cannot listen or join
     */
    public static MemberNode start(LoadedSettings loaded, String version) {
        List<OfferedGroup> groups = OfferedGroups.of(loaded.settings());
        requireControlGroups(groups);
        DirectoryLock lock = DirectoryLock.take(loaded.settings().node().dataDirectory());
        try {
            MemberNode node = startLocked(loaded, version, groups);
            node.terminated().whenComplete((done, failure) -> lock.close());
            return node;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void requireControlGroups(List<OfferedGroup> groups) {
        groups.stream()
                .flatMap(group -> ControlGroups.problem(group.spec()).stream())
                .findFirst()
                .ifPresent(problem -> {
                    throw new MemberStartException(problem, null);
                });
    }

    private static MemberNode startLocked(LoadedSettings loaded, String version, List<OfferedGroup> groups) {
        TandemSettings settings = loaded.settings();
        Member member = Member.start(loaded, Member.NODE_ROLE, version);
        String name = settings.node().name().isEmpty()
                ? member.address().host() + "-" + member.address().port()
                : settings.node().name();
        Tethers.Identity identity = new Tethers.Identity(Member.SYSTEM_NAME, version, name);
        TetherHub tethers = TetherHub.open(identity, settings.network(), member);
        try {
            NodeSetup setup = setup(settings, groups, identity, member);
            member.join(settings.network().seeds());
            ActorRef<LinkProbe.Command> probe = member.spawn(LinkProbe.create(), LinkProbe.NAME, Props.empty());
            member.keepSettings(name, true);
            CrashCheck.watch(member, tethers);
            member.spawn(Door.create(version, member.supervisor()), Door.NAME, Props.empty());
            ActorRef<NodeMessages.Message> agent =
                    member.spawn(NodeAgent.create(setup, probe, tethers), NodeAgent.NAME, Props.empty());
            member.beforeLeaving(() -> free(member, agent, settings.supervisor()));
            return new MemberNode(member, tethers, probe, name);
        } catch (RuntimeException e) {
            tethers.close();
            member.stop();
            throw e;
        }
    }

    private static NodeSetup setup(
            TandemSettings settings, List<OfferedGroup> groups, Tethers.Identity identity, Member member) {
        return new NodeSetup(
                identity.node(),
                identity.version(),
                settings.node().memory().bytesOr(MachineMemory::usableBytes),
                groups,
                power(settings.node().coreGroups()),
                power(settings.node().power()),
                settings.node().dataDirectory().resolve("pieces"),
                Math.toIntExact(settings.transport().frameBytes()),
                Math.toIntExact(settings.transport().weightChunkBytes()),
                settings.runtime().intraOpSpinning(),
                prepack(settings.runtime().prepack()),
                member.supervisor());
    }

    /** Completes when what serves on this node has been moved, or cannot be; never with a failure. */
    private static CompletionStage<?> free(
            Member member, ActorRef<NodeMessages.Message> agent, SupervisorSettings patience) {
        return AskPattern.ask(
                        agent,
                        NodeAgent.Leave::new,
                        patience.rolloutTimeout().plus(patience.drainTimeout()),
                        member.system().scheduler())
                .handle((free, failure) -> free);
    }

    /** Groups that the node finds by itself have none. */
    private static Map<String, Power> power(List<CoreGroupSettings> configured) {
        Map<String, Power> power = new HashMap<>();
        configured.forEach(group -> group.power()
                .ifPresent(watts -> power.put(group.name(), new Power(watts.idleWatts(), watts.busyWatts()))));
        return power;
    }

    private static NodePower power(NodePowerSettings configured) {
        return new NodePower(configured.idleWatts(), configured.sendWatts(), configured.receiveWatts());
    }

    /** How a member with these settings opens models on a core group. */
    public static SessionSettings sessions(TandemSettings settings, CoreGroupSpec group) {
        return SessionSettings.of(group)
                .withSpinning(settings.runtime().intraOpSpinning())
                .withPrepack(prepack(settings.runtime().prepack()));
    }

    private static Prepack prepack(PrepackMode mode) {
        return switch (mode) {
            case AUTO -> Prepack.AUTO;
            case ON -> Prepack.ON;
            case OFF -> Prepack.OFF;
        };
    }

    /** Its settings as they are now. */
    public LiveSettings settings() {
        return member.settings();
    }

    /** Its name in plans. */
    public String name() {
        return name;
    }

    /** Host and port that other members give as a seed. */
    public HostPort address() {
        return member.address();
    }

    /** Completes when the node is measured and the supervisor knows it, so that plans may use it. */
    public CompletionStage<Void> registered() {
        CompletableFuture<Void> registered = new CompletableFuture<>();
        askUntilRegistered(registered);
        return registered;
    }

    private void askUntilRegistered(CompletableFuture<Void> registered) {
        var unused = AskPattern.ask(
                        member.supervisor(),
                        SupervisorMessages.DescribeCluster::new,
                        REGISTRATION_POLL,
                        member.system().scheduler())
                .whenComplete((view, failure) -> onView(view, registered));
    }

    private void onView(@Nullable ClusterView view, CompletableFuture<Void> registered) {
        boolean known = view != null
                && view.nodes().stream().anyMatch(report -> report.node().id().equals(name));
        if (known) {
            registered.complete(null);
        } else if (!terminated().toCompletableFuture().isDone()) {
            CompletableFuture.delayedExecutor(REGISTRATION_POLL.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> askUntilRegistered(registered));
        }
    }

    /** This node as one through which its own process asks; what is asked of a shard on it passes by reference. */
    public GatewayMember asGateway() {
        return new GatewayMember(member, tethers, probe, name);
    }

    /** Completes when the node has stopped, for whatever reason. */
    public CompletionStage<Void> terminated() {
        return member.terminated();
    }

    /** Leaves the cluster and frees everything; completes when that is done. */
    public CompletionStage<Void> stop() {
        return member.stop();
    }
}
