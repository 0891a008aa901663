package dev.tandem.actors.client;

import dev.tandem.actors.gateway.RequestMessages.Answered;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorTransfer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** A request until it is answered, over all gateways that try it. Used by the client's thread only. */
final class Submission {

    private static final int MAX_DOUBLINGS = 6;

    private final RequestId request = RequestId.random();
    private final String model;
    private final List<Tensor> inputs;
    private final InferOptions options;
    private final long deadlineNanos;
    private final Executor answers;
    private final CompletableFuture<InferenceResult> result = new CompletableFuture<>();
    private final Set<ActorRef<DataMessage>> tried = new HashSet<>();
    private @Nullable ActorRef<DataMessage> gateway;
    private @Nullable ActorRef<DataMessage> lastGateway;
    private String member = "";
    private @Nullable TensorTransfer outputs;
    private int attempt = -1;
    private long epoch;
    private boolean lostGateway;
    private boolean underWay;
    private int unheard;
    private long sentNanos;

    /** When something that was sent to a gateway got there, for all that is known here. */
    record Arrival(long sentNanos, long arrivedNanos) {}

    /** @param answers on which the application hears of the result */
    Submission(String model, List<Tensor> inputs, InferOptions options, Executor answers) {
        this.model = model;
        this.inputs = List.copyOf(inputs);
        this.options = options;
        this.answers = answers;
        this.deadlineNanos = System.nanoTime() + options.deadline().toNanos();
    }

    RequestId request() {
        return request;
    }

    String model() {
        return model;
    }

    List<Tensor> inputs() {
        return inputs;
    }

    InferOptions options() {
        return options;
    }

    CompletableFuture<InferenceResult> result() {
        return result;
    }

    long millisLeft() {
        return Math.max(0, (deadlineNanos - System.nanoTime()) / 1_000_000);
    }

    /** Gateways that have said no. */
    Set<ActorRef<DataMessage>> tried() {
        return Set.copyOf(tried);
    }

    /** By now they may serve what they did not, or have room. */
    void forgetRefusals() {
        tried.clear();
    }

    /** Who has it now. */
    @Nullable ActorRef<DataMessage> gateway() {
        return gateway;
    }

    /** Who had it last, though it may have seemed lost since. */
    @Nullable ActorRef<DataMessage> lastGateway() {
        return lastGateway;
    }

    int attempt() {
        return attempt;
    }

    /** Whether a gateway was lost with it: it is worth waiting for another. */
    boolean hasLostGateway() {
        return lostGateway;
    }

    /** Goes to a gateway on that member, as another attempt. */
    void sendTo(ActorRef<DataMessage> next, String nextMember) {
        unheard = next.equals(gateway) ? unheard + 1 : 0;
        gateway = next;
        lastGateway = next;
        member = nextMember;
        outputs = null;
        underWay = true;
        sentNanos = System.nanoTime();
        attempt++;
    }

    /** Whether it is on its way to a gateway, for all that is known here. */
    boolean isUnderWay() {
        return underWay;
    }

    /** The gateway has it, or never will. */
    void arrived() {
        underWay = false;
    }

    /** That it has arrived just now. */
    Arrival arrival() {
        return new Arrival(sentNanos, System.nanoTime());
    }

    /**
     * Whether it has been on its way for that long; twice that after each time that it was sent again for it. Behind another
     * that was sent before it, it may be for as long again.
     *
     * @param last that its gateway has taken
     */
    boolean isOverdue(Duration patience, Optional<Arrival> last) {
        long sinceNanos = last.filter(arrival -> arrival.sentNanos() - sentNanos < 0)
                .map(arrival -> Math.max(sentNanos, arrival.arrivedNanos()))
                .orElse(sentNanos);
        return System.nanoTime() - sinceNanos > patience.toNanos() << Math.min(unheard, MAX_DOUBLINGS);
    }

    long inputBytes() {
        return inputs.stream().mapToLong(tensor -> tensor.spec().bytes()).sum();
    }

    /** The gateway has said no; it is not asked again. */
    void declined() {
        if (gateway != null) {
            tried.add(gateway);
        }
        gateway = null;
    }

    /** The gateway seems gone; it, or what takes its place, may be asked again. Until then an answer that still comes counts. */
    void lost() {
        lostGateway = true;
        tried.clear();
        gateway = null;
        underWay = false;
    }

    void answered(Answered answered) {
        epoch = answered.epoch();
        outputs = new TensorTransfer(answered.attempt(), answered.outputs());
    }

    /** The outputs that are coming, if an answer has been announced. */
    @Nullable TensorTransfer outputs() {
        return outputs;
    }

    /** They came incomplete. */
    void forgetOutputs() {
        outputs = null;
    }

    /** What depends on the answer does not run on the client's thread. */
    void complete(List<Tensor> tensors) {
        result.completeAsync(() -> new InferenceResult(request, epoch, member, tensors), answers);
    }

    void fail(ErrorCode code, String reason) {
        result.completeAsync(
                () -> {
                    throw new InferenceFailedException(code, reason);
                },
                answers);
    }
}
