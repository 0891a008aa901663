package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.FailureText;
import dev.tandem.actors.supervisor.PlanMaker.Foresight;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.config.StandbyMode;
import dev.tandem.core.plan.Plan;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Has plans made for the loss of each single node that serves, before it happens, and has lanes of them stand by where the
 * settings say so. One plan that serves is looked at at a time, when nothing else is to be done. Used by the supervisor's thread
 * only.
 */
final class Contingencies {

    record Made(Basis basis, Foresight foresight) implements Command {}

    record NotMade(Basis basis, String reason) implements Command {}

    /** What plans were made ahead for; when it is another they are made anew. */
    record Basis(
            ActorRef<DataMessage> gateway, long epoch, Set<Integer> lostLanes, Set<String> nodes, PlanPolicy policy) {}

    private final ActorContext<Command> context;
    private final KnownMembers members;
    private final Planning planning;
    private final Deployments deployments;
    private final Duration pause;
    private final Map<ActorRef<DataMessage>, Basis> done = new HashMap<>();
    private final Map<Long, Long> seenNanos = new HashMap<>();
    private boolean isMaking;

    /** @param pause from when a plan serves until something is made ahead for it: what was lost is made up for by then */
    Contingencies(
            ActorContext<Command> context,
            KnownMembers members,
            Planning planning,
            Deployments deployments,
            Duration pause) {
        this.context = context;
        this.pause = pause;
        this.members = members;
        this.planning = planning;
        this.deployments = deployments;
    }

    void onTick() {
        done.keySet().removeIf(gateway -> !members.gateways().contains(gateway));
        planning.ahead().retain(members.gateways()::contains);
        List<Served> serving = deployments.epochs().serving();
        seenNanos.keySet().retainAll(serving.stream().map(Served::epoch).toList());
        serving.forEach(entry -> seenNanos.putIfAbsent(entry.epoch(), System.nanoTime()));
        if (!isMaking && !deployments.isBusy()) {
            serving.stream().filter(this::isDue).findFirst().ifPresent(this::make);
        }
    }

    /** What somebody has planned himself stays, and what is to be replaced is not worth it. */
    private boolean isDue(Served entry) {
        return entry.deploy().order().given().isEmpty()
                && !entry.isDegraded()
                && System.nanoTime() - seenNanos.getOrDefault(entry.epoch(), 0L) >= pause.toNanos()
                && isOfUse(entry.order().plan())
                && !basis(entry).equals(done.get(entry.order().gateway()));
    }

    private boolean isOfUse(Plan plan) {
        return planning.policy().rebalance().standby() != StandbyMode.NONE
                || !plan.standby().isEmpty();
    }

    private Basis basis(Served entry) {
        return new Basis(
                entry.order().gateway(),
                entry.epoch(),
                entry.lostLanes(),
                Set.copyOf(members.nodes().agents().keySet()),
                planning.policy());
    }

    private void make(Served entry) {
        isMaking = true;
        Basis basis = basis(entry);
        context.pipeToSelf(
                planning.foresee(entry, others(entry)),
                (foresight, failure) ->
                        failure == null ? new Made(basis, foresight) : new NotMade(basis, FailureText.of(failure)));
    }

    private List<Plan> others(Served entry) {
        return deployments.epochs().all().stream()
                .filter(other -> other.epoch() != entry.epoch())
                .map(other -> other.order().plan())
                .toList();
    }

    void onNotMade(NotMade failure) {
        isMaking = false;
        done.put(failure.basis().gateway(), failure.basis());
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
                .filter(entry -> !deployments.isBusy() && basis(entry).equals(basis))
                .ifPresent(entry -> use(entry, made));
    }

    private void use(Served entry, Made made) {
        done.put(made.basis().gateway(), made.basis());
        Map<String, Plan> plans = made.foresight().without();
        planning.ahead().put(entry.deploy(), plans);
        context.getLog().debug("epoch {}: there are plans for the loss of each of {}", entry.epoch(), plans.keySet());
        made.foresight().instead().ifPresent(plan -> {
            context.getLog()
                    .info(
                            "epoch {} of {} moves: {} lanes are to stand by",
                            entry.epoch(),
                            plan.model(),
                            plan.standby().size());
            deployments.move(entry, plan, context.getSystem().ignoreRef());
        });
    }
}
