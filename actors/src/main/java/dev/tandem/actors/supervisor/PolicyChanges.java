package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.FailureText;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.actors.protocol.ReloadReport.Replanned;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.core.planner.PlanResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * Puts another policy into force, or none of it: plans all that is served under it first, and refuses it with every reason
 * when something would not fit. What would be placed otherwise gets a new epoch, while the old one serves; when one of
 * these rollouts fails, the old policy is in force again. No other order begins between the trial and the new policy, but what is
 * lost meanwhile is put back. One change at a time. Used by the supervisor's thread only.
 */
final class PolicyChanges {

    /** Beyond the time for a rollout: the ones before it in the queue. */
    private static final Duration WAITING = Duration.ofMinutes(5);

    /** Asks to plan by this from now on. */
    record Change(PlanPolicy policy, ActorRef<? super Outcome> replyTo) implements Command {}

    /** What became of it. */
    sealed interface Outcome {}

    /** @param notes what the user should know, such as names that no node has */
    record Accepted(List<Replanned> epochs, List<String> notes) implements Outcome {}

    record Refused(List<String> reasons) implements Outcome {}

    record LinksKnown(LinkSurvey.Surveyed surveyed) implements Command {}

    /** @param isSecond whether what was refused has been tried as what is left of it */
    record Tried(List<Trial> trials, boolean isSecond) implements Command {}

    record Ended(Trial trial, DeployReply reply) implements Command {}

    /**
     * What serves, and what it would become.
     *
     * @param recovers whether what was ordered cannot be had of the nodes that are left, under the old policy either
     */
    record Trial(Served entry, PlanResult result, boolean recovers) {

        private boolean isRefused() {
            return result instanceof PlanResult.Refused;
        }

        private boolean isChange() {
            return result instanceof PlanResult.Planned planned
                    && !planned.plan().working().equals(entry.order().plan().working());
        }
    }

    private final ActorContext<Command> context;
    private final KnownMembers members;
    private final Planning planning;
    private final Deployments deployments;
    private @Nullable Change current;
    private boolean isTrying;
    private PlanPolicy before;
    private int underWay;
    private final List<Trial> moved = new ArrayList<>();
    private final List<Replanned> replanned = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    PolicyChanges(ActorContext<Command> context, KnownMembers members, Planning planning, Deployments deployments) {
        this.context = context;
        this.members = members;
        this.planning = planning;
        this.deployments = deployments;
        this.before = planning.policy();
    }

    /** There must be none under way. */
    void onChange(Change change) {
        before = planning.policy();
        if (change.policy().plansLike(before)) {
            planning.adopt(change.policy());
            change.replyTo().tell(new Accepted(List.of(), List.of()));
            return;
        }
        current = change;
        isTrying = false;
        moved.clear();
        replanned.clear();
        failures.clear();
        deployments.queue().hold(this::tryOut);
        deployments.startNext();
    }

    private void tryOut() {
        if (isTrying) {
            return;
        }
        isTrying = true;
        List<LinkSurvey.Candidate> unmeasured = deployments.epochs().serving().stream()
                .flatMap(entry -> members.unmeasured(entry.deploy().gateway()).stream())
                .distinct()
                .toList();
        context.spawnAnonymous(
                LinkSurvey.create(unmeasured, OneAnswer.<LinkSurvey.Surveyed>to(context, LinksKnown::new)));
    }

    void onLinksKnown(LinksKnown known) {
        Change change = current;
        if (change == null) {
            return;
        }
        List<CompletableFuture<Trial>> trials = new ArrayList<>();
        for (Served entry : deployments.epochs().serving()) {
            members.addMeasured(known.surveyed(), entry.deploy().gateway());
            trials.add(result(Job.ordered(entry.deploy()), change.policy())
                    .thenApply(result -> new Trial(entry, result, false)));
        }
        await(trials, false);
    }

    private CompletableFuture<PlanResult> result(Job job, PlanPolicy policy) {
        return planning.answer(job, policy)
                .handle((answer, failure) -> failure == null
                        ? answer.result()
                        : new PlanResult.Refused("no plan can be made: " + FailureText.of(failure)));
    }

    private void await(List<CompletableFuture<Trial>> trials, boolean isSecond) {
        context.pipeToSelf(
                CompletableFuture.allOf(trials.toArray(CompletableFuture[]::new)),
                (done, failure) ->
                        new Tried(trials.stream().map(CompletableFuture::join).toList(), isSecond));
    }

    /** What the nodes that are left cannot do under the old policy either is no reason to refuse another. */
    private void tryWhatIsLeft(Change change, List<Trial> trials) {
        List<CompletableFuture<Trial>> second = new ArrayList<>();
        for (Trial trial : trials) {
            Deploy deploy = trial.entry().deploy();
            second.add(
                    trial.isRefused()
                            ? result(Job.ordered(deploy), before)
                                    .thenCombine(
                                            result(Job.recovery(deploy), change.policy()),
                                            (asBefore, left) -> asBefore instanceof PlanResult.Refused
                                                    ? new Trial(trial.entry(), left, true)
                                                    : trial)
                            : CompletableFuture.completedFuture(trial));
        }
        await(second, true);
    }

    void onTried(Tried tried) {
        Change change = current;
        if (change == null) {
            return;
        } else if (!tried.isSecond() && tried.trials().stream().anyMatch(Trial::isRefused)) {
            tryWhatIsLeft(change, tried.trials());
            return;
        }
        for (Trial trial : tried.trials()) {
            if (trial.result() instanceof PlanResult.Refused refused) {
                failures.add(name(trial.entry()) + ": " + refused.reason());
            }
        }
        if (failures.isEmpty()) {
            planning.adopt(change.policy());
            deployments.dropMoves();
            tried.trials().forEach(trial -> placedOtherwise(trial).ifPresent(now -> replan(trial, now)));
        }
        deployments.queue().letGo();
        deployments.startNext();
        endWhenAllHaveEnded();
    }

    /** What serves and is to be placed otherwise: also what was put back meanwhile, under the old policy. */
    private Optional<Served> placedOtherwise(Trial trial) {
        Optional<Served> now = deployments.epochs().of(trial.entry().order().gateway());
        return trial.isChange()
                ? now
                : now.filter(entry -> entry.epoch() != trial.entry().epoch());
    }

    private static String name(Served entry) {
        return entry.order().plan().model() + " of " + entry.deploy().gateway().node();
    }

    /** Unless it is withdrawn by now, or an order waits that will take its place under the new policy. */
    private void replan(Trial trial, Served now) {
        if (!deployments.isPending(now.order().gateway())) {
            underWay++;
            place(trial, OneAnswer.to(context, reply -> new Ended(trial, reply)));
        }
    }

    private void place(Trial trial, ActorRef<DeployReply> replyTo) {
        Deploy deploy = trial.entry().deploy();
        if (trial.recovers()) {
            deployments.evacuate(trial.entry(), replyTo);
            return;
        }
        deployments.onDeploy(new Deploy(deploy.offer(), deploy.order(), deploy.gateway(), WAITING.toMillis(), replyTo));
    }

    void onEnded(Ended ended) {
        underWay--;
        Served entry = ended.trial().entry();
        boolean isWanted = deployments.isServedOrFollowed(entry.order().gateway());
        if (Orders.isOutrun(ended.reply())) {
            // What was put in place instead may be by the old policy.
            deployments.epochs().of(entry.order().gateway()).ifPresent(now -> replan(ended.trial(), now));
        } else if (ended.reply() instanceof Deployed deployed) {
            moved.add(ended.trial());
            replanned.add(new Replanned(
                    deployed.plan().model(), entry.deploy().gateway().node(), deployed.epoch()));
        } else if (isWanted && ended.reply() instanceof DeployReply.PlanRefused refused) {
            failures.add(name(entry) + ": " + refused.reason());
        } else if (isWanted && ended.reply() instanceof DeployReply.RolloutFailed failed) {
            failures.add(name(entry) + ": " + failed.reason());
        }
        endWhenAllHaveEnded();
    }

    private void endWhenAllHaveEnded() {
        Change change = current;
        if (change == null || underWay > 0) {
            return;
        }
        current = null;
        if (failures.isEmpty()) {
            deployments.resumeAll();
            change.replyTo().tell(new Accepted(List.copyOf(replanned), notes(change.policy())));
        } else {
            planning.adopt(before);
            moved.stream()
                    .filter(trial ->
                            !deployments.isPending(trial.entry().order().gateway()))
                    .forEach(trial -> place(trial, context.getSystem().ignoreRef()));
            change.replyTo().tell(new Refused(List.copyOf(failures)));
        }
    }

    private List<String> notes(PlanPolicy policy) {
        List<String> unknown = policy.nodes().stream()
                .filter(node -> !members.nodes().contains(node))
                .toList();
        return unknown.isEmpty()
                ? List.of()
                : List.of("tandem.planner.nodes allows " + unknown + ", which the cluster does not have now");
    }
}
