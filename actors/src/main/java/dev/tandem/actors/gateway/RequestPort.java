package dev.tandem.actors.gateway;

import dev.tandem.actors.gateway.RequestMessages.Accepted;
import dev.tandem.actors.gateway.RequestMessages.Answered;
import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.gateway.RequestMessages.Declined;
import dev.tandem.actors.gateway.RequestMessages.Greeted;
import dev.tandem.actors.gateway.RequestMessages.Greeting;
import dev.tandem.actors.gateway.RequestMessages.Received;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceAssembler.Broken;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.actors.transport.TensorTransfer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Where the requests of applications elsewhere in the cluster come in: puts their inputs together, passes them to the
 * gateway of the model beside it, and sends the outputs back. See {@link RequestMessages} for what is said.
 *
 * <p>It must be spawned as {@link #NAME} under the guardian: the large-message channel is chosen by that path.
 */
public final class RequestPort extends AbstractBehavior<DataMessage> {

    /** Name under the guardian. */
    public static final String NAME = "requests";

    private static final Duration TICK_INTERVAL = Duration.ofSeconds(1);

    /**
     * Bounds of a port.
     *
     * @param inputBytes that requests may take on the heap until they are answered, and outputs until their clients have them, all
     *     together
     * @param longestDeadline that a request is granted
     * @param gateway bounds of each gateway beside it
     */
    public record Limits(long inputBytes, Duration longestDeadline, GatewayActor.Limits gateway) {

        /** So many requests can a gateway have: one more would be refused when it is whole. */
        int openPerGateway() {
            return gateway.queueCapacity() + gateway.maxInFlight();
        }
    }

    /** How others know the port's member. */
    public record Place(String node, TetherAddress tether) {}

    /** From whoever deploys: this gateway serves the model from now on. */
    public record Serve(String model, ActorRef<DataMessage> gateway) implements DataMessage {}

    /**
     * From whoever deploys: the gateway takes no more requests.
     *
     * @param replyTo hears when all that were taken have been answered
     */
    public record Withdraw(ActorRef<DataMessage> gateway, ActorRef<Withdrawn> replyTo) implements DataMessage {}

    /** Answer to {@link Withdraw}. */
    public record Withdrawn(ActorRef<DataMessage> gateway) {}

    /** From this process: other bounds from now on; what is there already stays. */
    public record Bound(Limits limits) implements DataMessage {}

    private record GatewayGone(ActorRef<DataMessage> gateway) implements DataMessage {}

    private record ClientGone(ActorRef<DataMessage> client) implements DataMessage {}

    private record Replied(InferenceReply reply) implements DataMessage {}

    private enum Tick implements DataMessage {
        TICK
    }

    private Limits limits;
    private final Place place;
    private final ActorRef<InferenceReply> replies;
    private final OpenRequests open = new OpenRequests();
    private final SentAnswers sent = new SentAnswers();
    private final Map<String, ActorRef<DataMessage>> gateways = new TreeMap<>();
    private final List<Withdraw> withdrawals = new ArrayList<>();

    /** A port that clients find through the receptionist. */
    public static Behavior<DataMessage> create(Limits limits, Place place) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerAtFixedRate(Tick.TICK, TICK_INTERVAL);
            context.getSystem().receptionist().tell(Receptionist.register(RequestMessages.KEY, context.getSelf()));
            return new RequestPort(context, limits, place);
        }));
    }

    private RequestPort(ActorContext<DataMessage> context, Limits limits, Place place) {
        super(context);
        this.limits = limits;
        this.place = place;
        this.replies = context.messageAdapter(InferenceReply.class, Replied::new);
    }

    @Override
    public Receive<DataMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(TensorFrame.class, this::onFrame)
                .onMessage(Ask.class, this::onAsk)
                .onMessage(Replied.class, replied -> onReply(replied.reply()))
                .onMessage(Received.class, this::onReceived)
                .onMessage(ClientGone.class, this::onClientGone)
                .onMessage(Greeting.class, this::onGreeting)
                .onMessage(Serve.class, this::onServe)
                .onMessage(Withdraw.class, this::onWithdraw)
                .onMessage(GatewayGone.class, this::onGatewayGone)
                .onMessage(Bound.class, this::onBound)
                .onMessage(Tick.class, tick -> onTick())
                .build();
    }

    private Behavior<DataMessage> onServe(Serve serve) {
        if (!gateways.values().remove(serve.gateway())) {
            getContext().watchWith(serve.gateway(), new GatewayGone(serve.gateway()));
        }
        gateways.put(serve.model(), serve.gateway());
        return this;
    }

    /** What it had, and what is on its way to it, it does not answer any more. */
    private Behavior<DataMessage> onGatewayGone(GatewayGone gone) {
        gateways.values().remove(gone.gateway());
        for (OpenRequest request : open.of(gone.gateway())) {
            close(request.id());
            decline(request.ask(), ErrorCode.PIPELINE_LOST, "the model is not served here any more");
        }
        return this;
    }

    private Behavior<DataMessage> onWithdraw(Withdraw withdraw) {
        gateways.values().remove(withdraw.gateway());
        withdrawals.add(withdraw);
        answerWithdrawals();
        return this;
    }

    private void answerWithdrawals() {
        List<Withdraw> done = withdrawals.stream()
                .filter(withdraw -> open.count(withdraw.gateway()) == 0)
                .toList();
        withdrawals.removeAll(done);
        done.forEach(withdraw -> withdraw.replyTo().tell(new Withdrawn(withdraw.gateway())));
    }

    private Behavior<DataMessage> onBound(Bound bound) {
        limits = bound.limits();
        return this;
    }

    private Behavior<DataMessage> onGreeting(Greeting greeting) {
        greeting.replyTo().tell(new Greeted(getContext().getSelf(), place.node(), place.tether(), models()));
        return this;
    }

    private Behavior<DataMessage> onAsk(Ask ask) {
        OpenRequest earlier = open.get(ask.request());
        if (earlier != null && earlier.inputs().isComplete()) {
            return takeOver(ask, earlier);
        }
        close(ask.request());
        sent.forget(ask.request());
        OptionalLong bytes = TensorTransfer.bytes(ask.inputs());
        Optional<ActorRef<DataMessage>> gateway = gatewayOf(ask.model());
        if (bytes.isEmpty()) {
            return decline(
                    ask,
                    ErrorCode.INVALID_INPUT,
                    "each of the inputs " + ask.inputs() + " must be smaller than 2 GiB.");
        } else if (gateway.isEmpty()) {
            return decline(
                    ask, ErrorCode.NOT_SERVING, "model '" + ask.model() + "' is not served here; served: " + models());
        }
        return admit(ask, gateway.get(), bytes.getAsLong());
    }

    /** The gateway has the request already: its one answer goes to the newest attempt, whose inputs are not needed. */
    private Behavior<DataMessage> takeOver(Ask ask, OpenRequest earlier) {
        open.put(earlier.askedBy(ask));
        ask.replyTo().tell(new Accepted(ask.request(), ask.attempt()));
        return this;
    }

    private Behavior<DataMessage> admit(Ask ask, ActorRef<DataMessage> gateway, long bytes) {
        if (bytes > limits.inputBytes()) {
            return decline(
                    ask,
                    ErrorCode.INVALID_INPUT,
                    "inputs of " + bytes + " bytes must not be larger than the gateway's request memory of "
                            + limits.inputBytes() + " bytes. Maybe raise tandem.gateway.request-bytes.");
        } else if (open.bytes() + sent.bytes() + bytes > limits.inputBytes()) {
            return decline(
                    ask,
                    ErrorCode.OVERLOADED,
                    "requests that wait and answers under way fill the gateway's request memory of "
                            + limits.inputBytes() + " bytes. Maybe ask again later.");
        } else if (open.count(gateway) >= limits.openPerGateway()) {
            String full = RequestDesk.full(limits.gateway().queueCapacity());
            return decline(ask, ErrorCode.OVERLOADED, full);
        }
        long granted = Math.min(ask.timeLeftMillis(), limits.longestDeadline().toMillis());
        long deadline = System.currentTimeMillis() + granted;
        boolean isCut = granted < ask.timeLeftMillis();
        OpenRequest request =
                new OpenRequest(ask, gateway, new TensorTransfer(ask.attempt(), ask.inputs()), bytes, deadline, isCut);
        open.put(request);
        if (request.inputs().isComplete()) {
            passOn(request);
        }
        return this;
    }

    private List<String> models() {
        return List.copyOf(gateways.keySet());
    }

    private Optional<ActorRef<DataMessage>> gatewayOf(String model) {
        boolean isOnly = model.isEmpty() && gateways.size() == 1;
        return isOnly ? gateways.values().stream().findFirst() : Optional.ofNullable(gateways.get(model));
    }

    private Behavior<DataMessage> decline(Ask ask, ErrorCode code, String reason) {
        ask.replyTo().tell(new Declined(ask.request(), ask.attempt(), code, reason));
        return this;
    }

    /** A frame of a request that was declined, has expired or was sent again is dropped. */
    private Behavior<DataMessage> onFrame(TensorFrame frame) {
        OpenRequest request = open.get(frame.header().request());
        if (request == null
                || request.inputs().isComplete()
                || TensorTransfer.attempt(frame) != request.ask().attempt()) {
            return this;
        }
        Optional<Broken> broken = request.inputs().accept(frame);
        if (broken.isPresent()) {
            close(request.id());
            String reason = "an input came incomplete: " + broken.get().problem() + ": "
                    + broken.get().message();
            return decline(request.ask(), ErrorCode.PIPELINE_LOST, reason);
        }
        if (request.inputs().isComplete()) {
            passOnInTime(request.dueBy(frame.header().deadlineEpochMillis()));
        }
        return this;
    }

    /** A frame says what time was left when it was written: what the request spent in the client's queue is gone by then. */
    private void passOnInTime(OpenRequest request) {
        if (request.isExpired(System.currentTimeMillis())) {
            close(request.id());
            decline(
                    request.ask(),
                    ErrorCode.DEADLINE_EXCEEDED,
                    "the inputs came after the deadline" + allowed(request));
        } else {
            open.put(request);
            passOn(request);
        }
    }

    private void passOn(OpenRequest request) {
        RequestId id = request.id();
        request.ask().replyTo().tell(new Accepted(id, request.ask().attempt()));
        request.gateway()
                .tell(new GatewayMessages.Infer(
                        id, request.inputs().tensors(), request.deadlineEpochMillis(), replies));
    }

    /** Why a request was late whose client would have waited. */
    private String allowed(OpenRequest request) {
        return request.isCut()
                ? "; the gateway allows " + limits.longestDeadline().toMillis()
                        + " ms. Maybe raise tandem.gateway.request-timeout."
                : "";
    }

    private Behavior<DataMessage> onReply(InferenceReply reply) {
        OpenRequest request = open.get(reply.request());
        if (request == null) {
            return this;
        }
        close(reply.request());
        if (reply instanceof InferenceReply.Failed failed) {
            String why = failed.code() == ErrorCode.DEADLINE_EXCEEDED ? allowed(request) : "";
            return decline(request.ask(), failed.code(), failed.reason() + why);
        }
        sendOutputs(request, (InferenceReply.Completed) reply);
        return this;
    }

    /** What is sent stays in the transport's queue until a slow client has taken it, so it counts as held until then. */
    private void sendOutputs(OpenRequest request, InferenceReply.Completed completed) {
        ActorRef<DataMessage> client = request.ask().replyTo();
        RequestId id = completed.request();
        int attempt = request.ask().attempt();
        client.tell(new Answered(
                id,
                attempt,
                completed.epoch(),
                completed.outputs().stream().map(Tensor::spec).toList()));
        TensorTransfer.frames(
                        id,
                        attempt,
                        completed.outputs(),
                        request.deadlineEpochMillis(),
                        limits.gateway().frameBytes())
                .forEach(client::tell);
        sent.add(
                request,
                completed.outputs().stream()
                        .mapToLong(output -> output.spec().bytes())
                        .sum());
        getContext().watchWith(client, new ClientGone(client));
    }

    private Behavior<DataMessage> onReceived(Received received) {
        sent.received(received.request(), received.attempt());
        return this;
    }

    private Behavior<DataMessage> onClientGone(ClientGone gone) {
        sent.forgetAllOf(gone.client());
        return this;
    }

    /** Of a client that has gone in the middle of its inputs nothing more is heard. */
    private Behavior<DataMessage> onTick() {
        long now = System.currentTimeMillis();
        open.incompleteAfter(now).forEach(late -> close(late.id()));
        sent.forgetLate(now);
        return this;
    }

    private void close(RequestId request) {
        if (open.close(request)) {
            answerWithdrawals();
        }
    }
}
