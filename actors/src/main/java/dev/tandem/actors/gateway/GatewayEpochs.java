package dev.tandem.actors.gateway;

import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.gateway.GatewayMessages.Adopt;
import dev.tandem.actors.gateway.GatewayMessages.Claim;
import dev.tandem.actors.gateway.GatewayMessages.Claimed;
import dev.tandem.actors.gateway.GatewayMessages.Contingency;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.DropContingency;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.gateway.GatewayMessages.Holdings;
import dev.tandem.actors.gateway.GatewayMessages.Infer;
import dev.tandem.actors.gateway.GatewayMessages.LanesLost;
import dev.tandem.actors.gateway.GatewayMessages.Origin;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.shard.ShardFault;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.actors.supervisor.Rollout;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.Route;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.plan.Endpoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What a gateway serves: the epoch that requests are dealt to, if there is one, those that still owe answers, and the requests
 * that wait. Used by the gateway's thread only.
 */
final class GatewayEpochs {

    private record ReportKey(int lane, Endpoint shard) {}

    private final GatewayActor.Tether tether;
    private final Logger log;
    private final Standing standing;
    private final StandIn standIn;
    private final RequestDesk desk;
    private final GatewayFigures figures;
    private final Map<Long, GatewayEpoch> epochs = new HashMap<>();
    private final Map<ReportKey, ShardReport> reports = new HashMap<>();
    private @Nullable GatewayEpoch active;
    private boolean epochFollows;
    private String idleReason = "no model has been deployed";

    GatewayEpochs(
            GatewayActor.Limits limits, GatewayActor.Tether tether, StandIn standIn, GatewayRef here, Logger log) {
        this.tether = tether;
        this.standIn = standIn;
        this.log = log;
        this.desk = new RequestDesk(limits, epochs.values());
        this.figures = new GatewayFigures(desk, epochs.values(), reports.values());
        this.standing = new Standing(here);
    }

    void bound(GatewayActor.Limits limits) {
        desk.bound(limits);
        deal();
    }

    /** From now on this is why it does not serve what it should; empty when it does. */
    void problem(String reason) {
        figures.problem(reason);
    }

    Stats stats() {
        return figures.stats(active, standing.interruption(idleReason));
    }

    Announce announcement() {
        return standing.announcement(active, epochs.values(), standIn);
    }

    Holdings holdings() {
        return standing.holdings(active, epochs.values());
    }

    /** Somebody else hears of the epoch from now on. */
    void adopt(Adopt adopt) {
        standIn.handOver(adopt.epoch());
        GatewayEpoch epoch = epochs.get(adopt.epoch());
        if (epoch == null) {
            adopt.replyTo().tell(new Drained(adopt.epoch()));
        } else {
            epoch.adoptedBy(adopt.replyTo());
        }
    }

    void claim(Claim claim) {
        standing.hasHeardOf(claim.epoch());
        claim.replyTo().tell(new Claimed(claim.epoch(), epochs.containsKey(claim.epoch())));
    }

    /** Takes a request, or answers it at once that it cannot be; returns whether it was taken. */
    boolean take(Infer infer) {
        boolean serves = active != null || epochFollows;
        boolean isTaken = serves ? desk.take(infer, active) : desk.refuse(infer, ErrorCode.NOT_SERVING, idleReason);
        if (isTaken) {
            deal();
        }
        return isTaken;
    }

    void activate(Activate activate) {
        long newest = standing.newestEpoch();
        if (activate.epoch() <= newest) {
            refuse(activate, "it must be newer than epoch " + newest + ", which this gateway has seen");
            return;
        }
        standing.hasHeardOf(activate.epoch());
        GatewayEpoch next;
        try {
            next = new GatewayEpoch(activate, desk.frameBytes());
            activate.tethers().forEach(tether::connect);
        } catch (RuntimeException e) {
            refuse(activate, String.valueOf(e.getMessage()));
            return;
        }
        switchTo(next);
    }

    /** A plan that does not hold together must not end the gateway. */
    private void refuse(Activate activate, String reason) {
        log.error("epoch {} cannot be activated: {}", activate.epoch(), reason);
        activate.replyTo().tell(new Faulty(activate.epoch(), "it cannot be activated: " + reason));
    }

    private void switchTo(GatewayEpoch next) {
        GatewayEpoch before = active;
        active = next;
        standing.serves();
        if (standIn.serves(next.number())) {
            standing.givesUp();
        }
        epochFollows = false;
        epochs.put(next.number(), next);
        reports.clear();
        next.tell(new Activated(next.number()));
        if (before != null) {
            if (!before.modelDigest().equals(next.modelDigest())) {
                desk.leaveTo(before);
            }
            advance(before);
        }
        deal();
    }

    void abandon(Abandon abandon) {
        standing.hasHeardOf(abandon.epoch());
        if (standIn.isUnderWay() && !epochs.containsKey(abandon.epoch())) {
            if (abandon.outlook() != Outlook.OVER) {
                // Nothing serves, as the supervisor says, and something follows that is not its own.
                return;
            }
            standIn.giveUp();
            standing.givesUp();
        }
        GatewayEpoch abandoned = epochs.remove(abandon.epoch());
        if (abandoned == null && !epochFollows) {
            if (active == null && abandon.outlook() == Outlook.OVER) {
                standing.servesNothing(null);
            }
            return;
        }
        if (abandoned != null) {
            release(abandoned);
            desk.queueAgain(abandoned.unanswered());
        }
        if (abandoned == active) {
            standing.servesNothing(abandon.outlook() == Outlook.OVER ? null : toBeServedAgain());
            active = null;
            epochFollows = abandon.outlook() == Outlook.ANOTHER_FOLLOWS;
            idleReason = abandon.reason();
            standIn.drop();
            reports.clear();
        }
        if (active == null && !epochFollows) {
            desk.failAll(ErrorCode.PIPELINE_LOST, abandon.reason());
        }
        deal();
    }

    private @Nullable Origin toBeServedAgain() {
        return active == null
                ? standing.interrupted().orElse(null)
                : active.activation().origin();
    }

    /** What the lanes owe is dealt to others; without others the epoch is at fault. */
    void dropLanes(long number, Set<Integer> lanes) {
        GatewayEpoch epoch = epochs.get(number);
        if (epoch != null) {
            dropLanes(epoch, lanes);
        }
    }

    private void dropLanes(GatewayEpoch epoch, Set<Integer> lanes) {
        List<PendingRequest> owed = epoch.lose(lanes);
        if (epoch == active) {
            desk.queueAgain(owed);
        } else {
            desk.queueAgain(owed, epoch);
        }
        if (!epoch.hasOthers(Set.of())) {
            fault(epoch.number(), "all of its lanes are lost");
        }
        advance(epoch);
    }

    /**
     * Before the supervisor hears of it: it will have all of the epoch replaced.
     *
     * @param stood whether the gateway was tied to the node
     * @return whether the gateway itself puts another epoch in place for it
     */
    boolean onTetherLost(String peer, long incarnation, boolean stood) {
        for (GatewayEpoch epoch : List.copyOf(epochs.values())) {
            loseLanes(epoch, epoch.lanesOn(peer, incarnation));
        }
        GatewayEpoch serving = active;
        Optional<Contingency> plan =
                serving == null ? Optional.empty() : standIn.planFor(serving, peer, incarnation, stood);
        plan.ifPresent(kept -> standIn(Objects.requireNonNull(serving), kept));
        return plan.isPresent();
    }

    void onStandInEnded(Rollout.Outcome outcome) {
        standIn.ended(outcome);
        if (!outcome.reason().isEmpty()) {
            standing.givesUp();
            if (epochs.containsKey(outcome.epoch())) {
                abandon(new Abandon(outcome.epoch(), outcome.reason(), Outlook.INTERRUPTED));
            }
        }
    }

    void drop(DropContingency drop) {
        standIn.drop(drop.epoch());
    }

    void keep(Contingency contingency) {
        GatewayEpoch serving = active;
        if (serving != null && serving.number() == contingency.epoch()) {
            standIn.keep(contingency, serving);
        }
    }

    /** The supervisor is lost with all that it has put in place; the next one comes in seconds, and takes this over. */
    private void standIn(GatewayEpoch broken, Contingency plan) {
        String reason = "node " + plan.node() + " with the supervisor is lost";
        log.warn("epoch {} is over: {}; the plan for that is put in place", broken.number(), reason);
        broken.becomesFaulty(reason);
        standing.begins(plan.instead().epoch());
        abandon(new Abandon(broken.number(), reason, Outlook.ANOTHER_FOLLOWS));
        standIn.begin(plan, broken);
    }

    /** What they owe goes to others, if there are any. */
    private void loseLanes(GatewayEpoch epoch, Set<Integer> lanes) {
        if (!lanes.isEmpty() && epoch.hasOthers(lanes)) {
            log.warn("epoch {} gets nothing from lanes {} any more", epoch.number(), lanes);
            dropLanes(epoch, lanes);
            epoch.tell(new LanesLost(epoch.number(), lanes));
        }
    }

    void accept(TensorFrame frame) {
        Route route = frame.header().route();
        GatewayEpoch epoch = epochs.get(route.epoch());
        if (epoch == null || !epoch.hasLane(route.lane())) {
            log.debug("frame of {} dropped: the epoch is over", route);
            return;
        }
        LanePort lane = epoch.lane(route.lane());
        lane.accept(frame).ifPresent(broken -> fault(route.epoch(), broken.problem() + ": " + broken.message()));
        for (Optional<LanePort.Outcome> next = lane.poll(); next.isPresent(); next = lane.poll()) {
            desk.finish(epoch, next.get());
        }
        advance(epoch);
    }

    void accept(Credit credit) {
        Route route = credit.route();
        GatewayEpoch epoch = epochs.get(route.epoch());
        if (epoch != null && epoch.hasLane(route.lane())) {
            epoch.lane(route.lane()).onCredit(credit).ifPresent(problem -> fault(route.epoch(), problem));
            advance(epoch);
        }
    }

    void accept(ShardReport report) {
        if (active != null && active.number() == report.epoch()) {
            reports.put(new ReportKey(report.lane(), report.shard()), report);
        }
    }

    void accept(ShardFault fault) {
        GatewayEpoch epoch = epochs.get(fault.epoch());
        if (epoch != null && epoch.hasLane(fault.lane())) {
            fault(fault.epoch(), "shard " + fault.shard() + ": " + fault.reason());
        }
    }

    private void fault(long number, String reason) {
        GatewayEpoch epoch = epochs.get(number);
        if (epoch != null && epoch.becomesFaulty(reason)) {
            log.error("epoch {} is at fault: {}", number, reason);
        }
    }

    /**
     * Answers what is late, and gives up lanes that return nothing.
     *
     * @param tick between two calls
     * @return whether something may become late before another request comes
     */
    boolean tick(Duration tick) {
        long now = System.currentTimeMillis();
        desk.expire(now);
        List.copyOf(epochs.values()).forEach(this::advance);
        epochs.values().forEach(epoch -> epoch.stall(now, tick).ifPresent(reason -> fault(epoch.number(), reason)));
        List.copyOf(epochs.values()).forEach(epoch -> loseLanes(epoch, epoch.silent(tick)));
        return desk.waiting() > 0 || !epochs.values().stream().allMatch(GatewayEpoch::isIdle);
    }

    /** Others of this process may still need the tethers, and nobody else answers what is left. */
    void close() {
        standIn.drop();
        epochs.values().forEach(this::release);
        epochs.values().forEach(epoch -> desk.queueAgain(epoch.unanswered()));
        desk.failAll(ErrorCode.PIPELINE_LOST, "the gateway has ended");
    }

    private void release(GatewayEpoch over) {
        over.activation().tethers().keySet().forEach(tether::release);
    }

    /** Gives waiting requests to the active epoch's lanes, as far as they have room. */
    private void deal() {
        if (active != null) {
            desk.deal(active);
        }
    }

    /** After something has come back: more may be dealt, or the epoch be over. */
    private void advance(GatewayEpoch epoch) {
        if (epoch == active) {
            deal();
            return;
        }
        desk.dealBacklog(epoch);
        if (epoch.isDrained() && epochs.remove(epoch.number()) != null) {
            release(epoch);
            epoch.tell(new Drained(epoch.number()));
        }
    }
}
