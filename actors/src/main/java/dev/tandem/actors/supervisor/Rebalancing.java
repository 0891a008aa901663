package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages.Describe;
import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.node.FailureText;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.supervisor.PlanMaker.Rating;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.adapt.CoreGroupSpeeds;
import dev.tandem.core.adapt.MoveCost;
import dev.tandem.core.adapt.MoveVerdict;
import dev.tandem.core.cost.Calibration;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * Watches how fast core groups are while plans serve, and has a plan replaced when another is worth the move: when speeds
 * have changed or nodes have come, the model is planned anew, and both plans are rated for the machines as they are. One
 * model is judged at a time. Used by the supervisor's thread only.
 */
final class Rebalancing {

    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** By which a speed must have changed for the plan to be looked at again. */
    private static final double CHANGE = 1.15;

    enum Tick implements Command {
        TICK
    }

    record Heard(Stats stats) implements Command {}

    /** What the plan of an epoch does where all core groups are as fast as they were measured. */
    record Scored(long epoch, PlanResult asMeasured) implements Command {}

    record LinksKnown(long epoch, LinkSurvey.Surveyed surveyed) implements Command {}

    record Rated(long epoch, Rating rating) implements Command {}

    record NotRated(long epoch, String reason) implements Command {}

    record MoveEnded(long epoch, DeployReply reply) implements Command {}

    /**
     * An epoch that serves.
     *
     * @param sinceNanos it was first seen to serve, or was last tried to be replaced
     * @param judged speeds when it was planned, or looked at last
     */
    private record Seat(long epoch, long sinceNanos, Calibration judged) {}

    /**
     * What is known of the machines and plans.
     *
     * @param speeds of core groups that were watched long enough
     * @param verdicts on plans that serve and were looked at, by epoch
     */
    record Insight(Calibration speeds, Map<Long, String> verdicts) {}

    private final ActorContext<Command> context;
    private final KnownMembers members;
    private final CoreGroupSpeeds speeds;
    private final Planning planning;
    private final Deployments deployments;
    private final ActorRef<Stats> ears;
    private final Map<ActorRef<DataMessage>, Seat> seats = new HashMap<>();
    private final Map<Long, WatchedEpoch> watched = new HashMap<>();
    /** Epochs to look at again whatever their core groups' speeds. */
    private final Set<Long> due = new HashSet<>();

    private final Map<Long, String> verdicts = new HashMap<>();

    private @Nullable Seat underWay;

    Rebalancing(
            ActorContext<Command> context,
            KnownMembers members,
            CoreGroupSpeeds speeds,
            Planning planning,
            Deployments deployments) {
        this.context = context;
        this.members = members;
        this.speeds = speeds;
        this.planning = planning;
        this.deployments = deployments;
        this.ears = context.messageAdapter(Stats.class, Heard::new);
        context.scheduleOnce(INTERVAL, context.getSelf(), Tick.TICK);
    }

    /** There is another node, which what serves may be better with. */
    void onNewNode(String node) {
        speeds.forget(node);
        deployments.epochs().serving().forEach(entry -> due.add(entry.epoch()));
    }

    Insight insight() {
        return new Insight(speeds.known(System.nanoTime()), Map.copyOf(verdicts));
    }

    void onTick() {
        context.scheduleOnce(INTERVAL, context.getSelf(), Tick.TICK);
        Set<Long> serving =
                deployments.epochs().serving().stream().map(Served::epoch).collect(Collectors.toSet());
        watched.keySet().retainAll(serving);
        due.retainAll(serving);
        verdicts.keySet().retainAll(serving);
        seats.values().removeIf(seat -> !serving.contains(seat.epoch()));
        deployments.epochs().serving().forEach(this::look);
    }

    private void look(Served entry) {
        if (!seats.containsKey(entry.order().gateway())) {
            seats.put(entry.order().gateway(), new Seat(entry.epoch(), System.nanoTime(), planning.calibration()));
            context.pipeToSelf(
                    planning.scoreAsMeasured(entry),
                    (score, failure) -> failure == null
                            ? new Scored(entry.epoch(), score)
                            : new Scored(entry.epoch(), new Refused(FailureText.of(failure))));
        } else if (watched.containsKey(entry.epoch())) {
            entry.order().gateway().tell(new Describe(ears));
            consider(entry);
        }
    }

    /** What cannot be scored, as when a new supervisor does not know all nodes yet, is tried again. */
    void onScored(Scored scored) {
        if (scored.asMeasured() instanceof Planned planned) {
            watched.put(
                    scored.epoch(),
                    new WatchedEpoch(scored.epoch(), planned.plan().predicted()));
        } else {
            seats.values().removeIf(seat -> seat.epoch() == scored.epoch());
        }
    }

    void onHeard(Heard heard) {
        WatchedEpoch epoch = watched.get(heard.stats().epoch());
        if (epoch != null) {
            long now = System.nanoTime();
            epoch.hear(heard.stats().shards()).forEach((group, sample) -> speeds.add(group, sample, now));
        }
    }

    /** What somebody has planned himself stays, and so does everything while anything is being put in place. */
    private void consider(Served entry) {
        PlanPolicy.Rebalance policy = planning.policy().rebalance();
        Seat seat = seats.get(entry.order().gateway());
        if (seat == null
                || underWay != null
                || !policy.isEnabled()
                || deployments.isBusy()
                || entry.deploy().order().given().isPresent()
                || System.nanoTime() - seat.sinceNanos() < policy.coolDown().toNanos()) {
            return;
        }
        Calibration now = planning.calibration();
        if (due.contains(entry.epoch()) || now.largestChange(seat.judged()) >= CHANGE) {
            due.remove(entry.epoch());
            judge(entry, new Seat(seat.epoch(), seat.sinceNanos(), now));
        }
    }

    private void judge(Served entry, Seat seat) {
        underWay = seat;
        seats.put(entry.order().gateway(), seat);
        context.spawnAnonymous(LinkSurvey.create(
                members.unmeasured(entry.deploy().gateway()),
                OneAnswer.<LinkSurvey.Surveyed>to(context, surveyed -> new LinksKnown(entry.epoch(), surveyed))));
    }

    void onLinksKnown(LinksKnown known) {
        Optional<Served> entry = deployments.epochs().serving(known.epoch());
        Seat seat = underWay;
        if (entry.isEmpty() || seat == null) {
            underWay = null;
            return;
        }
        members.addMeasured(known.surveyed(), entry.get().deploy().gateway());
        context.pipeToSelf(
                planning.rate(entry.get(), seat.judged()),
                (rating, failure) -> failure == null
                        ? new Rated(known.epoch(), rating)
                        : new NotRated(known.epoch(), FailureText.of(failure)));
    }

    void onNotRated(NotRated failure) {
        underWay = null;
        context.getLog().warn("epoch {} cannot be rated: {}", failure.epoch(), failure.reason());
    }

    void onRated(Rated rated) {
        Seat seat = underWay;
        underWay = null;
        deployments
                .epochs()
                .serving(rated.epoch())
                .filter(entry ->
                        seat != null && !deployments.isPending(entry.order().gateway()))
                .ifPresent(entry -> decide(entry, rated.rating()));
    }

    private void decide(Served entry, Rating rating) {
        MoveVerdict verdict = verdict(entry, rating);
        verdicts.put(entry.epoch(), verdict.reason());
        context.getLog()
                .info(
                        "epoch {} of {} {}: {}",
                        entry.epoch(),
                        entry.order().plan().model(),
                        verdict.moves() ? "moves" : "stays",
                        verdict.reason());
        if (verdict.moves() && rating.anew() instanceof Planned planned) {
            deployments.move(
                    entry,
                    planned.plan(),
                    OneAnswer.to(context, (DeployReply reply) -> new MoveEnded(entry.epoch(), reply)));
        }
    }

    private MoveVerdict verdict(Served entry, Rating rating) {
        if (rating.anew() instanceof Refused refused) {
            return new MoveVerdict(false, refused.reason());
        } else if (rating.inPlace() instanceof Refused refused) {
            return new MoveVerdict(false, refused.reason());
        }
        Plan anew = ((Planned) rating.anew()).plan();
        Plan inPlace = ((Planned) rating.inPlace()).plan();
        if (anew.lanes().equals(inPlace.lanes())) {
            return new MoveVerdict(false, "its plan is the one that would be made now");
        }
        Optional<String> lack = MoveCost.lack(inPlace, anew, rating.topology());
        if (lack.isPresent()) {
            return new MoveVerdict(false, "there is no room for two plans at a time: " + lack.get());
        }
        PlanPolicy policy = planning.policy();
        Objective objective = entry.deploy().order().objective().orElse(policy.objective());
        double seconds = MoveCost.seconds(
                rating.graph(),
                inPlace,
                anew,
                rating.topology(),
                entry.deploy().gateway().node());
        return policy.rebalance()
                .rule()
                .judge(
                        objective,
                        inPlace.predicted(),
                        anew.predicted(),
                        policy.constraints().excess(inPlace),
                        seconds);
    }

    /** A move that has failed is thought of again after another cool-down. */
    void onMoveEnded(MoveEnded ended) {
        if (!(ended.reply() instanceof DeployReply.Deployed)) {
            deployments.epochs().serving(ended.epoch()).ifPresent(entry -> {
                due.add(entry.epoch());
                seats.put(entry.order().gateway(), new Seat(entry.epoch(), System.nanoTime(), planning.calibration()));
            });
        }
    }
}
