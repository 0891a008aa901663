package dev.tandem.actors.client;

import dev.tandem.actors.gateway.RequestMessages;
import dev.tandem.actors.gateway.RequestMessages.Accepted;
import dev.tandem.actors.gateway.RequestMessages.Answered;
import dev.tandem.actors.gateway.RequestMessages.Declined;
import dev.tandem.actors.gateway.RequestMessages.Greeted;
import dev.tandem.actors.gateway.RequestMessages.Greeting;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.actors.transport.TensorTransfer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * The client's side of {@link RequestMessages}: knows the gateways, sends each request to one that serves its model, and to
 * another under the same id when that one is lost.
 *
 * <p>Its path must be among the large-message destinations, since outputs come as frames.
 */
final class ClientActor extends AbstractBehavior<DataMessage> {

    static final String NAME = "tandem-client";

    private static final Duration GREETING_INTERVAL = Duration.ofSeconds(1);
    private static final Duration DEADLINE_TICK = Duration.ofMillis(50);

    /** What one gateway refuses for and another need not. */
    private static final Set<ErrorCode> ELSEWHERE =
            EnumSet.of(ErrorCode.NOT_SERVING, ErrorCode.OVERLOADED, ErrorCode.PIPELINE_LOST);

    /** A request is pure, so what was lost of it or of its answer may be had again, but not for ever. */
    private static final int MOST_ATTEMPTS = 3;

    /** How long a gateway may take to take a request, beside the time for the bytes that are on their way to it. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Enough for a fast network at the delay of a slow one; what waits here can still go to another gateway. */
    private static final long BYTES_UNDER_WAY = 8L << 20;

    /**
     * What a client works with.
     *
     * @param tether ties this member to another by name, so that its loss is noticed at once
     * @param frameBytes largest payload of a frame
     * @param patience see {@link #PATIENCE}
     * @param mostBytesUnderWay to one gateway that has not accepted them yet, unless it is one request alone
     * @param nanoTime clock by which gateways fall silent
     */
    record Setup(
            BiConsumer<String, InetSocketAddress> tether,
            int frameBytes,
            Duration patience,
            long mostBytesUnderWay,
            LongSupplier nanoTime) {

        static Setup of(BiConsumer<String, InetSocketAddress> tether, int frameBytes) {
            return new Setup(tether, frameBytes, PATIENCE, BYTES_UNDER_WAY, System::nanoTime);
        }
    }

    /** A request of this process. */
    record Submit(Submission submission) implements DataMessage {}

    /** From the tethers: a member is gone. */
    record MemberLost(String node, String reason) implements DataMessage {}

    private record Listed(Set<ActorRef<DataMessage>> gateways) implements DataMessage {}

    /** What its timers say; tests say it themselves. */
    enum Tick implements DataMessage {
        GREET,
        DEADLINE
    }

    private final TimerScheduler<DataMessage> timers;
    private final Setup setup;
    private final KnownGateways gateways;
    private final ClientOutbox outbox;
    private final Map<RequestId, Submission> outstanding = new LinkedHashMap<>();

    static Behavior<DataMessage> create(Setup setup) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new ClientActor(context, timers, setup)));
    }

    private ClientActor(ActorContext<DataMessage> context, TimerScheduler<DataMessage> timers, Setup setup) {
        super(context);
        context.setLoggerName(ClientActor.class);
        this.timers = timers;
        this.setup = setup;
        this.gateways = new KnownGateways(setup.nanoTime(), setup.mostBytesUnderWay());
        this.outbox = new ClientOutbox(gateways, setup.frameBytes(), context.getSelf());
        ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                Receptionist.Listing.class, listing -> new Listed(listing.getServiceInstances(RequestMessages.KEY)));
        context.getSystem().receptionist().tell(Receptionist.subscribe(RequestMessages.KEY, listings));
        timers.startTimerAtFixedRate(Tick.GREET, GREETING_INTERVAL);
    }

    @Override
    public Receive<DataMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(TensorFrame.class, this::onFrame)
                .onMessage(Submit.class, this::onSubmit)
                .onMessage(Accepted.class, this::onAccepted)
                .onMessage(Answered.class, this::onAnswered)
                .onMessage(Declined.class, this::onDeclined)
                .onMessage(Greeted.class, this::onGreeted)
                .onMessage(Listed.class, this::onListed)
                .onMessage(MemberLost.class, this::onMemberLost)
                .onMessageEquals(Tick.GREET, this::onGreetTick)
                .onMessageEquals(Tick.DEADLINE, this::onDeadlineTick)
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private Behavior<DataMessage> onSubmit(Submit submit) {
        outstanding.put(submit.submission().request(), submit.submission());
        if (!timers.isTimerActive(Tick.DEADLINE)) {
            timers.startTimerAtFixedRate(Tick.DEADLINE, DEADLINE_TICK);
        }
        dispatch(submit.submission());
        return this;
    }

    /** To a gateway if one serves the model; else it waits where there is hope for one. */
    private void dispatch(Submission submission) {
        if (!outbox.offer(submission) && !gateways.isEmpty() && !isWorthWaitingFor(submission)) {
            refuse(submission);
        }
    }

    /** A gateway that was lost may come back, and one that was found only now may serve the model. */
    private boolean isWorthWaitingFor(Submission submission) {
        return submission.hasLostGateway() || gateways.mayStillGreet();
    }

    private void refuse(Submission submission) {
        Set<String> models = gateways.models();
        if (submission.model().isEmpty() && models.size() > 1) {
            fail(submission, ErrorCode.INVALID_INPUT, models.size() + " models are served: " + models + "; name one.");
        } else {
            fail(
                    submission,
                    ErrorCode.NOT_SERVING,
                    "model '" + submission.model() + "' must be one that is served: " + models);
        }
    }

    private Behavior<DataMessage> onAccepted(Accepted accepted) {
        current(accepted.request(), accepted.attempt()).ifPresent(submission -> {
            outbox.arrived(submission);
            ActorRef<DataMessage> gateway = submission.gateway();
            if (gateway != null) {
                gateways.took(gateway, submission.arrival());
            }
            tellAccepted(submission);
            sendWaiting();
        });
        return this;
    }

    /** The application's own code: what it throws must not end the client, and with it all other requests. */
    private void tellAccepted(Submission submission) {
        try {
            submission.options().onAccepted().run();
        } catch (RuntimeException e) {
            getContext().getLog().error("onAccepted of request {} failed", submission.request(), e);
        }
    }

    private Behavior<DataMessage> onAnswered(Answered answered) {
        expected(answered.request(), answered.attempt()).ifPresent(submission -> {
            outbox.arrived(submission);
            submission.answered(answered);
            completeIfWhole(submission);
        });
        return this;
    }

    private Behavior<DataMessage> onFrame(TensorFrame frame) {
        expected(frame.header().request(), TensorTransfer.attempt(frame))
                .ifPresent(submission -> take(submission, frame));
        return this;
    }

    private void take(Submission submission, TensorFrame frame) {
        TensorTransfer outputs = submission.outputs();
        String broken = outputs == null
                ? "they were not announced"
                : outputs.accept(frame)
                        .map(problem -> problem.problem() + ": " + problem.message())
                        .orElse("");
        if (broken.isEmpty()) {
            completeIfWhole(submission);
        } else {
            hasLostOutputs(submission, "outputs came incomplete: " + broken);
        }
    }

    /** A frame was lost on the way. What has lost its gateway as well waits for another anyway. */
    private void hasLostOutputs(Submission submission, String reason) {
        ActorRef<DataMessage> gateway = submission.gateway();
        if (gateway == null) {
            submission.forgetOutputs();
        } else if (submission.attempt() + 1 < MOST_ATTEMPTS) {
            outbox.release(submission);
            outbox.send(submission, gateway);
        } else {
            fail(submission, ErrorCode.PIPELINE_LOST, reason);
        }
    }

    private void completeIfWhole(Submission submission) {
        TensorTransfer outputs = submission.outputs();
        if (outputs != null && outputs.isComplete()) {
            end(submission);
            outbox.confirm(submission);
            submission.complete(outputs.tensors());
            sendWaiting();
        }
    }

    private Behavior<DataMessage> onDeclined(Declined declined) {
        current(declined.request(), declined.attempt()).ifPresent(submission -> {
            outbox.release(submission);
            submission.declined();
            if (!goesOn(submission, declined.code())) {
                fail(submission, declined.code(), declined.reason());
            }
            sendWaiting();
        });
        return this;
    }

    /**
     * Another gateway may have what this one has not, or no longer: the model, room, or nodes that live. Where there is no other,
     * the same may have them again.
     */
    private boolean goesOn(Submission submission, ErrorCode code) {
        if (ELSEWHERE.contains(code) && outbox.offer(submission)) {
            return true;
        } else if (code == ErrorCode.PIPELINE_LOST && submission.attempt() + 1 < MOST_ATTEMPTS) {
            submission.forgetRefusals();
            return outbox.offer(submission);
        }
        return code == ErrorCode.NOT_SERVING && isWorthWaitingFor(submission);
    }

    private Behavior<DataMessage> onListed(Listed listed) {
        gateways.list(listed.gateways()).forEach(gateway -> lose(gateway));
        greetAll();
        return this;
    }

    private Behavior<DataMessage> onGreeted(Greeted greeted) {
        if (gateways.greeted(greeted)) {
            setup.tether()
                    .accept(
                            greeted.node(),
                            new InetSocketAddress(
                                    greeted.tether().host(), greeted.tether().port()));
        }
        sendWaiting();
        waiting().forEach(this::dispatch);
        return this;
    }

    private Behavior<DataMessage> onMemberLost(MemberLost lost) {
        gateways.on(lost.node()).forEach(this::lose);
        return this;
    }

    private Behavior<DataMessage> onGreetTick() {
        gateways.silent().forEach(this::lose);
        waiting().forEach(Submission::forgetRefusals);
        greetAll();
        return this;
    }

    private void greetAll() {
        gateways.listed()
                .forEach(gateway -> gateway.tell(new Greeting(getContext().getSelf())));
    }

    /** What it had goes to another gateway, now or as soon as there is one. */
    private void lose(ActorRef<DataMessage> gateway) {
        gateways.lost(gateway);
        for (Submission submission : List.copyOf(outstanding.values())) {
            if (gateway.equals(submission.gateway())) {
                submission.lost();
                dispatch(submission);
            }
        }
        outbox.sendWaiting().forEach(Submission::lost);
    }

    /** Room may have come about on the way to a gateway. */
    private void sendWaiting() {
        outbox.sendWaiting().forEach(this::dispatch);
    }

    /** What there is no gateway for; what waits for room on the way to one is in the outbox. */
    private List<Submission> waiting() {
        return outstanding.values().stream()
                .filter(submission -> submission.gateway() == null && !outbox.holds(submission))
                .toList();
    }

    private Behavior<DataMessage> onDeadlineTick() {
        for (Submission submission : new ArrayList<>(outstanding.values())) {
            if (submission.millisLeft() == 0) {
                fail(submission, ErrorCode.DEADLINE_EXCEEDED, late(submission));
            } else {
                sendAgainIfLost(submission);
            }
        }
        sendWaiting();
        if (outstanding.isEmpty()) {
            timers.cancel(Tick.DEADLINE);
        }
        return this;
    }

    /** A connection that was reset loses what was on its way without a word; the gateway knows nothing of it then. */
    private void sendAgainIfLost(Submission submission) {
        ActorRef<DataMessage> gateway = submission.gateway();
        if (gateway == null || !submission.isUnderWay()) {
            return;
        }
        Duration patience = setup.patience().plus(gateways.transferTime(gateway));
        if (submission.isOverdue(patience, gateways.lastArrival(gateway))) {
            getContext().getLog().warn("request {} was not taken in time and is sent again", submission.request());
            outbox.release(submission);
            outbox.send(submission, gateway);
        }
    }

    private String late(Submission submission) {
        if (submission.gateway() != null) {
            return "no complete answer before the deadline";
        }
        if (outbox.holds(submission)) {
            return "requests before it were on their way to the gateway until the deadline. Maybe the network is too slow.";
        }
        return gateways.isEmpty()
                ? "no gateway was found before the deadline. Maybe start one with 'tandem serve'."
                : "no gateway that serves model '" + submission.model() + "' before the deadline; served: "
                        + gateways.models();
    }

    /** What is at a gateway, by the attempt that the gateway speaks of. */
    private Optional<Submission> current(RequestId request, int attempt) {
        return expected(request, attempt).filter(submission -> submission.gateway() != null);
    }

    /** The same, or what has not been sent again since its gateway was lost: which may have been slow, and lives. */
    private Optional<Submission> expected(RequestId request, int attempt) {
        Optional<Submission> found =
                Optional.ofNullable(outstanding.get(request)).filter(submission -> submission.attempt() == attempt);
        found.map(Submission::gateway).ifPresent(gateways::heard);
        return found;
    }

    private void fail(Submission submission, ErrorCode code, String reason) {
        end(submission);
        submission.fail(code, reason);
    }

    private void end(Submission submission) {
        outbox.release(submission);
        outstanding.remove(submission.request());
    }

    private Behavior<DataMessage> onPostStop() {
        outstanding.values().forEach(submission -> submission.fail(ErrorCode.NOT_SERVING, "the client was closed"));
        outstanding.clear();
        return this;
    }
}
