package dev.tandem.actors.client;

import dev.tandem.actors.gateway.GatewayActor;
import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.RequestPort;
import dev.tandem.actors.node.GatewayMember;
import dev.tandem.actors.node.MemberNode;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceSource;
import dev.tandem.config.LiveSettings;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.TandemSettings;
import dev.tandem.inference.onnx.ModelPackage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;

/**
 * A process's seat in the cluster: gateways of its own, through which it deploys models and asks them. Most processes have
 * one model, and so one gateway, which the session itself stands for.
 *
 * <p>Thread-safe. Requests may be made from any thread, many at a time.
 */
public final class ClusterSession implements AutoCloseable {

    private static final Duration AGAIN = Duration.ofSeconds(2);

    /** For what copies frames into place. */
    private static final Props DATA = DispatcherSelector.fromConfig("tandem-dispatchers.data");

    private static final Duration BEFORE_ROLLOUT = Duration.ofMinutes(1);

    private static final Duration LEAVING = Duration.ofSeconds(10);

    private final GatewayMember member;
    private final boolean ownsMember;
    private final SessionGateway.Shared shared;
    private final Set<SessionGateway> gateways = ConcurrentHashMap.newKeySet();
    private final AtomicInteger opened = new AtomicInteger();
    private @Nullable SessionGateway first;
    private volatile @Nullable ActorRef<DataMessage> port;

    private ClusterSession(GatewayMember member, boolean ownsMember) {
        this.member = member;
        this.ownsMember = ownsMember;
        PackageCatalog catalog = new PackageCatalog();
        ActorRef<PieceSource.Command> source =
                member.spawn(PieceSource.create(catalog), "pieces", DispatcherSelector.blocking());
        this.shared = new SessionGateway.Shared(member, catalog, source, () -> Optional.ofNullable(port));
        member.settings().onChange(this::rebound);
    }

    private static GatewayActor.Limits gatewayLimits(TandemSettings settings) {
        return new GatewayActor.Limits(
                settings.gateway().queueCapacity(),
                settings.gateway().maxInFlight(),
                Math.toIntExact(settings.transport().frameBytes()));
    }

    private static RequestPort.Limits portLimits(TandemSettings settings) {
        return new RequestPort.Limits(
                settings.gateway().requestBytes(), settings.gateway().requestTimeout(), gatewayLimits(settings));
    }

    /** The settings have been read again. */
    private void rebound(TandemSettings settings) {
        synchronized (gateways) {
            gateways.forEach(gateway -> gateway.bound(gatewayLimits(settings)));
        }
        ActorRef<DataMessage> admitting = port;
        if (admitting != null) {
            admitting.tell(new RequestPort.Bound(portLimits(settings)));
        }
    }

    /**
     * Joins the cluster of the configured seeds; returns when this process is a member.
     *
     * @param version of Tandem, the same as the nodes'
     * @throws dev.tandem.actors.node.MemberStartException when it cannot listen or join
     */
    public static ClusterSession join(LoadedSettings loaded, String version) {
        GatewayMember member = GatewayMember.start(loaded, version);
        try {
            return new ClusterSession(member, true);
        } catch (RuntimeException e) {
            member.stop(LEAVING);
            throw e;
        }
    }

    /**
     * A seat on a node of this process, which saves the way of the input to the first shard where that is on the node. At
     * most one per node; the node is not stopped with it.
     */
    public static ClusterSession on(MemberNode node) {
        return new ClusterSession(node.asGateway(), false);
    }

    /** Name of the member, as nodes and applications know it. */
    public String name() {
        return member.name();
    }

    /** The member's settings as they are now. */
    public LiveSettings settings() {
        return member.settings();
    }

    /** Completes when the member has left the cluster, for whatever reason. */
    public CompletionStage<Void> terminated() {
        return member.terminated();
    }

    /**
     * Lets applications elsewhere in the cluster ask what this session serves, from now on; see {@link TandemClient}. To be
     * called once, before anything is deployed.
     */
    public void admitClients() {
        RequestPort.Place place = new RequestPort.Place(member.name(), member.tether());
        RequestPort.Limits limits = portLimits(member.settings().current());
        port = member.spawn(RequestPort.create(limits, place), RequestPort.NAME, DATA);
    }

    /** Another gateway of this process, for another model. */
    public SessionGateway openGateway() {
        int number = opened.incrementAndGet();
        ActorRef<DataMessage> actor = member.spawn(
                GatewayActor.create(
                        gatewayLimits(member.settings().current()),
                        new GatewayActor.Seat(member.name(), member.probe(), member.supervisor(), member.tethers())),
                number == 1 ? GatewayActor.NAME : GatewayActor.ANOTHER + number,
                DATA);
        SessionGateway gateway = new SessionGateway(shared, actor);
        add(gateway);
        return gateway;
    }

    /** Bounds that have changed since its actor was made have been told to the others only. */
    private void add(SessionGateway gateway) {
        synchronized (gateways) {
            gateways.add(gateway);
            gateway.bound(gatewayLimits(member.settings().current()));
        }
    }

    /**
     * Withdraws what a gateway serves, and ends it: takes no more requests of applications, lets those that were taken be
     * answered for as long as an old plan may drain, and frees what serves them. Returns when all of that is done.
     */
    public void close(SessionGateway gateway) throws InterruptedException {
        if (gateways.remove(gateway)) {
            gateway.close(member.settings().current().supervisor().drainTimeout());
        }
    }

    /** The gateway of a session that has one. */
    private synchronized SessionGateway first() {
        if (first == null) {
            first = openGateway();
        }
        return first;
    }

    /**
     * Waits until the supervisor knows so many measured nodes.
     *
     * @throws TimeoutException when there are fewer after that time
     */
    public ClusterView awaitNodes(int count, Duration timeout) throws TimeoutException, InterruptedException {
        return Answers.get(
                enoughNodes(count, System.nanoTime() + timeout.toNanos()),
                timeout.plus(Answers.SLACK),
                "the supervisor knows fewer than " + count + " measured nodes, or did not answer");
    }

    /** Asks again and again, as long as nobody says anything: a question is lost with the supervisor that it was sent to. */
    private CompletionStage<ClusterView> enoughNodes(int count, long endNanos) {
        long begin = System.nanoTime();
        long nanos = Math.max(1, Math.min(AGAIN.toNanos(), endNanos - begin));
        CompletionStage<ClusterView> enough = AskPattern.ask(
                member.supervisor(),
                replyTo -> new SupervisorMessages.AwaitNodes(count, replyTo),
                Duration.ofNanos(nanos),
                member.system().scheduler());
        return enough.exceptionallyCompose(failure -> {
            long now = System.nanoTime();
            return now < endNanos && now - begin >= nanos
                    ? enoughNodes(count, endNanos)
                    : CompletableFuture.failedFuture(failure);
        });
    }

    /**
     * How long an order may take, by this member's settings: a rollout as long as the supervisor allows it, and a minute for
     * planning and for the orders before it.
     */
    public Duration patience() {
        return member.settings().current().supervisor().rolloutTimeout().plus(BEFORE_ROLLOUT);
    }

    /** As {@link SessionGateway#deploy}, through the one gateway of this session. */
    public Deployment deploy(ModelPackage model, ReferenceProfile profile, DeployOrder order, Duration timeout)
            throws TimeoutException, InterruptedException {
        return first().deploy(model, profile, order, timeout);
    }

    /** Asks the model that is served; the reply comes by the deadline, one way or the other. */
    public CompletionStage<InferenceReply> infer(List<Tensor> inputs, Duration deadline) {
        return first().infer(inputs, deadline);
    }

    /** What the gateway and the shards have done so far. */
    public CompletionStage<GatewayMessages.Stats> stats() {
        return first().stats();
    }

    /** Frees what serves this session, leaves the cluster unless on a node, and returns when both are done. */
    @Override
    public void close() {
        try {
            List<CompletionStage<SupervisorMessages.Undeployed>> undeployed = new ArrayList<>();
            gateways.forEach(gateway -> undeployed.add(gateway.undeploy()));
            for (CompletionStage<SupervisorMessages.Undeployed> answer : undeployed) {
                SessionGateway.awaitUndeployed(answer, member);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (ownsMember) {
                member.stop(LEAVING);
            }
        }
    }
}
