package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.node.FailureText;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.Placement.Running;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * The deployment that is being carried out: from the queue, by a plan, into place or to an end before its time. Then the next one.
 * Used by the supervisor's thread only.
 */
final class JobUnderWay {

    /** @param gateway for which links were measured */
    record SurveyEnded(long number, SupervisorMessages.GatewayRef gateway, LinkSurvey.Surveyed surveyed)
            implements Command {}

    /** @param number of the question */
    record PlanMade(long number, PlanMaker.Answer answer) implements Command {}

    record PlanFailed(long number, Throwable failure) implements Command {}

    record RolloutEnded(Rollout.Outcome outcome) implements Command {}

    record DrainOverdue(long epoch) implements Command {}

    /** All nodes have had time to register. */
    enum Begin implements Command {
        BEGIN
    }

    private final ActorContext<Command> context;
    private final Supervisor.Limits limits;
    private final KnownMembers members;
    private final Planning planning;
    private final ServedEpochs epochs;
    private final DeployQueue queue;
    private final Recoveries recoveries;
    private final Orders orders;
    private final Census census;
    private final Placement placement;
    private @Nullable Job current;
    private @Nullable JobStop stop;

    /** @param gatewayReplies hears what gateways say of epochs later */
    JobUnderWay(
            ActorContext<Command> context,
            Supervisor.Limits limits,
            KnownMembers members,
            Planning planning,
            ServedEpochs epochs,
            DeployQueue queue,
            Recoveries recoveries,
            Orders orders,
            ActorRef<GatewayMessages.Reply> gatewayReplies) {
        this.context = context;
        this.limits = limits;
        this.members = members;
        this.planning = planning;
        this.epochs = epochs;
        this.queue = queue;
        this.recoveries = recoveries;
        this.orders = orders;
        this.census = new Census(context.getSystem(), members.nodes(), limits.settling());
        this.placement = new Placement(context, limits, members, planning, gatewayReplies);
        context.scheduleOnce(limits.settling(), context.getSelf(), Begin.BEGIN);
    }

    Placement placement() {
        return placement;
    }

    boolean isNone() {
        return current == null;
    }

    boolean isFor(ActorRef<DataMessage> gateway) {
        return current != null && current.isFor(gateway);
    }

    boolean isOrder(String id) {
        return current != null && current.isOrder(id);
    }

    boolean isMove() {
        return current != null && current.move().isPresent();
    }

    boolean isRecoveryFor(ActorRef<DataMessage> gateway) {
        return isFor(gateway) && current != null && current.recovers();
    }

    /** Whether it waits for links to be measured, which nothing that is lost is to wait for. */
    boolean isOrderSurveying() {
        return current != null && !current.recovers() && placement.isSurveying();
    }

    /**
     * Whether something that has just been lost is to be put back first. An order for the same gateway would replace that, too, but
     * not soon, and neither would what waits for links to be measured.
     */
    boolean isLessUrgentThan(Served lost) {
        ActorRef<DataMessage> gateway = lost.order().gateway();
        return placement.isSurveying()
                || (current != null
                        && !current.isFor(gateway)
                        && (!current.recovers() || (isServed(current.gateway()) && !isServed(gateway))));
    }

    private boolean isServed(ActorRef<DataMessage> gateway) {
        return epochs.of(gateway).isPresent();
    }

    /** Whether its plan has this node, or may have when it is made. */
    boolean mayUse(String node) {
        return current != null && (placement.running().isEmpty() || placement.isRolling(order -> order.uses(node)));
    }

    /** Whether what is on its way into place has an exchange of frames that this is about. */
    boolean ties(PeerLost lost) {
        Job job = current;
        return job != null
                && placement.isRolling(
                        order -> order.ties(lost, job.deploy().gateway().node(), Set.of()));
    }

    /** What is being put in place cannot be. */
    void cancelRollout(Predicate<RolloutOrder> which, String reason) {
        if (placement.isRolling(which)) {
            placement.tell(new Rollout.Cancel(reason));
        }
    }

    /** Ends it before its time, if there is one. Measuring and planning may take long while nodes come and go: nobody waits for them. */
    void stop(JobStop.Kind kind, String reason) {
        Job job = current;
        if (job == null) {
            return;
        }
        JobStop why = new JobStop(kind, reason).after(stop);
        stop = why;
        placement.tell(why.event());
        if (placement.leaveSurvey() || placement.leavePlanning()) {
            end(job, why);
        }
    }

    private void end(Job job, JobStop why) {
        if (why.is(JobStop.Kind.DISPLACED)) {
            putBehindRecoveries(job);
        } else {
            end(new DeployReply.RolloutFailed(why.reason()), why.reason());
        }
    }

    /** Has the current job tried again. */
    private void putBack(Job job) {
        current = null;
        stop = null;
        queue.putBack(job);
        startNext();
    }

    /** Has the current job wait for its turn again, after what it was displaced by. */
    private void putBehindRecoveries(Job job) {
        current = null;
        stop = null;
        queue.putBehindRecoveries(job);
        startNext();
    }

    /** Takes the first out of the queue, if none is under way. */
    void startNext() {
        if (current != null || !census.isComplete()) {
            return;
        }
        orders.outrun(queue.dropMoves(epoch -> epochs.serving(epoch).isPresent()));
        Job next = queue.poll(members.gateways()::contains, job -> job.recovers() && !isServed(job.gateway()));
        if (next != null) {
            current = next;
            placement.begin(
                    next, epochs.of(next.gateway()).map(Served::isDegraded).orElse(true));
        }
    }

    void onSurveyEnded(SurveyEnded ended) {
        boolean isAwaited = placement.endSurvey(ended);
        Job job = current;
        if (job == null || !isAwaited) {
            return;
        } else if (members.nodes().isEmpty()) {
            refuse("the cluster has no nodes. Maybe start one with 'tandem node'.");
        } else {
            placement.plan(job);
        }
    }

    void onPlanMade(PlanMade made) {
        Job job = current;
        if (!placement.endPlanning(made.number()) || job == null) {
            return;
        } else if (made.answer().result() instanceof PlanResult.Refused refused) {
            if (placement.isSurveyed()) {
                refuse(refused.reason());
            } else {
                placement.survey(job);
            }
        } else {
            rollOut(job, made.answer(), ((PlanResult.Planned) made.answer().result()).plan());
        }
    }

    void onPlanFailed(PlanFailed failed) {
        if (placement.endPlanning(failed.number())) {
            context.getLog().warn("no plan can be made", failed.failure());
            refuse("no plan can be made: " + FailureText.of(failed.failure())
                    + ". Maybe look at the log of the supervisor's node.");
        }
    }

    private void rollOut(Job job, PlanMaker.Answer answer, Plan plan) {
        Optional<RolloutOrder> order = placement.order(job, answer, plan);
        Optional<String> lack = planning.lack(job, plan);
        if (order.isEmpty() && job.mayTryAgain()) {
            putBack(job.again());
        } else if (order.isEmpty()) {
            refuse("nodes are lost faster than plans are made. Maybe deploy again.");
        } else if (lack.isPresent() && job.move().isPresent()) {
            refuse("there is no room for another plan beside it: " + lack.get());
        } else {
            lack.ifPresent(text -> makeRoom(job, plan, text));
            placement.rollOut(order.get());
        }
    }

    /**
     * Where it is enough what drains is freed, and what serves computes what that owes; otherwise what serves. What drains of another
     * model has nobody to compute for it, and stays.
     */
    private void makeRoom(Job job, Plan plan, String lack) {
        String reason = "there is no room for the next plan beside it: " + lack;
        List<Plan> serving = epochs.of(job.gateway()).stream()
                .map(entry -> entry.order().plan())
                .toList();
        planning.lack(job, plan, serving).ifPresent(still -> takeOut(job, reason));
        if (planning.lack(job, plan).isPresent()) {
            epochs.drainingOf(job.gateway()).stream()
                    .filter(entry -> entry.order().plan().modelDigest().equals(plan.modelDigest()))
                    .forEach(entry -> endDraining(entry, reason));
        }
    }

    /** An order's forerunner is put back if the order cannot be put in place. Requests wait meanwhile. */
    private void takeOut(Job job, String reason) {
        epochs.of(job.gateway()).ifPresent(serving -> {
            context.getLog().warn("epoch {} is taken out before the next one is in place: {}", serving.epoch(), reason);
            epochs.abandonServing(job.gateway(), reason, Outlook.ANOTHER_FOLLOWS);
            recoveries.addTakenOut(serving, job);
        });
    }

    void onRolloutEnded(RolloutEnded event) {
        Rollout.Outcome outcome = event.outcome();
        Job job = current;
        Optional<Running> under = placement.end(outcome);
        if (job == null || under.isEmpty()) {
            return;
        }
        if (outcome instanceof Rollout.Done) {
            done(job, under.get());
        } else if (outcome instanceof Rollout.Broken broken) {
            broken(job, under.get(), broken.reason());
        } else {
            failed(job, ((Rollout.Failed) outcome).reason());
        }
    }

    private void done(Job job, Running ended) {
        Deploy deploy = job.deploy().answered(context.getSystem().ignoreRef());
        replace(deploy, ended);
        recoveries.restored(job.gateway());
        orders.outrun(queue.dropRecoveries(job.gateway()));
        if (placement.isOutdated() && !isWithdrawn()) {
            queue.addLast(Job.recovery(deploy));
        }
        end(new DeployReply.Deployed(ended.order().epoch(), ended.order().plan()), "");
    }

    /** It was in place for a moment, and what it was to replace is gone: it must be put back, whoever has given up. */
    private void broken(Job job, Running ended, String reason) {
        replace(job.deploy(), ended);
        if (isWithdrawn()) {
            epochs.abandonServing(job.gateway(), reason, Outlook.OVER);
        } else {
            epochs.of(job.gateway()).ifPresent(recoveries::breaks);
            epochs.abandonServing(job.gateway(), reason, Outlook.ANOTHER_FOLLOWS);
            stop = null;
        }
        failed(job.asRecovery(), reason);
    }

    /** Only what is to be put back is tried again; who has ordered something decides for himself. */
    private void failed(Job job, String reason) {
        context.getLog().warn("a rollout has failed: {}", reason);
        if (stop != null && stop.is(JobStop.Kind.DISPLACED)) {
            putBehindRecoveries(job);
        } else if (stop == null && job.recovers() && job.mayTryAgain()) {
            putBack(job.again());
        } else {
            end(new DeployReply.RolloutFailed(reason), reason);
        }
    }

    /** No plan, and nothing has changed. */
    private void refuse(String reason) {
        end(new DeployReply.PlanRefused(reason), reason);
    }

    /** Ends the current job. A gateway that waits for it must hear when nothing will follow. */
    private void end(DeployReply reply, String reason) {
        Job job = current;
        if (job != null) {
            current = null;
            orders.answer(job.deploy(), reply);
            if (stop != null && isWithdrawn()) {
                epochs.abandonServing(job.gateway(), stop.reason(), Outlook.OVER);
            } else if (!isServedOrFollowed(job.gateway())) {
                recoveries.endInVain(job, reason);
            } else if (!(reply instanceof DeployReply.Deployed)) {
                recoveries.retryIfDegraded(job.gateway());
            }
        }
        stop = null;
        startNext();
    }

    private boolean isWithdrawn() {
        return stop != null && stop.is(JobStop.Kind.WITHDRAWN);
    }

    /** Whether a later order for the gateway is to be carried out, or is being. */
    boolean isPending(ActorRef<DataMessage> gateway) {
        return queue.hasAnyFor(gateway) || isFor(gateway);
    }

    boolean isServedOrFollowed(ActorRef<DataMessage> gateway) {
        return isServed(gateway) || isPending(gateway);
    }

    private void replace(Deploy deploy, Running by) {
        recoveries.replaced(by.order().gateway());
        epochs.replace(new Served(deploy, by.order(), by.rollout())).ifPresent(this::awaitDrain);
    }

    void awaitDrain(Served old) {
        context.scheduleOnce(limits.drainTimeout(), context.getSelf(), new DrainOverdue(old.epoch()));
    }

    void endDraining(Served entry, String reason) {
        boolean another = isServedOrFollowed(entry.order().gateway());
        epochs.abandonDraining(entry, reason, another ? Outlook.ANOTHER_FOLLOWS : Outlook.OVER);
    }
}
