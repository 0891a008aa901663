package dev.tandem.actors.gateway;

import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.gateway.GatewayMessages.Command;
import dev.tandem.actors.gateway.GatewayMessages.Describe;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.gateway.GatewayMessages.Infer;
import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.shard.ShardFault;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.Route;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.plan.Endpoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's door for requests: queues them within bounds, deals them to the active epoch's lanes, and answers each
 * exactly once.
 *
 * <p>It must be spawned as {@link #NAME} under the guardian: the large-message channel is chosen by that path.
 */
public final class GatewayActor extends AbstractBehavior<DataMessage> {

    /** Name under the guardian. */
    public static final String NAME = "gateway";

    private static final Duration DEADLINE_TICK = Duration.ofMillis(50);

    /**
     * Bounds of a gateway.
     *
     * @param queueCapacity requests that may wait for room in a lane
     * @param frameBytes largest payload of a frame
     */
    public record Limits(int queueCapacity, int maxInFlight, int frameBytes) {}

    /** Ties this member to nodes, so that their loss is noticed at once. */
    public interface Tether {
        void connect(String node, TetherAddress at);
    }

    private enum Tick implements DataMessage {
        TICK
    }

    private record ReportKey(int lane, Endpoint shard) {}

    private final Limits limits;
    private final Tether tether;
    private final Deque<PendingRequest> queue = new ArrayDeque<>();
    private final Map<Long, GatewayEpoch> epochs = new HashMap<>();
    private final Map<ReportKey, ShardReport> reports = new HashMap<>();
    private @Nullable GatewayEpoch active;
    private boolean epochFollows;
    private String idleReason = "no model has been deployed";
    private long completed;
    private long failed;

    /** A gateway that serves nothing yet. */
    public static Behavior<DataMessage> create(Limits limits, Tether tether) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerAtFixedRate(Tick.TICK, DEADLINE_TICK);
            return new GatewayActor(context, limits, tether);
        }));
    }

    private GatewayActor(ActorContext<DataMessage> context, Limits limits, Tether tether) {
        super(context);
        this.limits = limits;
        this.tether = tether;
    }

    @Override
    public Receive<DataMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(TensorFrame.class, this::onFrame)
                .onMessage(Credit.class, this::onCredit)
                .onMessage(ShardReport.class, this::onShardReport)
                .onMessage(
                        ShardFault.class,
                        fault -> onFault(fault.epoch(), "shard " + fault.shard() + ": " + fault.reason()))
                .onMessage(Tick.class, tick -> onTick())
                .onMessage(Command.class, this::onCommand)
                .build();
    }

    private Behavior<DataMessage> onCommand(Command command) {
        if (command instanceof Infer infer) {
            return onInfer(infer);
        } else if (command instanceof Activate activate) {
            return onActivate(activate);
        } else if (command instanceof Abandon abandon) {
            return onAbandon(abandon);
        }
        return onDescribe((Describe) command);
    }

    private Behavior<DataMessage> onInfer(Infer infer) {
        Optional<InferenceReply> refusal = refusal(infer);
        if (refusal.isPresent()) {
            failed++;
            infer.replyTo().tell(refusal.get());
            return this;
        }
        queue.addLast(new PendingRequest(infer));
        deal();
        return this;
    }

    private Optional<InferenceReply> refusal(Infer infer) {
        if (active == null && !epochFollows) {
            return refused(infer, ErrorCode.NOT_SERVING, idleReason);
        }
        if (queue.size() >= limits.queueCapacity()) {
            return refused(
                    infer,
                    ErrorCode.OVERLOADED,
                    "queue of " + limits.queueCapacity() + " requests is full. Maybe ask again later.");
        }
        Optional<String> misfit = active == null ? Optional.empty() : active.refusal(infer.inputs());
        return misfit.flatMap(reason -> refused(infer, ErrorCode.INVALID_INPUT, reason));
    }

    private static Optional<InferenceReply> refused(Infer infer, ErrorCode code, String reason) {
        return Optional.of(new InferenceReply.Failed(infer.request(), code, reason));
    }

    private Behavior<DataMessage> onActivate(Activate activate) {
        if (epochs.containsKey(activate.epoch()) || (active != null && activate.epoch() < active.number())) {
            getContext().getLog().warn("activation of epoch {} ignored: it is not new", activate.epoch());
            return this;
        }
        GatewayEpoch before = active;
        GatewayEpoch next = new GatewayEpoch(activate, limits.frameBytes());
        active = next;
        epochFollows = false;
        epochs.put(next.number(), next);
        reports.clear();
        activate.tethers().forEach(tether::connect);
        next.supervisor().tell(new Activated(next.number()));
        if (before != null) {
            dropIfDrained(before);
        }
        deal();
        return this;
    }

    private Behavior<DataMessage> onAbandon(Abandon abandon) {
        GatewayEpoch abandoned = epochs.remove(abandon.epoch());
        if (abandoned == null && !epochFollows) {
            return this;
        }
        if (abandoned != null) {
            List<PendingRequest> again = abandoned.unanswered();
            for (int index = again.size() - 1; index >= 0; index--) {
                queue.addFirst(again.get(index));
            }
        }
        if (abandoned == active) {
            active = null;
            epochFollows = abandon.anotherFollows();
            idleReason = abandon.reason();
        }
        if (active == null && !epochFollows) {
            queue.forEach(request -> fail(request, ErrorCode.PIPELINE_LOST, abandon.reason()));
            queue.clear();
        }
        deal();
        return this;
    }

    private Behavior<DataMessage> onFrame(TensorFrame frame) {
        Route route = frame.header().route();
        GatewayEpoch epoch = epochs.get(route.epoch());
        if (epoch == null || route.lane() >= epoch.lanes().size()) {
            getContext().getLog().debug("frame of {} dropped: the epoch is over", route);
            return this;
        }
        LanePort lane = epoch.lane(route.lane());
        lane.accept(frame).ifPresent(broken -> onFault(route.epoch(), broken.problem() + ": " + broken.message()));
        for (Optional<LanePort.Outcome> next = lane.poll(); next.isPresent(); next = lane.poll()) {
            finish(epoch, next.get());
        }
        dropIfDrained(epoch);
        deal();
        return this;
    }

    private void finish(GatewayEpoch epoch, LanePort.Outcome outcome) {
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

    private void fail(PendingRequest request, ErrorCode code, String reason) {
        if (request.fail(code, reason)) {
            failed++;
        }
    }

    private Behavior<DataMessage> onCredit(Credit credit) {
        GatewayEpoch epoch = epochs.get(credit.route().epoch());
        if (epoch != null) {
            epoch.lane(credit.route().lane()).onCredit(credit);
            deal();
        }
        return this;
    }

    private Behavior<DataMessage> onShardReport(ShardReport report) {
        if (active != null && active.number() == report.epoch()) {
            reports.put(new ReportKey(report.lane(), report.shard()), report);
        }
        return this;
    }

    private Behavior<DataMessage> onFault(long epochNumber, String reason) {
        GatewayEpoch epoch = epochs.get(epochNumber);
        if (epoch != null) {
            getContext().getLog().error("epoch {} is at fault: {}", epochNumber, reason);
            epoch.supervisor().tell(new Faulty(epochNumber, reason));
        }
        return this;
    }

    private Behavior<DataMessage> onTick() {
        long now = System.currentTimeMillis();
        epochs.values().forEach(epoch -> epoch.unanswered().forEach(request -> expire(request, now)));
        queue.forEach(request -> expire(request, now));
        queue.removeIf(PendingRequest::isAnswered);
        return this;
    }

    private void expire(PendingRequest request, long now) {
        if (request.isExpired(now)) {
            fail(request, ErrorCode.DEADLINE_EXCEEDED, "no complete answer before the deadline");
        }
    }

    private Behavior<DataMessage> onDescribe(Describe describe) {
        int inFlight = epochs.values().stream().mapToInt(GatewayEpoch::inFlight).sum();
        long epoch = active == null ? 0 : active.number();
        describe.replyTo()
                .tell(new Stats(epoch, completed, failed, queue.size(), inFlight, List.copyOf(reports.values())));
        return this;
    }

    /** Gives waiting requests to lanes that have room. */
    private void deal() {
        GatewayEpoch epoch = active;
        while (epoch != null && !queue.isEmpty() && epoch.inFlight() < limits.maxInFlight()) {
            Optional<LanePort> lane = epoch.laneForNext();
            if (lane.isEmpty()) {
                return;
            }
            dealTo(epoch, lane.get(), queue.removeFirst());
        }
    }

    /** A request may have been queued before the epoch's inputs were known. */
    private void dealTo(GatewayEpoch epoch, LanePort lane, PendingRequest request) {
        Optional<String> misfit = epoch.refusal(List.copyOf(request.inputs().values()));
        if (misfit.isPresent()) {
            fail(request, ErrorCode.INVALID_INPUT, misfit.get());
        } else if (!request.isAnswered()) {
            lane.send(request);
        }
    }

    private void dropIfDrained(GatewayEpoch epoch) {
        if (epoch != active && epoch.inFlight() == 0 && epochs.remove(epoch.number()) != null) {
            epoch.supervisor().tell(new Drained(epoch.number()));
        }
    }
}
