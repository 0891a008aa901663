package dev.tandem.actors.client;

import dev.tandem.actors.gateway.GatewayActor;
import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.RequestPort;
import dev.tandem.actors.node.GatewayMember;
import dev.tandem.actors.node.MemberNode;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceSource;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.TandemSettings;
import dev.tandem.inference.graph.GraphJson;
import dev.tandem.inference.onnx.ModelPackage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;

/**
 * A process's seat in the cluster: a gateway of its own, through which it deploys a model and asks it.
 *
 * <p>Thread-safe. Requests may be made from any thread, many at a time.
 */
public final class ClusterSession implements AutoCloseable {

    /** Time that an answer of the supervisor or the gateway may take beyond what was asked for. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static final Duration AGAIN = Duration.ofSeconds(2);

    /** For what copies frames into place. */
    private static final Props DATA = DispatcherSelector.fromConfig("tandem-dispatchers.data");

    private static final Duration BEFORE_ROLLOUT = Duration.ofMinutes(1);

    private static final Duration LEAVING = Duration.ofSeconds(10);

    private final GatewayMember member;
    private final ActorRef<DataMessage> gateway;
    private final ActorRef<PieceSource.Command> source;
    private final PackageCatalog catalog = new PackageCatalog();
    private final boolean ownsMember;
    private volatile @Nullable ActorRef<DataMessage> port;

    private ClusterSession(GatewayMember member, boolean ownsMember) {
        this.member = member;
        this.ownsMember = ownsMember;
        GatewayActor.Limits limits = gatewayLimits(member.settings().current());
        this.gateway = member.spawn(
                GatewayActor.create(
                        limits,
                        new GatewayActor.Seat(member.name(), member.probe(), member.supervisor(), member.tethers())),
                GatewayActor.NAME,
                DATA);
        this.source = member.spawn(PieceSource.create(catalog), "pieces", DispatcherSelector.blocking());
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
                settings.gateway().requestBytes(),
                Math.toIntExact(settings.transport().frameBytes()),
                settings.gateway().requestTimeout());
    }

    /** The settings have been read again. */
    private void rebound(TandemSettings settings) {
        gateway.tell(new GatewayActor.Bound(gatewayLimits(settings)));
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

    /** Completes when the member has left the cluster, for whatever reason. */
    public CompletionStage<Void> terminated() {
        return member.terminated();
    }

    /**
     * Lets applications elsewhere in the cluster ask what this session serves, from now on; see {@link TandemClient}. To be
     * called once, before {@link #deploy}.
     */
    public void admitClients() {
        RequestPort.Place place = new RequestPort.Place(gateway, member.name(), member.tether());
        RequestPort.Limits limits = portLimits(member.settings().current());
        port = member.spawn(RequestPort.create(limits, place), RequestPort.NAME, DATA);
    }

    /**
     * Waits until the supervisor knows so many measured nodes.
     *
     * @throws TimeoutException when there are fewer after that time
     */
    public ClusterView awaitNodes(int count, Duration timeout) throws TimeoutException, InterruptedException {
        return get(
                enoughNodes(count, System.nanoTime() + timeout.toNanos()),
                timeout.plus(SLACK),
                "the supervisor knows fewer than " + count + " measured nodes, or did not answer");
    }

    /** Asks again and again: a question is lost with the supervisor that it was sent to. */
    private CompletionStage<ClusterView> enoughNodes(int count, long endNanos) {
        Duration left = Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
        return this.<SupervisorMessages.Command, ClusterView>ask(
                        member.supervisor(),
                        replyTo -> new SupervisorMessages.AwaitNodes(count, replyTo),
                        left.compareTo(AGAIN) < 0 ? left : AGAIN)
                .exceptionallyCompose(failure -> System.nanoTime() < endNanos
                        ? enoughNodes(count, endNanos)
                        : CompletableFuture.failedFuture(failure));
    }

    /**
     * How long an order may take, by this member's settings: a rollout as long as the supervisor allows it, and a minute for
     * planning and for the orders before it.
     */
    public Duration patience() {
        return member.settings().current().supervisor().rolloutTimeout().plus(BEFORE_ROLLOUT);
    }

    /**
     * Offers a model to the cluster, has it divided as ordered, and returns when requests are served. What served this
     * session before is replaced without a break.
     *
     * @param profile measured times per layer
     * @throws PlanRefusedException when no plan fits
     * @throws RolloutFailedException when a plan could not be put in place, or not in time; it will not be later
     * @throws TimeoutException when the supervisor did not answer in time
     */
    public Deployment deploy(ModelPackage model, ReferenceProfile profile, DeployOrder order, Duration timeout)
            throws TimeoutException, InterruptedException {
        catalog.add(model);
        ModelOffer offer = new ModelOffer(
                manifest(model), new String(GraphJson.write(model.graph()), StandardCharsets.UTF_8), profile, source);
        SupervisorMessages.GatewayRef here = new SupervisorMessages.GatewayRef(member.name(), gateway, member.probe());
        String id = UUID.randomUUID().toString();
        CompletableFuture<DeployReply> answer = new CompletableFuture<>();
        OrderKeeper.Order asked =
                (left, replyTo) -> new SupervisorMessages.Deploy(id, offer, order, here, left, replyTo);
        ActorRef<OrderKeeper.Event> keeper = member.spawn(
                OrderKeeper.create(member.supervisor(), asked, OrderKeeper.AGAIN, timeout, timeout.plus(SLACK), answer),
                "order-" + id,
                Props.empty());
        DeployReply reply;
        try {
            reply = get(
                    answer, timeout.plus(SLACK).plus(SLACK), "the supervisor did not say what has become of the plan");
        } finally {
            keeper.tell(OrderKeeper.Stop.STOP);
        }
        if (reply instanceof DeployReply.PlanRefused refused) {
            throw new PlanRefusedException(refused.reason());
        } else if (reply instanceof DeployReply.RolloutFailed failed) {
            throw new RolloutFailedException(failed.reason());
        }
        DeployReply.Deployed deployed = (DeployReply.Deployed) reply;
        ActorRef<DataMessage> admitting = port;
        if (admitting != null) {
            admitting.tell(new RequestPort.Serve(List.of(model.graph().name())));
        }
        return new Deployment(deployed.epoch(), model.graph(), deployed.plan());
    }

    private static ModelManifest manifest(ModelPackage model) {
        List<ModelPackage.Piece> pieces = model.pieces();
        return new ModelManifest(
                model.graph().name(), model.digest(), reference(pieces.get(0)), reference(pieces.get(1)));
    }

    private static PieceRef reference(ModelPackage.Piece piece) {
        return new PieceRef(piece.sha256(), piece.bytes());
    }

    /** Asks the model that is served; the reply comes by the deadline, one way or the other. */
    public CompletionStage<InferenceReply> infer(List<Tensor> inputs, Duration deadline) {
        long deadlineEpochMillis = System.currentTimeMillis() + deadline.toMillis();
        RequestId request = RequestId.random();
        return ask(
                gateway,
                replyTo -> new GatewayMessages.Infer(request, inputs, deadlineEpochMillis, replyTo),
                deadline.plus(SLACK));
    }

    /** What the gateway and the shards have done so far. */
    public CompletionStage<GatewayMessages.Stats> stats() {
        return ask(gateway, GatewayMessages.Describe::new, SLACK);
    }

    /** Frees what serves this session, leaves the cluster unless on a node, and returns when both are done. */
    @Override
    public void close() {
        try {
            CompletionStage<SupervisorMessages.Undeployed> undeployed =
                    ask(member.supervisor(), replyTo -> new SupervisorMessages.Undeploy(gateway, replyTo), SLACK);
            get(undeployed, SLACK.plus(SLACK), "the supervisor did not answer");
        } catch (TimeoutException e) {
            member.log().warn("the supervisor did not confirm that the model was withdrawn: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (ownsMember) {
                member.stop(LEAVING);
            }
        }
    }

    private <Q, A> CompletionStage<A> ask(
            ActorRef<Q> target, Function<ActorRef<A>, ? extends Q> question, Duration timeout) {
        return AskPattern.ask(target, question::apply, timeout, member.system().scheduler());
    }

    /** @param what has not come about when there is no answer, in words */
    private static <T> T get(CompletionStage<T> stage, Duration timeout, String what)
            throws TimeoutException, InterruptedException {
        try {
            return stage.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException late) {
                TimeoutException silent = new TimeoutException(
                        what + " within " + timeout.toSeconds() + " s. Maybe a node was lost; see 'tandem status'.");
                silent.initCause(late);
                throw silent;
            }
            throw new CompletionException(e.getCause());
        }
    }
}
