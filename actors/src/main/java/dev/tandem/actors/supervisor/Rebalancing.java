package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages.Describe;
import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.node.FailureText;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.supervisor.PlanMaker.Matter;
import dev.tandem.actors.supervisor.PlanMaker.Rating;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.core.adapt.CoreGroupSpeeds;
import dev.tandem.core.adapt.MoveVerdict;
import dev.tandem.core.adapt.Patience;
import dev.tandem.core.adapt.SpeedSample;
import dev.tandem.core.cost.Calibration;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.topology.CoreGroupId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Watches how fast core groups are while plans serve, and has a plan replaced when another is worth the move: when speeds or
 * links have changed or nodes have come, the model is planned anew, and both plans are rated for the machines as they are. One
 * model is judged at a time. Used by the supervisor's thread only.
 */
final class Rebalancing {

    /** By which a speed must have changed for the plan to be looked at again. */
    private static final double CHANGE = 1.15;

    /** A move that could not be made is tried again after that, and later and later. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

    enum Tick implements Command {
        TICK
    }

    record Heard(Stats stats) implements Command {}

    /** What the plan of an epoch does where all core groups are as fast as they were measured. */
    record Scored(long epoch, PlanScore asMeasured) implements Command {}

    record NotScored(long epoch, String reason) implements Command {}

    record LinksKnown(long epoch, LinkSurvey.Surveyed surveyed) implements Command {}

    /** @param policy under which it was rated */
    record Rated(long epoch, PlanPolicy policy, Matter matter, Rating rating) implements Command {}

    record NotRated(long epoch, String reason) implements Command {}

    record MoveEnded(long epoch, DeployReply reply) implements Command {}

    /**
     * What is known of the machines and plans.
     *
     * @param speeds of core groups that were watched long enough
     * @param verdicts on plans that serve and were looked at, by epoch
     */
    record Insight(Calibration speeds, Map<Long, String> verdicts) {}

    /** An epoch that serves. */
    private static final class Seat {
        private final long sinceNanos = System.nanoTime();
        private @Nullable WatchedEpoch watched;
        /** Speeds when it was planned, or looked at last. */
        private Calibration judged = Calibration.NONE;
        /** Whether it is to be looked at whatever the speeds, as at first: a node may have come since it was planned. */
        private boolean isDue = true;

        private String verdict = "";
        private @Nullable Patience retries;
    }

    private final ActorContext<Command> context;
    private final Duration watching;
    private final KnownMembers members;
    private final CoreGroupSpeeds speeds;
    private final Planning planning;
    private final Deployments deployments;
    private final Optional<DecisionRecorder> recorder;
    private final LinkChecks links;
    private final ActorRef<Stats> ears;
    private final Map<Long, Seat> seats = new HashMap<>();
    private PlanPolicy.Rebalance policy;
    private boolean isJudging;

    Rebalancing(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Duration watching,
            KnownMembers members,
            CoreGroupSpeeds speeds,
            Planning planning,
            Deployments deployments,
            Optional<DecisionRecorder> recorder) {
        this.context = context;
        this.watching = watching;
        this.recorder = recorder;
        this.members = members;
        this.speeds = speeds;
        this.planning = planning;
        this.deployments = deployments;
        this.policy = planning.policy().rebalance();
        this.links = new LinkChecks(context, members, this::lookAtAll);
        this.ears = context.messageAdapter(Stats.class, Heard::new);
        timers.startTimerWithFixedDelay(Tick.TICK, watching);
    }

    /** There is another node, which what serves may be better with. */
    void onNewNode(String node) {
        speeds.forget(node);
        seats.values().removeIf(seat -> seat.watched == null);
        lookAtAll();
    }

    void onLostNode(String node) {
        speeds.forget(node);
    }

    private void lookAtAll() {
        seats.values().forEach(seat -> seat.isDue = true);
    }

    Insight insight() {
        Map<Long, String> verdicts = new HashMap<>();
        seats.forEach((epoch, seat) -> verdicts.put(epoch, seat.verdict));
        return new Insight(speeds.known(), verdicts);
    }

    void onTick() {
        List<Served> serving = deployments.epochs().serving();
        Set<Long> epochs = serving.stream().map(Served::epoch).collect(Collectors.toSet());
        seats.keySet().retainAll(epochs);
        links.keep(epochs);
        if (!planning.policy().rebalance().equals(policy)) {
            policy = planning.policy().rebalance();
            lookAtAll();
        }
        serving.forEach(this::look);
    }

    private void look(Served entry) {
        Seat seat = seats.get(entry.epoch());
        if (seat == null) {
            seats.put(entry.epoch(), new Seat());
            score(entry);
        } else if (seat.watched != null) {
            entry.order().gateway().tell(new Describe(ears));
            consider(entry, seat);
        }
    }

    private void score(Served entry) {
        context.pipeToSelf(
                planning.scoreAsMeasured(entry),
                (score, failure) -> failure == null
                        ? new Scored(entry.epoch(), score)
                        : new NotScored(entry.epoch(), FailureText.of(failure)));
    }

    void onScored(Scored scored) {
        Seat seat = seats.get(scored.epoch());
        if (seat != null) {
            seat.watched = new WatchedEpoch(scored.epoch(), scored.asMeasured(), watching);
            seat.judged = deployments
                    .epochs()
                    .serving(scored.epoch())
                    .map(entry -> PlannedSpeeds.of(entry.order().plan(), scored.asMeasured(), planning.calibration()))
                    .orElse(Calibration.NONE);
        }
    }

    /** As when one of its nodes is not known: it is tried again when a node comes. */
    void onNotScored(NotScored failed) {
        context.getLog().debug("epoch {} is not watched: {}", failed.epoch(), failed.reason());
    }

    /** While sessions are opened, core groups have less time for what serves: that says nothing of them. */
    void onHeard(Heard heard) {
        Seat seat = seats.get(heard.stats().epoch());
        if (seat == null || seat.watched == null) {
            return;
        }
        long now = System.nanoTime();
        Map<CoreGroupId, SpeedSample> samples = seat.watched.hear(heard.stats().shards());
        if (!deployments.isBusy()) {
            samples.forEach((group, sample) -> speeds.add(group, sample, now));
        }
        deployments
                .epochs()
                .serving(heard.stats().epoch())
                .filter(entry -> mayLook())
                .ifPresent(entry -> checkLinks(entry, heard.stats(), samples.values()));
    }

    /** Nothing is being put in place, which needs links and core groups itself. */
    private boolean mayLook() {
        return policy.isEnabled() && !isJudging && !deployments.isBusy();
    }

    private void checkLinks(Served entry, Stats stats, Collection<SpeedSample> samples) {
        links.hear(
                entry,
                stats,
                samples.stream().mapToDouble(SpeedSample::busyShare).max());
        links.lookAtSlowOnes(entry.deploy().gateway());
    }

    void onLinksChecked(LinkChecks.Checked checked) {
        links.onChecked(checked);
    }

    /** What somebody has planned himself stays. */
    private void consider(Served entry, Seat seat) {
        long now = System.nanoTime();
        if (!mayLook()
                || entry.deploy().order().given().isPresent()
                || now - seat.sinceNanos < policy.coolDown().toNanos()) {
            return;
        }
        Calibration speedsNow = planning.calibration();
        boolean isAgain = seat.retries != null && seat.retries.mayTry(now);
        if (isAgain || seat.isDue || speedsNow.largestChange(seat.judged) >= CHANGE) {
            seat.isDue = false;
            seat.judged = speedsNow;
            isJudging = true;
            context.spawnAnonymous(LinkSurvey.create(
                    members.unmeasured(entry.deploy().gateway()),
                    OneAnswer.<LinkSurvey.Surveyed>to(context, surveyed -> new LinksKnown(entry.epoch(), surveyed))));
        }
    }

    void onLinksKnown(LinksKnown known) {
        Optional<Served> entry = deployments.epochs().serving(known.epoch());
        Seat seat = seats.get(known.epoch());
        if (entry.isEmpty() || seat == null) {
            isJudging = false;
            return;
        }
        members.addMeasured(known.surveyed(), entry.get().deploy().gateway());
        PlanPolicy under = planning.policy();
        Matter matter = planning.matter(entry.get(), seat.judged);
        context.pipeToSelf(
                planning.rate(matter),
                (rating, failure) -> failure == null
                        ? new Rated(known.epoch(), under, matter, rating)
                        : new NotRated(known.epoch(), FailureText.of(failure)));
    }

    void onNotRated(NotRated failure) {
        isJudging = false;
        context.getLog().warn("epoch {} cannot be rated: {}", failure.epoch(), failure.reason());
    }

    /** While other settings or another order are on their way, or other settings are in force, it is looked at again. */
    void onRated(Rated rated) {
        isJudging = false;
        Seat seat = seats.get(rated.epoch());
        Optional<Served> entry = deployments.epochs().serving(rated.epoch());
        if (seat == null || entry.isEmpty()) {
            return;
        }
        if (deployments.isBusy() || !planning.policy().equals(rated.policy())) {
            seat.isDue = true;
        } else {
            decide(entry.get(), seat, rated);
        }
    }

    private void decide(Served entry, Seat seat, Rated rated) {
        List<Plan> others = deployments.epochs().plansBeside(entry);
        MoveVerdict verdict = MoveJudge.judge(
                rated.matter(),
                rated.rating(),
                others,
                rated.policy().rebalance().rule());
        Look look = Look.of(entry, rated, planning.costs(), others, verdict);
        recorder.ifPresent(file -> file.record(entry.deploy().offer(), look));
        seat.verdict = verdict.reason();
        context.getLog()
                .info(
                        "epoch {} of {} {}: {}",
                        entry.epoch(),
                        entry.order().plan().model(),
                        verdict.moves() ? "moves" : "stays",
                        verdict.reason());
        if (verdict.moves() && rated.rating().anew() instanceof Planned planned) {
            deployments.move(
                    entry,
                    planned.plan(),
                    OneAnswer.to(context, (DeployReply reply) -> new MoveEnded(entry.epoch(), reply)));
        } else {
            seat.retries = null;
        }
    }

    void onMoveEnded(MoveEnded ended) {
        Seat seat = seats.get(ended.epoch());
        if (seat == null || ended.reply() instanceof DeployReply.Deployed) {
            return;
        }
        if (seat.retries == null) {
            seat.retries = new Patience(RETRY, LONGEST_RETRY);
            var unused = seat.retries.mayTry(System.nanoTime());
        } else {
            seat.retries.wasInVain();
        }
        seat.verdict = "it was to move, but " + reason(ended.reply());
    }

    private static String reason(DeployReply reply) {
        return reply instanceof DeployReply.PlanRefused refused
                ? refused.reason()
                : ((DeployReply.RolloutFailed) reply).reason();
    }
}
