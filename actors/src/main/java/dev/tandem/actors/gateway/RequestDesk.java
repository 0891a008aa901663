package dev.tandem.actors.gateway;

import dev.tandem.actors.gateway.GatewayMessages.Infer;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.InferenceReply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait at a gateway: takes them within bounds, deals them to epochs that have room, and counts how they
 * end. Each is answered exactly once. Used by the gateway's thread alone.
 */
final class RequestDesk {

    private final Deque<PendingRequest> queue = new ArrayDeque<>();
    private final Collection<GatewayEpoch> epochs;
    private GatewayActor.Limits limits;
    private long arrivals;
    private long completed;
    private long failed;

    /** @param epochs of the gateway, as they are at any time */
    RequestDesk(GatewayActor.Limits limits, Collection<GatewayEpoch> epochs) {
        this.limits = limits;
        this.epochs = epochs;
    }

    /** Other bounds from now on; what is there already stays. */
    void bound(GatewayActor.Limits others) {
        limits = others;
    }

    int frameBytes() {
        return limits.frameBytes();
    }

    int waiting() {
        return queue.size();
    }

    long completed() {
        return completed;
    }

    long failed() {
        return failed;
    }

    /** Bytes of the inputs of what waits here. */
    long bytesHeld() {
        return queue.stream().mapToLong(PendingRequest::inputBytes).sum();
    }

    /**
     * Queues a request, or answers it at once that it cannot be taken.
     *
     * @param active what it would be dealt to; nothing while the next epoch is still to come
     * @return whether it was queued
     */
    boolean take(Infer infer, @Nullable GatewayEpoch active) {
        if (queue.size() >= limits.queueCapacity() && !canDealAtOnce(active)) {
            return refuse(infer, ErrorCode.OVERLOADED, full(limits.queueCapacity()));
        }
        if (active != null && !queue.isEmpty() && isTooLate(active, queue.size(), infer.deadlineEpochMillis())) {
            return refuse(infer, ErrorCode.OVERLOADED, tooLate(active, queue.size()));
        }
        Optional<String> misfit = active == null ? Optional.empty() : active.refusal(infer.inputs());
        if (misfit.isPresent()) {
            return refuse(infer, ErrorCode.INVALID_INPUT, misfit.get());
        }
        queue.addLast(new PendingRequest(infer, arrivals++, active == null ? null : active.modelDigest()));
        return true;
    }

    /** Why a request is refused for which there is no room. */
    static String full(int queueCapacity) {
        return "queue of " + queueCapacity + " requests is full. Maybe ask again later.";
    }

    /** Answers a request that is not queued; always false, as {@link #take} then is. */
    boolean refuse(Infer infer, ErrorCode code, String reason) {
        failed++;
        infer.replyTo().tell(new InferenceReply.Failed(infer.request(), code, reason));
        return false;
    }

    private boolean canDealAtOnce(@Nullable GatewayEpoch active) {
        return active != null
                && queue.isEmpty()
                && active.inFlight() < limits.maxInFlight()
                && active.laneForNext(epochs).isPresent();
    }

    /** Gives what waits here to an epoch's lanes, as far as they have room. */
    void deal(GatewayEpoch epoch) {
        deal(epoch, queue);
    }

    /** Gives what waits for an epoch alone to its lanes, as far as they have room. */
    void dealBacklog(GatewayEpoch epoch) {
        deal(epoch, epoch.backlog());
    }

    private void deal(GatewayEpoch epoch, Deque<PendingRequest> waiting) {
        for (Optional<LanePort> lane = nextLane(epoch, waiting); lane.isPresent(); lane = nextLane(epoch, waiting)) {
            PendingRequest request = waiting.removeFirst();
            if (!waiting.isEmpty() && epoch.inFlight() > 0 && isTooLate(epoch, 0, request.deadlineEpochMillis())) {
                fail(request, ErrorCode.DEADLINE_EXCEEDED, tooLate(epoch, 0));
            } else {
                dealTo(epoch, lane.get(), request);
            }
        }
    }

    /** Where the first of what waits is to go; nowhere when nothing waits or there is no room. */
    private Optional<LanePort> nextLane(GatewayEpoch epoch, Deque<PendingRequest> waiting) {
        return waiting.isEmpty() || epoch.inFlight() >= limits.maxInFlight()
                ? Optional.empty()
                : epoch.laneForNext(epochs);
    }

    /**
     * Whether a request would be answered after its deadline, as fast as requests are answered now: what waits behind others until
     * it cannot be in time any more would take the place of what can.
     *
     * @param before requests that wait before it, beside those under way
     */
    private static boolean isTooLate(GatewayEpoch epoch, int before, long deadlineEpochMillis) {
        long millisLeft = deadlineEpochMillis - System.currentTimeMillis();
        return millisUntilAnswered(epoch, before) > millisLeft;
    }

    private static long millisUntilAnswered(GatewayEpoch epoch, int before) {
        return TimeUnit.NANOSECONDS.toMillis(epoch.pace().nanosUntilAnswered(epoch.inFlight(), before));
    }

    private static String tooLate(GatewayEpoch epoch, int before) {
        return String.format(
                "it would be answered after its deadline: %d requests are before it, and with these it takes %d ms now."
                        + " Maybe allow more time, or ask again later.",
                epoch.inFlight() + before, millisUntilAnswered(epoch, before));
    }

    /** A request may have been queued before the epoch's inputs were known, or for a model that is gone. */
    private void dealTo(GatewayEpoch epoch, LanePort lane, PendingRequest request) {
        Optional<String> misfit = request.hasModel() ? Optional.empty() : epoch.refusal(request.inputs());
        if (!request.isFor(epoch.modelDigest())) {
            fail(request, ErrorCode.PIPELINE_LOST, "the model that was asked is served no more");
        } else if (misfit.isPresent()) {
            fail(request, ErrorCode.INVALID_INPUT, misfit.get());
        } else if (!request.isAnswered()) {
            lane.send(request);
        }
    }

    /** Leaves what waits here to an epoch alone: no other serves its model. */
    void leaveTo(GatewayEpoch epoch) {
        epoch.backlog().addAll(queue);
        queue.clear();
    }

    /** Puts requests back where they were in the order of their arrival. */
    void queueAgain(List<PendingRequest> requests) {
        insert(requests, queue);
    }

    /** Puts requests that only this epoch can answer back where they were. */
    void queueAgain(List<PendingRequest> requests, GatewayEpoch epoch) {
        insert(requests, epoch.backlog());
    }

    private static void insert(List<PendingRequest> requests, Deque<PendingRequest> waiting) {
        List<PendingRequest> all = new ArrayList<>(requests);
        all.addAll(waiting);
        all.sort(Comparator.comparingLong(PendingRequest::arrival));
        waiting.clear();
        waiting.addAll(all);
    }

    /** Answers a request with what a lane made of it. */
    void finish(GatewayEpoch epoch, LanePort.Outcome outcome) {
        epoch.pace().answered(System.nanoTime(), !queue.isEmpty(), outcome.awayNanos());
        if (outcome.failure().isPresent()) {
            boolean late = outcome.request().isExpired(System.currentTimeMillis());
            fail(
                    outcome.request(),
                    late ? ErrorCode.DEADLINE_EXCEEDED : ErrorCode.COMPUTE_FAILED,
                    outcome.failure().get());
        } else if (outcome.request().complete(epoch.number(), outcome.outputs())) {
            completed++;
        }
    }

    /** Answers all that waits here that it cannot be served. */
    void failAll(ErrorCode code, String reason) {
        queue.forEach(request -> fail(request, code, reason));
        queue.clear();
    }

    /** Answers all whose deadline has passed, here and under way, and forgets those that wait. */
    void expire(long now) {
        epochs.forEach(epoch -> epoch.unanswered().forEach(request -> expire(request, now)));
        queue.forEach(request -> expire(request, now));
        queue.removeIf(PendingRequest::isAnswered);
        epochs.forEach(epoch -> epoch.backlog().removeIf(PendingRequest::isAnswered));
    }

    private void expire(PendingRequest request, long now) {
        if (request.isExpired(now)) {
            fail(request, ErrorCode.DEADLINE_EXCEEDED, "no complete answer before the deadline");
        }
    }

    private void fail(PendingRequest request, ErrorCode code, String reason) {
        if (request.fail(code, reason)) {
            failed++;
        }
    }
}
