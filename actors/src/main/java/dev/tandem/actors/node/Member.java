package dev.tandem.actors.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.settings.SettingsKeeper;
import dev.tandem.actors.supervisor.PlanPolicy;
import dev.tandem.actors.supervisor.Supervisor;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.FrameLoss;
import dev.tandem.actors.transport.Route;
import dev.tandem.actors.transport.TransportSettings;
import dev.tandem.config.HostPort;
import dev.tandem.config.LiveSettings;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.NetworkSettings;
import dev.tandem.config.TandemSettings;
import dev.tandem.core.cost.RuntimeCosts;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * A member of the cluster: its actor system, joined, and the supervisor wherever it is.
 *
 * <p>Thread-safe. Whoever starts a member stops it.
 */
public final class Member {

    /** Role of members that host core groups, and may host the supervisor. */
    public static final String NODE_ROLE = "node";

    /** Role of members that take requests and host no core groups. */
    public static final String GATEWAY_ROLE = "gateway";

    /** Role of members that only ask. */
    public static final String CLIENT_ROLE = "client";

    static final String SYSTEM_NAME = "tandem";

    /** In the data directory of the node that has the supervisor. */
    static final String DECISIONS = "decisions.jsonl";

    /** Members register and announce twice a second; some more for the way to the new supervisor to be found. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    /** Two reports of a shard lie in it. */
    private static final Duration WATCHING = Duration.ofMillis(500);

    /**
     * From when a lost supervisor's member has been removed. Where the other one lives after all it is on the other side of a
     * partition, and mostly reaches no member that this one reaches; gateways take newer epochs only.
     */
    private static final Duration REMOVAL_MARGIN = Duration.ofMillis(200);

    private static final Duration SPAWN_TIMEOUT = Duration.ofSeconds(10);
    /** Until the first seed makes a cluster alone. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    private static final Duration ASK_SEEDS_AGAIN = Duration.ofMillis(500);

    private final ActorSystem<SpawnProtocol.Command> system;
    private final NetworkSettings network;
    private final LiveSettings settings;
    private final ActorRef<SupervisorMessages.Command> supervisor;

    private Member(ActorSystem<SpawnProtocol.Command> system, LoadedSettings loaded) {
        this.system = system;
        this.network = loaded.settings().network();
        this.settings = new LiveSettings(loaded);
        this.supervisor = ClusterSingleton.get(system)
                .init(SingletonActor.of(supervisorBehavior(settings), Supervisor.NAME)
                        .withSettings(ClusterSingletonSettings.create(system)
                                .withRole(NODE_ROLE)
                                .withRemovalMargin(REMOVAL_MARGIN)));
        spawn(FrameLoss.create(this::report), "frame-loss", Props.empty());
    }

    private void report(FrameLoss.Lost lost) {
        String reason = "a frame to " + lost.recipient() + " was lost: " + lost.reason();
        Route route = lost.header().route();
        supervisor.tell(new SupervisorMessages.FramesLost(route.epoch(), route.lane(), reason));
    }

    /**
     * Starts an actor system; it listens when this returns, and has not joined yet.
     *
     * @param version of Tandem; members of other versions are refused
     * @throws MemberStartException when the port is taken or the host name is not this machine's
     */
    static Member start(LoadedSettings loaded, String role, String version) {
        NetworkSettings network = loaded.settings().network();
        Config config =
                TransportSettings.system(overrides(network, role, version).withFallback(loaded.config()));
        ActorSystem<SpawnProtocol.Command> system;
        try {
            system = ActorSystem.create(SpawnProtocol.create(), SYSTEM_NAME, config);
        } catch (RuntimeException e) {
            throw startFailure(network, e);
        }
        try {
            return new Member(system, loaded);
        } catch (RuntimeException e) {
            system.terminate();
            throw startFailure(network, e);
        }
    }

    static Config overrides(NetworkSettings network, String role, String version) {
        Map<String, Object> values = new HashMap<>();
        values.put("pekko.remote.artery.canonical.hostname", network.host());
        values.put("pekko.remote.artery.canonical.port", network.port());
        values.put("pekko.remote.artery.bind.hostname", network.bindHost());
        values.put("pekko.cluster.roles", List.of(role));
        values.put(
                "pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes",
                network.joinTimeout().toMillis() + " ms");
        // The first seed waits so long for others before it makes a cluster alone; all others ask again after it.
        Duration wait = isFirstSeed(network) ? waitOfFirstSeed(network.joinTimeout()) : ASK_SEEDS_AGAIN;
        values.put("pekko.cluster.seed-node-timeout", wait.toMillis() + " ms");
        values.put(VersionCheck.VERSION_KEY, version);
        values.put(VersionCheck.ID_KEY, UUID.randomUUID().toString());
        return ConfigFactory.parseMap(values, "tandem.network");
    }

    private static Duration waitOfFirstSeed(Duration joinTimeout) {
        Duration half = joinTimeout.dividedBy(2);
        return half.compareTo(LONGEST_WAIT) < 0 ? half : LONGEST_WAIT;
    }

    private static boolean isFirstSeed(NetworkSettings network) {
        return network.seeds().stream()
                .limit(1)
                .anyMatch(seed -> seed.host().equals(network.host()) && seed.port() == network.port());
    }

    static RuntimeException startFailure(NetworkSettings network, RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return new MemberStartException(
                        "cannot listen on " + network.bindHost() + " port " + network.port() + ": " + cause.getMessage()
                                + ". Maybe another member runs there; choose another port with --port, 0 for any.",
                        failure);
            }
        }
        return new MemberStartException("cannot start a member: " + failure.getMessage(), failure);
    }

    private static Behavior<SupervisorMessages.Command> supervisorBehavior(LiveSettings live) {
        TandemSettings settings = live.current();
        Supervisor.Limits limits = new Supervisor.Limits(
                settings.supervisor().rolloutTimeout(),
                settings.supervisor().drainTimeout(),
                SETTLING,
                settings.transport().window(),
                RuntimeCosts.measured(
                        settings.transport().frameBytes(), settings.transport().window()),
                WATCHING);
        return Behaviors.supervise(Supervisor.create(
                        limits, () -> PlanPolicy.of(live.current().cluster()), decisions(settings)))
                .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2));
    }

    private static Optional<Path> decisions(TandemSettings settings) {
        return settings.cluster().rebalance().record()
                ? Optional.of(settings.node().dataDirectory().resolve(DECISIONS))
                : Optional.empty();
    }

    ActorSystem<SpawnProtocol.Command> system() {
        return system;
    }

    /** The supervisor, or who passes messages on to it. */
    public ActorRef<SupervisorMessages.Command> supervisor() {
        return supervisor;
    }

    /** The member's settings as they are now. */
    LiveSettings settings() {
        return settings;
    }

    /** From now on settings can be read again. */
    void keepSettings(String name, boolean isNode) {
        spawn(
                SettingsKeeper.create(new SettingsKeeper.Owner(name, isNode), settings, supervisor),
                SettingsKeeper.NAME,
                DispatcherSelector.blocking());
    }

    /** Host and port under which others know this member. */
    public HostPort address() {
        Address address = Cluster.get(system).selfMember().address();
        return new HostPort(address.getHost().orElseThrow(), address.getPort().orElseThrow());
    }

    /** Makes an actor directly under the guardian. */
    public <T> ActorRef<T> spawn(Behavior<T> behavior, String name, Props props) {
        CompletionStage<ActorRef<T>> spawned = AskPattern.ask(
                system,
                replyTo -> new SpawnProtocol.Spawn<>(behavior, name, props, replyTo),
                SPAWN_TIMEOUT,
                system.scheduler());
        return spawned.toCompletableFuture().join();
    }

    /**
     * Joins the cluster of the seeds, or makes a new one when there are none, or when this is the first seed and no other
     * answers for 15 s, or half of the time that it has to join.
     *
     * @throws MemberStartException when no seed answers in time, or the cluster refuses this member
     */
    void join(List<HostPort> seeds) {
        VersionCheck.joins(id());
        CompletableFuture<SelfUp> up = new CompletableFuture<>();
        spawn(whenUp(up), "up", Props.empty());
        system.getWhenTerminated().thenRun(() -> up.cancel(false));
        List<HostPort> asked = isFirstSeed(network) ? SeedCheck.worthWaitingFor(seeds, seeds.get(0)) : seeds;
        List<Address> addresses = asked.stream()
                .map(seed -> AddressFromURIString.parse("pekko://" + SYSTEM_NAME + "@" + seed))
                .toList();
        Cluster.get(system)
                .manager()
                .tell(new JoinSeedNodes(scala.jdk.javaapi.CollectionConverters.asScala(
                                addresses.isEmpty()
                                        ? List.of(
                                                Cluster.get(system).selfMember().address())
                                        : addresses)
                        .toSeq()));
        await(up, seeds);
    }

    private void await(CompletableFuture<SelfUp> up, List<HostPort> seeds) {
        try {
            up.get(network.joinTimeout().plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
            VersionCheck.ended(id());
        } catch (TimeoutException | CancellationException | ExecutionException e) {
            stop();
            throw notJoined(seeds, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
            throw new MemberStartException("interrupted while joining " + seeds, e);
        }
    }

    private MemberStartException notJoined(List<HostPort> seeds, Exception cause) {
        Optional<String> refusal = VersionCheck.ended(id());
        return new MemberStartException(
                refusal.map(reason -> "the cluster of " + seeds + " cannot be joined: " + reason)
                        .orElse("no seed of " + seeds + " let this member in within "
                                + network.joinTimeout().toMillis()
                                + " ms. Maybe start the first seed, or check host, port and firewall."),
                cause);
    }

    private String id() {
        return system.settings().config().getString(VersionCheck.ID_KEY);
    }

    private static Behavior<SelfUp> whenUp(CompletableFuture<SelfUp> up) {
        return Behaviors.setup(context -> {
            Cluster.get(context.getSystem()).subscriptions().tell(Subscribe.create(context.getSelf(), SelfUp.class));
            return Behaviors.receive(SelfUp.class)
                    .onMessage(SelfUp.class, event -> {
                        up.complete(event);
                        return Behaviors.stopped();
                    })
                    .build();
        });
    }

    /** What is to be done before the member leaves because it was asked to: the cluster waits for it to complete. */
    void beforeLeaving(Supplier<CompletionStage<?>> work) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "free-node", () -> {
            boolean isAsked = shutdown.getShutdownReason()
                    .filter(CoordinatedShutdown.jvmExitReason()::equals)
                    .isPresent();
            return isAsked
                    ? work.get().thenApply(done -> Done.getInstance())
                    : CompletableFuture.completedFuture(Done.getInstance());
        });
    }

    /** Completes when the actor system is gone, for whatever reason. */
    public CompletionStage<Void> terminated() {
        return system.getWhenTerminated().thenAccept(done -> {});
    }

    /** Leaves the cluster and frees everything; completes when that is done. */
    public CompletionStage<Void> stop() {
        return CoordinatedShutdown.get(system)
                .runAll(CoordinatedShutdown.jvmExitReason())
                .thenAccept(done -> {});
    }
}
