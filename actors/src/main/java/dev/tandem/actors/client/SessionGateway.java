package dev.tandem.actors.client;

import static dev.tandem.actors.client.Answers.SLACK;

import dev.tandem.actors.gateway.GatewayActor;
import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.RequestPort;
import dev.tandem.actors.node.GatewayMember;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.protocol.ErrorCode;
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
import dev.tandem.inference.graph.GraphJson;
import dev.tandem.inference.onnx.ModelPackage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * A gateway of a {@link ClusterSession}: serves one model at a time, for this process and for applications that the session
 * admits.
 *
 * <p>Thread-safe. Requests may be made from any thread, many at a time; one model is deployed after the other. It ends with
 * its session at the latest.
 */
public final class SessionGateway {

    /**
     * What all gateways of a session have in common.
     *
     * @param port through which applications ask, once they are admitted
     */
    record Shared(
            GatewayMember member,
            PackageCatalog catalog,
            ActorRef<PieceSource.Command> source,
            Supplier<Optional<ActorRef<DataMessage>>> port) {}

    /** Time to say that nothing is under way. */
    private static final Duration SHORTEST = Duration.ofMillis(500);

    private final Shared shared;
    private final GatewayMember member;
    private final ActorRef<DataMessage> gateway;
    private final ActorEnd end;
    private final List<ModelPackage> offered = new ArrayList<>();
    private volatile boolean isClosed;

    SessionGateway(Shared shared, ActorRef<DataMessage> gateway) {
        this.shared = shared;
        this.member = shared.member();
        this.gateway = gateway;
        this.end = ActorEnd.of(gateway, member.system());
    }

    /** Whether it serves nothing any more and never will: it was closed, or its actor has ended by a failure. */
    public boolean hasEnded() {
        return isClosed || end.hasCome();
    }

    /** Has the cluster's status say why this gateway does not serve what it should; empty when it does. */
    public void problem(String reason) {
        gateway.tell(new GatewayActor.Problem(reason));
    }

    void bound(GatewayActor.Limits limits) {
        gateway.tell(new GatewayActor.Bound(limits));
    }

    /**
     * Offers a model to the cluster, has it divided as ordered, and returns when requests are served. What this gateway
     * served before is replaced without a break. The files of what could not be served stay on offer until the next model is
     * served or this gateway is closed: the supervisor may still be putting them in place.
     *
     * @param profile measured times per layer
     * @throws PlanRefusedException when no plan fits
     * @throws RolloutFailedException when a plan could not be put in place, or not in time
     * @throws TimeoutException when the supervisor did not answer in time
     */
    public synchronized Deployment deploy(
            ModelPackage model, ReferenceProfile profile, DeployOrder order, Duration timeout)
            throws TimeoutException, InterruptedException {
        shared.catalog().add(model);
        offered.add(model);
        DeployReply reply = ask(offer(model, profile), order, timeout);
        if (reply instanceof DeployReply.Deployed deployed) {
            takeBack(List.copyOf(offered.subList(0, offered.size() - 1)));
            shared.port()
                    .get()
                    .ifPresent(port ->
                            port.tell(new RequestPort.Serve(model.graph().name(), gateway)));
            return new Deployment(deployed.epoch(), model.graph(), deployed.plan());
        }
        throw reply instanceof DeployReply.PlanRefused refused
                ? new PlanRefusedException(refused.reason())
                : new RolloutFailedException(((DeployReply.RolloutFailed) reply).reason());
    }

    /** One for each time that it was offered. */
    private void takeBack(List<ModelPackage> models) {
        models.forEach(offered::remove);
        models.forEach(shared.catalog()::remove);
    }

    private ModelOffer offer(ModelPackage model, ReferenceProfile profile) {
        String graph = new String(GraphJson.write(model.graph()), StandardCharsets.UTF_8);
        return new ModelOffer(manifest(model), graph, profile, shared.source());
    }

    private static ModelManifest manifest(ModelPackage model) {
        List<ModelPackage.Piece> pieces = model.pieces();
        return new ModelManifest(
                model.graph().name(), model.digest(), reference(pieces.get(0)), reference(pieces.get(1)));
    }

    private static PieceRef reference(ModelPackage.Piece piece) {
        return new PieceRef(piece.sha256(), piece.bytes());
    }

    private DeployReply ask(ModelOffer offer, DeployOrder order, Duration timeout)
            throws TimeoutException, InterruptedException {
        SupervisorMessages.GatewayRef here = new SupervisorMessages.GatewayRef(member.name(), gateway, member.probe());
        String id = UUID.randomUUID().toString();
        CompletableFuture<DeployReply> answer = new CompletableFuture<>();
        OrderKeeper.Order asked =
                (left, replyTo) -> new SupervisorMessages.Deploy(id, offer, order, here, left, replyTo);
        ActorRef<OrderKeeper.Event> keeper = member.spawn(
                OrderKeeper.create(member.supervisor(), asked, OrderKeeper.AGAIN, timeout, timeout.plus(SLACK), answer),
                "order-" + id,
                Props.empty());
        try {
            return Answers.get(
                    answer, timeout.plus(SLACK).plus(SLACK), "the supervisor did not say what has become of the plan");
        } finally {
            keeper.tell(OrderKeeper.Stop.STOP);
        }
    }

    /**
     * Asks the model that is served; the reply comes by the deadline, one way or the other, and at once when this was closed. What
     * depends on it runs on threads of the session, which it must not block.
     */
    public CompletionStage<InferenceReply> infer(List<Tensor> inputs, Duration deadline) {
        long deadlineEpochMillis = System.currentTimeMillis() + deadline.toMillis();
        RequestId request = RequestId.random();
        if (hasEnded()) {
            return CompletableFuture.completedFuture(
                    new InferenceReply.Failed(request, ErrorCode.NOT_SERVING, "the gateway has ended"));
        }
        // What is asked so starts a thread for each answer where there are only one or two CPUs, unless it is told
        // which to use.
        return ask(
                        gateway,
                        (ActorRef<InferenceReply> replyTo) ->
                                new GatewayMessages.Infer(request, inputs, deadlineEpochMillis, replyTo),
                        deadline.plus(SLACK))
                .thenApplyAsync(Function.identity(), member.system().executionContext());
    }

    /** What the gateway and the shards have done so far. */
    public CompletionStage<GatewayMessages.Stats> stats() {
        return ask(gateway, GatewayMessages.Describe::new, SLACK);
    }

    /**
     * Takes no more requests of applications, lets those that were taken be answered, and frees what serves them. Returns when
     * the gateway has ended; applications then hear that the model is not served here.
     *
     * @param patience with requests that are under way; afterwards they fail
     */
    synchronized void close(Duration patience) throws InterruptedException {
        isClosed = true;
        try {
            finish(patience);
            awaitUndeployed(undeploy(), member);
        } finally {
            gateway.tell(GatewayActor.Close.CLOSE);
            takeBack(List.copyOf(offered));
        }
    }

    private void finish(Duration patience) throws InterruptedException {
        Optional<ActorRef<DataMessage>> port = shared.port().get();
        if (port.isEmpty()) {
            return;
        }
        Duration wait = patience.compareTo(SHORTEST) < 0 ? SHORTEST : patience;
        CompletionStage<RequestPort.Withdrawn> withdrawn =
                ask(port.get(), replyTo -> new RequestPort.Withdraw(gateway, replyTo), wait);
        try {
            Answers.get(withdrawn, wait.plus(SLACK), "requests under way were not all answered");
        } catch (TimeoutException e) {
            member.log().warn("a model is withdrawn before its time: {}", e.getMessage());
        }
    }

    CompletionStage<SupervisorMessages.Undeployed> undeploy() {
        return ask(member.supervisor(), replyTo -> new SupervisorMessages.Undeploy(gateway, replyTo), SLACK);
    }

    static void awaitUndeployed(CompletionStage<SupervisorMessages.Undeployed> undeployed, GatewayMember member)
            throws InterruptedException {
        try {
            Answers.get(undeployed, SLACK.plus(SLACK), "the supervisor did not answer");
        } catch (TimeoutException e) {
            member.log().warn("the supervisor did not confirm that the model was withdrawn: {}", e.getMessage());
        }
    }

    private <Q, A> CompletionStage<A> ask(
            ActorRef<Q> target, Function<ActorRef<A>, ? extends Q> question, Duration timeout) {
        return AskPattern.ask(target, question::apply, timeout, member.system().scheduler());
    }
}
