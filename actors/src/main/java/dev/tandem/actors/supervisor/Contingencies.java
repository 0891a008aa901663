package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages.DropContingency;
import dev.tandem.actors.node.FailureText;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.PlanMaker.Foresight;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.config.StandbyMode;
import dev.tandem.core.adapt.Patience;
import dev.tandem.core.plan.Plan;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * Has plans made for the loss of each single node that serves, before it happens, and has lanes of them stand by where the
 * settings say so. One plan that serves is looked at at a time, when nothing else is to be done. Used by the supervisor's thread
 * only.
 */
final class Contingencies {

    /** What was to stand by and could not be put in place is tried again after that, and later and later. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

    /** Several announcements of a gateway that has been left something. */
    private static final Duration HEARD_OF_BY_THEN = Duration.ofSeconds(3);

    record Made(Basis basis, Foresight foresight) implements Command {}

    record NotMade(Basis basis, String reason) implements Command {}

    record MoveEnded(Basis basis, DeployReply reply) implements Command {}

    /**
     * What plans are made ahead for; when it is another they are made anew.
     *
     * @param nodes that do not leave
     * @param links how many are known
     * @param others epochs that are in place beside it
     */
    record Basis(
            ActorRef<DataMessage> gateway,
            long epoch,
            Set<Integer> lostLanes,
            Set<String> nodes,
            int links,
            Set<Long> others,
            PlanPolicy policy) {}

    /** What is done ahead for a gateway. */
    private static final class Seat {
        private Basis basis;
        private long sinceNanos = System.nanoTime();
        private boolean isDone;
        private boolean hasFailed;
        /** What the gateway is to put in place itself. */
        private @Nullable Plan entrusted;

        private long entrustedNanos;

        private Patience retries = new Patience(RETRY, LONGEST_RETRY);

        private Seat(Basis basis) {
            this.basis = basis;
        }

        /** Begins anew when it is another. */
        private void see(Basis now) {
            if (!now.equals(basis)) {
                basis = now;
                sinceNanos = System.nanoTime();
                isDone = false;
            }
        }

        private boolean mayBegin(Duration pause) {
            long now = System.nanoTime();
            return !isDone && now - sinceNanos >= pause.toNanos() && (!hasFailed || retries.mayTry(now));
        }

        private void entrust(Plan plan) {
            entrusted = plan;
            entrustedNanos = System.nanoTime();
        }

        /** The gateway does not keep it: it cannot be tied to the supervisor's node. */
        private void isRefused() {
            entrusted = null;
            failed();
        }

        private void succeeded() {
            hasFailed = false;
            retries = new Patience(RETRY, LONGEST_RETRY);
        }

        private void failed() {
            isDone = false;
            if (hasFailed) {
                retries.wasInVain();
            } else {
                hasFailed = true;
                var unused = retries.mayTry(System.nanoTime());
            }
        }
    }

    private final ActorContext<Command> context;
    private final KnownMembers members;
    private final Planning planning;
    private final Deployments deployments;
    private final Duration pause;
    private final Map<ActorRef<DataMessage>, Seat> seats = new HashMap<>();
    private boolean isMaking;

    /** @param pause until something is made ahead for what has changed: what was lost is made up for by then */
    Contingencies(
            ActorContext<Command> context,
            KnownMembers members,
            Planning planning,
            Deployments deployments,
            Duration pause) {
        this.context = context;
        this.members = members;
        this.planning = planning;
        this.deployments = deployments;
        this.pause = pause;
    }

    void onTick() {
        seats.keySet().removeIf(gateway -> !members.gateways().contains(gateway));
        planning.ahead().retain(members.gateways()::contains);
        List<Served> serving = deployments.epochs().serving();
        Set<ActorRef<DataMessage>> served =
                serving.stream().map(entry -> entry.order().gateway()).collect(Collectors.toSet());
        seats.forEach((gateway, seat) -> {
            if (!served.contains(gateway)) {
                seat.entrusted = null;
            }
        });
        serving.forEach(this::look);
        if (!isMaking && !deployments.isBusy()) {
            serving.stream()
                    .filter(this::isWanted)
                    .filter(entry -> seat(entry).mayBegin(pause))
                    .findFirst()
                    .ifPresent(this::make);
        }
    }

    private void look(Served entry) {
        Seat seat = seat(entry);
        Basis now = basis(entry);
        if (seat.entrusted != null && !(now.equals(seat.basis) && isWanted(entry))) {
            seat.entrusted = null;
            entry.order().gateway().tell(new DropContingency(seat.basis.epoch()));
        }
        seat.see(now);
    }

    /** What another supervisor has left a gateway is for what was there then; what this one has may not be kept. */
    void onAnnounce(Announce announce) {
        ActorRef<DataMessage> gateway = announce.gateway().gateway();
        Seat seat = seats.get(gateway);
        boolean isKept = announce.reservedEpoch() != 0;
        if (seat == null || seat.entrusted == null) {
            if (isKept) {
                gateway.tell(new DropContingency(announce.serving()));
            }
        } else if (!isKept
                && announce.serving() == seat.basis.epoch()
                && System.nanoTime() - seat.entrustedNanos > HEARD_OF_BY_THEN.toNanos()) {
            seat.isRefused();
        }
    }

    private Seat seat(Served entry) {
        return seats.computeIfAbsent(entry.order().gateway(), gateway -> new Seat(basis(entry)));
    }

    /** What somebody has planned himself stays, and what is to be replaced is not worth it. */
    private boolean isWanted(Served entry) {
        return entry.deploy().order().given().isEmpty()
                && !entry.isDegraded()
                && (planning.policy().rebalance().standby() != StandbyMode.NONE
                        || !entry.order().plan().standby().isEmpty());
    }

    private Basis basis(Served entry) {
        return new Basis(
                entry.order().gateway(),
                entry.epoch(),
                entry.lostLanes(),
                members.nodes().staying(),
                members.links().all().size(),
                deployments.epochs().all().stream()
                        .map(Served::epoch)
                        .filter(other -> other != entry.epoch())
                        .collect(Collectors.toSet()),
                planning.policy());
    }

    private void make(Served entry) {
        isMaking = true;
        Basis basis = basis(entry);
        context.pipeToSelf(
                planning.foresee(entry, deployments.epochs().plansBeside(entry)),
                (foresight, failure) ->
                        failure == null ? new Made(basis, foresight) : new NotMade(basis, FailureText.of(failure)));
    }

    void onNotMade(NotMade failure) {
        isMaking = false;
        seatOf(failure.basis()).ifPresent(Seat::failed);
        context.getLog()
                .warn(
                        "epoch {}: no plans can be made ahead: {}",
                        failure.basis().epoch(),
                        failure.reason());
    }

    /** What has changed meanwhile is looked at again. */
    void onMade(Made made) {
        isMaking = false;
        Basis basis = made.basis();
        deployments
                .epochs()
                .serving(basis.epoch())
                .filter(entry -> basis(entry).equals(basis))
                .ifPresent(entry -> use(entry, made));
    }

    private void use(Served entry, Made made) {
        Foresight foresight = made.foresight();
        if (made.basis().policy().rebalance().standby() != StandbyMode.NONE) {
            planning.ahead()
                    .put(new PlansAhead.Foreseen(
                            entry.deploy(), made.basis().policy(), foresight.nodes(), foresight.without()));
        }
        Seat seat = seat(entry);
        if (foresight.instead().isEmpty()) {
            seat.isDone = true;
            seat.succeeded();
            entrust(entry, foresight, seat);
        } else if (!deployments.isBusy()) {
            seat.isDone = true;
            move(entry, foresight.instead().get(), made.basis());
        }
    }

    /** Who would place the plan for the loss of the supervisor's own node is lost with it. Several gateways may have to at once. */
    private void entrust(Served entry, Foresight foresight, Seat seat) {
        List<Plan> others = plansOfOthersAfterTheLoss(entry);
        members.nodes().here().ifPresent(here -> Optional.ofNullable(
                        foresight.without().get(here))
                .filter(plan -> planning.lackBeside(Job.recovery(entry.deploy()), plan, others)
                        .isEmpty())
                .filter(plan -> deployments.entrust(entry, here, plan))
                .ifPresent(seat::entrust));
    }

    /** What was left to the other gateways, and of those to which nothing was what is in place. */
    private List<Plan> plansOfOthersAfterTheLoss(Served entry) {
        return deployments.epochs().all().stream()
                .filter(other -> !other.isFor(entry.order().gateway()))
                .map(other -> Optional.ofNullable(seats.get(other.order().gateway()))
                        .map(seat -> seat.entrusted)
                        .orElse(other.order().plan()))
                .toList();
    }

    private void move(Served entry, Plan plan, Basis basis) {
        context.getLog()
                .info(
                        "epoch {} of {} moves: {} lanes are to stand by",
                        entry.epoch(),
                        plan.model(),
                        plan.standby().size());
        deployments.move(entry, plan, OneAnswer.to(context, (DeployReply reply) -> new MoveEnded(basis, reply)));
    }

    /** A move that was outrun, or has failed, is made again; one that has not makes another epoch. */
    void onMoveEnded(MoveEnded ended) {
        seatOf(ended.basis()).ifPresent(ended.reply() instanceof DeployReply.Deployed ? Seat::succeeded : Seat::failed);
    }

    private Optional<Seat> seatOf(Basis basis) {
        return Optional.ofNullable(seats.get(basis.gateway()));
    }
}
