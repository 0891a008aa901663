package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.node.FailureText;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeploy;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * What has been ordered, on its way into place and in place: carries out one order after the other, and puts back what
 * breaks. Used by the supervisor's thread only.
 */
final class Deployments {

    /** Until something that could not be put back is tried again, although no node has come. */
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);

    private static final String OUTRUN = "something else was put in place, or is to be";

    /** The rollout under way. */
    private record Running(RolloutOrder order, ActorRef<Rollout.Event> rollout) {}

    record PlanMade(PlanMaker.Answer answer) implements Command {}

    record PlanFailed(String reason) implements Command {}

    record RolloutEnded(Rollout.Outcome outcome) implements Command {}

    record GatewaySaid(GatewayMessages.Reply reply) implements Command {}

    record DrainOverdue(long epoch) implements Command {}

    record Resume(ActorRef<DataMessage> gateway) implements Command {}

    record Overdue(Deploy deploy) implements Command {}

    private final ActorContext<Command> context;
    private final Supervisor.Limits limits;
    private final KnownMembers members;
    private final Planning planning;
    private final ActorRef<Rollout.Outcome> rolloutOutcomes;
    private final ActorRef<GatewayMessages.Reply> gatewayReplies;
    private final DeployQueue queue = new DeployQueue();
    private final Interrupted interrupted = new Interrupted();
    private final ServedEpochs epochs;
    private @Nullable Job current;
    private @Nullable JobStop stop;

    private @Nullable Running running;
    private long lastEpoch;

    Deployments(ActorContext<Command> context, Supervisor.Limits limits, KnownMembers members, Planning planning) {
        this.context = context;
        this.limits = limits;
        this.members = members;
        this.planning = planning;
        this.epochs = new ServedEpochs(context.getSystem().ignoreRef());
        this.rolloutOutcomes = context.messageAdapter(Rollout.Outcome.class, RolloutEnded::new);
        this.gatewayReplies = context.messageAdapter(GatewayMessages.Reply.class, GatewaySaid::new);
    }

    /** Epochs up to this one have been given; the next one is higher. */
    void sawEpoch(long epoch) {
        lastEpoch = Math.max(lastEpoch, epoch);
    }

    /** What waits; after it was held or let go {@link #startNext} is to be called. */
    DeployQueue queue() {
        return queue;
    }

    ServedEpochs epochs() {
        return epochs;
    }

    /** Hears what gateways say of their epochs. */
    ActorRef<GatewayMessages.Reply> gatewayReplies() {
        return gatewayReplies;
    }

    boolean isInterrupted(ActorRef<DataMessage> gateway) {
        return interrupted.contains(gateway);
    }

    /** Whether an epoch of the plans in place, or on the way there, has an exchange of frames that this is about. */
    boolean ties(PeerLost lost) {
        return epochs.all().stream().anyMatch(entry -> entry.order()
                        .ties(lost, entry.deploy().gateway().node()))
                || (running != null
                        && current != null
                        && running.order().ties(lost, current.deploy().gateway().node()));
    }

    /** There is another node: tries again what could not be put back. */
    void resumeAll() {
        interrupted.removeAll().forEach(deploy -> queue.addFirst(Job.recovery(deploy)));
        startNext();
    }

    void onDeploy(Deploy deploy) {
        queue.addLast(Job.ordered(deploy));
        context.scheduleOnce(Duration.ofMillis(deploy.timeLeftMillis()), context.getSelf(), new Overdue(deploy));
        startNext();
    }

    /** Has another plan take the place of the one that serves, unless something else comes in between. */
    void move(Served entry, Plan plan, ActorRef<DeployReply> replyTo) {
        Deploy deploy = entry.deploy();
        queue.addLast(Job.move(
                new Deploy(deploy.offer(), deploy.order(), deploy.gateway(), 0, replyTo),
                new DeployQueue.Move(entry.epoch(), plan)));
        startNext();
    }

    /** Has a plan that serves replaced by one for who is left, before what it needs goes. */
    void evacuate(Served entry, ActorRef<DeployReply> replyTo) {
        Deploy deploy = entry.deploy();
        queue.addFirst(Job.recovery(new Deploy(deploy.offer(), deploy.order(), deploy.gateway(), 0, replyTo)));
        startNext();
    }

    /** What is being put in place with this node is planned once more. */
    void avoid(String node) {
        if (running != null && running.order().uses(node)) {
            stopCurrent(JobStop.Kind.DISPLACED, "node " + node + " is about to leave");
        }
    }

    /** Whether a plan in place, or on its way there, needs this node, or one that is being made may. */
    boolean needs(String node) {
        return !epochs.servingWith(node).isEmpty()
                || !epochs.drainingWith(node).isEmpty()
                || (current != null && (running == null || running.order().uses(node)));
    }

    /** Moves that wait were thought of under other settings. */
    void dropMoves() {
        outrun(queue.dropMoves());
    }

    private static void outrun(List<Job> moves) {
        moves.forEach(job -> job.deploy().replyTo().tell(new DeployReply.RolloutFailed(OUTRUN)));
    }

    /** Whether anything is being put in place, or waits to be, or other settings are being tried out. */
    boolean isBusy() {
        return current != null || !queue.isEmpty() || queue.isHeld();
    }

    /** Who has ordered it has given up, and must not be surprised by it later. */
    void onOverdue(Overdue overdue) {
        String reason = "not in place when its time was over";
        Job job = Job.ordered(overdue.deploy());
        if (queue.remove(job)) {
            job.deploy().replyTo().tell(new DeployReply.RolloutFailed(reason));
            if (!isServedOrFollowed(job.gateway())) {
                endInVain(job, reason);
            }
        } else if (job.equals(current)) {
            stopCurrent(JobStop.Kind.OVERDUE, reason);
        }
    }

    private void stopCurrent(JobStop.Kind kind, String reason) {
        stop = new JobStop(kind, reason).after(stop);
        if (running != null) {
            running.rollout().tell(stop.event());
        }
    }

    private void end(Job job, JobStop why) {
        if (why.is(JobStop.Kind.DISPLACED)) {
            putBack(job);
        } else {
            end(new DeployReply.RolloutFailed(why.reason()), why.reason());
        }
    }

    /** Has the current job wait for its turn again. */
    private void putBack(Job job) {
        current = null;
        stop = null;
        queue.putBack(job);
        startNext();
    }

    boolean isKnown(long epoch) {
        return epochs.contains(epoch) || (running != null && running.order().epoch() == epoch);
    }

    /** Nothing serves what was ordered: it is tried again after that time, or when a node comes. */
    void interrupt(Deploy deploy, Duration pause) {
        ActorRef<DataMessage> gateway = deploy.gateway().gateway();
        if (!isServedOrFollowed(gateway) && !interrupted.contains(gateway)) {
            interrupted.add(deploy);
            context.scheduleOnce(pause, context.getSelf(), new Resume(gateway));
        }
    }

    void onResume(Resume resume) {
        interrupted.remove(resume.gateway()).ifPresent(deploy -> queue.addFirst(Job.recovery(deploy)));
        startNext();
    }

    /** Whether a later order for the gateway is to be carried out, or is being. */
    boolean isPending(ActorRef<DataMessage> gateway) {
        return queue.hasAnyFor(gateway) || (current != null && current.isFor(gateway));
    }

    void startNext() {
        if (current != null) {
            return;
        }
        outrun(queue.dropMoves(epoch -> epochs.serving(epoch).isPresent()));
        Job next = queue.poll(members.gateways()::contains);
        if (next != null) {
            current = next;
            context.spawnAnonymous(
                    LinkSurvey.create(members.unmeasured(next.deploy().gateway()), context.getSelf()));
        }
    }

    void onSurveyed(LinkSurvey.Surveyed surveyed) {
        Job job = current;
        if (job == null) {
            return;
        }
        members.addMeasured(surveyed, job.deploy().gateway());
        if (stop != null) {
            end(job, stop);
        } else if (members.nodes().isEmpty()) {
            refuse("the cluster has no nodes. Maybe start one with 'tandem node'.");
        } else {
            plan(job);
        }
    }

    private void plan(Job job) {
        context.pipeToSelf(
                planning.answer(job),
                (answer, failure) -> failure == null
                        ? new PlanMade(answer)
                        : new PlanFailed("no plan can be made: " + FailureText.of(failure)));
    }

    void onPlanMade(PlanMade made) {
        Job job = current;
        if (job == null) {
            return;
        } else if (stop != null) {
            end(job, stop);
        } else if (made.answer().result() instanceof PlanResult.Refused refused) {
            refuse(refused.reason());
        } else {
            rollOut(job, made.answer(), ((PlanResult.Planned) made.answer().result()).plan());
        }
    }

    private void rollOut(Job job, PlanMaker.Answer answer, Plan plan) {
        Optional<RolloutOrder> order = RolloutOrder.of(
                ++lastEpoch,
                plan,
                answer.graph(),
                job.deploy(),
                limits.window(),
                gatewayReplies,
                members.nodes()::target);
        if (order.isPresent()) {
            Behavior<Rollout.Event> rollout = Rollout.create(order.get(), limits.rolloutTimeout(), rolloutOutcomes);
            running = new Running(order.get(), context.spawn(rollout, "rollout-" + lastEpoch));
        } else if (job.mayTryAgain()) {
            putBack(job.again());
        } else {
            refuse("nodes are lost faster than plans are made. Maybe deploy again.");
        }
    }

    void onRolloutEnded(RolloutEnded event) {
        Rollout.Outcome outcome = event.outcome();
        Job job = current;
        Running ended = running;
        if (job == null
                || ended == null
                || ended.order().epoch() != outcome.order().epoch()) {
            return;
        }
        running = null;
        if (outcome instanceof Rollout.Done) {
            replace(job.deploy().answered(context.getSystem().ignoreRef()), ended);
            queue.dropRecoveries(job.gateway());
            interrupted.remove(job.gateway());
            end(new DeployReply.Deployed(ended.order().epoch(), ended.order().plan()), "");
        } else if (outcome instanceof Rollout.Broken broken) {
            replace(job.deploy(), ended);
            epochs.abandonServing(job.gateway(), broken.reason(), Outlook.ANOTHER_FOLLOWS);
            failed(job.asRecovery(), broken.reason());
        } else {
            failed(job, ((Rollout.Failed) outcome).reason());
        }
    }

    /** Only what is to be put back is tried again; who has ordered something decides for himself. */
    private void failed(Job job, String reason) {
        context.getLog().warn("a rollout has failed: {}", reason);
        boolean isDisplaced = stop != null && stop.is(JobStop.Kind.DISPLACED);
        if ((stop == null || isDisplaced) && job.recovers() && job.mayTryAgain()) {
            putBack(job.again());
        } else if (isDisplaced) {
            putBack(job);
        } else {
            end(new DeployReply.RolloutFailed(reason), reason);
        }
    }

    /** No plan, and nothing has changed. */
    void refuse(String reason) {
        end(new DeployReply.PlanRefused(reason), reason);
    }

    /** Ends the current job. A gateway that waits for it must hear when nothing will follow. */
    private void end(DeployReply reply, String reason) {
        Job job = current;
        if (job != null) {
            current = null;
            job.deploy().replyTo().tell(reply);
            if (stop != null && stop.is(JobStop.Kind.WITHDRAWN)) {
                epochs.abandonServing(job.gateway(), stop.reason(), Outlook.OVER);
            } else if (!isServedOrFollowed(job.gateway())) {
                endInVain(job, reason);
            }
        }
        stop = null;
        startNext();
    }

    /** Who has ordered something hears that it failed; what was served before is not forgotten for it. */
    private void endInVain(Job job, String reason) {
        if (job.recovers()) {
            interrupt(job.deploy().answered(context.getSystem().ignoreRef()), RETRY_INTERVAL);
        }
        Outlook outlook = interrupted.contains(job.gateway()) ? Outlook.INTERRUPTED : Outlook.OVER;
        job.gateway().tell(new GatewayMessages.Abandon(0, reason, outlook));
    }

    boolean isServedOrFollowed(ActorRef<DataMessage> gateway) {
        return epochs.of(gateway).isPresent() || isPending(gateway);
    }

    private void replace(Deploy deploy, Running by) {
        epochs.replace(new Served(deploy, by.order(), by.rollout())).ifPresent(this::awaitDrain);
    }

    void awaitDrain(Served old) {
        context.scheduleOnce(limits.drainTimeout(), context.getSelf(), new DrainOverdue(old.epoch()));
    }

    void onGatewaySaid(GatewaySaid said) {
        if (said.reply() instanceof GatewayMessages.Faulty faulty) {
            onEpochFault(faulty.epoch(), faulty.reason());
        } else if (said.reply() instanceof GatewayMessages.Drained drained) {
            epochs.drained(drained.epoch());
        }
    }

    void onDrainOverdue(DrainOverdue overdue) {
        endDraining(overdue.epoch(), "it was not drained within " + limits.drainTimeout());
    }

    void onEpochFault(long epoch, String reason) {
        if (running != null && running.order().epoch() == epoch) {
            running.rollout().tell(new Rollout.Cancel(reason));
        }
        endDraining(epoch, reason);
        epochs.serving(epoch).ifPresent(broken -> recover(broken, reason));
    }

    /** What needs this node, as it was, cannot go on. */
    void breakEpochsOn(String name, String reason) {
        if (running != null && running.order().uses(name)) {
            running.rollout().tell(new Rollout.Cancel(reason));
        }
        epochs.drainingWith(name).forEach(entry -> endDraining(entry, reason));
        epochs.servingWith(name).forEach(entry -> recover(entry, reason));
    }

    /** Takes a broken epoch out of service and plans again for those that are left. */
    private void recover(Served broken, String reason) {
        epochs.abandonServing(broken.order().gateway(), reason, Outlook.ANOTHER_FOLLOWS);
        queue.addFirst(Job.recovery(broken.deploy()));
        if (current != null
                && !current.recovers()
                && !current.isFor(broken.order().gateway())) {
            stopCurrent(JobStop.Kind.DISPLACED, "what was lost is put back first");
        }
        startNext();
    }

    void onUndeploy(Undeploy undeploy) {
        ActorRef<DataMessage> gateway = undeploy.gateway();
        long epoch = epochs.of(gateway).map(Served::epoch).orElse(0L);
        List<RolloutOrder> orders = epochs.orders(gateway);
        Optional.ofNullable(running)
                .map(Running::order)
                .filter(order -> order.gateway().equals(gateway))
                .ifPresent(orders::add);
        withdraw(gateway, "the model was withdrawn");
        context.spawnAnonymous(Retirement.create(orders, epoch, undeploy.replyTo()));
    }

    /** Nothing that this gateway has ordered is wanted any more. */
    void withdraw(ActorRef<DataMessage> gateway, String reason) {
        queue.remove(gateway).forEach(job -> job.deploy().replyTo().tell(new DeployReply.RolloutFailed(reason)));
        if (current != null && current.isFor(gateway)) {
            stopCurrent(JobStop.Kind.WITHDRAWN, reason);
        }
        epochs.drainingOf(gateway).forEach(entry -> endDraining(entry, reason));
        epochs.abandonServing(gateway, reason, Outlook.OVER);
        interrupted
                .remove(gateway)
                .ifPresent(deploy -> gateway.tell(new GatewayMessages.Abandon(0, reason, Outlook.OVER)));
    }

    private void endDraining(long epoch, String reason) {
        epochs.draining(epoch).ifPresent(entry -> endDraining(entry, reason));
    }

    private void endDraining(Served entry, String reason) {
        boolean another = isServedOrFollowed(entry.order().gateway());
        epochs.abandonDraining(entry, reason, another ? Outlook.ANOTHER_FOLLOWS : Outlook.OVER);
    }
}
