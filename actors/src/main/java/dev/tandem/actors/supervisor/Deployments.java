package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.Placement.Running;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeploy;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
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

    /** @param gateway for which links were measured */
    record SurveyEnded(long number, SupervisorMessages.GatewayRef gateway, LinkSurvey.Surveyed surveyed)
            implements Command {}

    record PlanMade(PlanMaker.Answer answer) implements Command {}

    record PlanFailed(String reason) implements Command {}

    record RolloutEnded(Rollout.Outcome outcome) implements Command {}

    record GatewaySaid(GatewayMessages.Reply reply) implements Command {}

    record DrainOverdue(long epoch) implements Command {}

    record Resume(ActorRef<DataMessage> gateway) implements Command {}

    /** All nodes have had time to register. */
    enum Begin implements Command {
        BEGIN
    }

    record Overdue(String id) implements Command {}

    private final ActorContext<Command> context;
    private final Supervisor.Limits limits;
    private final KnownMembers members;
    private final ActorRef<GatewayMessages.Reply> gatewayReplies;
    private final DeployQueue queue = new DeployQueue();
    private final Interrupted interrupted = new Interrupted();
    /** What was lost and is not put back yet: its other nodes may be lost in the same moment. */
    private final Map<ActorRef<DataMessage>, Served> broken = new HashMap<>();

    private final StandIns standIns = new StandIns();
    private final ServedEpochs epochs;
    private final Planning planning;
    private final Orders orders = new Orders();
    private final Census census;
    private final Placement placement;
    private @Nullable Job current;
    private @Nullable JobStop stop;

    Deployments(
            ActorContext<Command> context,
            Supervisor.Limits limits,
            KnownMembers members,
            ServedEpochs epochs,
            Planning planning) {
        this.context = context;
        this.limits = limits;
        this.members = members;
        this.epochs = epochs;
        this.planning = planning;
        this.gatewayReplies = context.messageAdapter(GatewayMessages.Reply.class, GatewaySaid::new);
        this.placement = new Placement(context, limits, members, planning, gatewayReplies);
        this.census = new Census(context.getSystem(), members.nodes(), limits.settling());
        context.scheduleOnce(limits.settling(), context.getSelf(), Begin.BEGIN);
    }

    /** Epochs up to this one have been given; the next one is higher. */
    void sawEpoch(long epoch) {
        placement.sawEpoch(epoch);
    }

    /** What waits; after it was held or let go {@link #startNext} is to be called. */
    DeployQueue queue() {
        return queue;
    }

    ServedEpochs epochs() {
        return epochs;
    }

    StandIns standIns() {
        return standIns;
    }

    /** Hears what gateways say of their epochs. */
    ActorRef<GatewayMessages.Reply> gatewayReplies() {
        return gatewayReplies;
    }

    boolean isInterrupted(ActorRef<DataMessage> gateway) {
        return interrupted.contains(gateway);
    }

    /**
     * Whether an epoch of the plans in place, on the way there, or just lost, has an exchange of frames that this is about.
     *
     * @param lanesLost whether also one in a lane that is lost: its gateway may have said that before it says why
     */
    boolean ties(PeerLost lost, boolean lanesLost) {
        Job job = current;
        return epochs.all().stream().anyMatch(entry -> ties(entry, lost, lanesLost ? Set.of() : entry.lostLanes()))
                || broken.values().stream().anyMatch(entry -> ties(entry, lost, Set.of()))
                || (job != null
                        && placement.isRolling(
                                order -> order.ties(lost, job.deploy().gateway().node(), Set.of())));
    }

    private static boolean ties(Served entry, PeerLost lost, Set<Integer> lostLanes) {
        return entry.order().ties(lost, entry.deploy().gateway().node(), lostLanes);
    }

    /** There is another node: tries again what could not be put back, wholly or in part. */
    void resumeAll() {
        interrupted.removeAll().forEach(deploy -> queue.addFirst(Job.recovery(deploy)));
        epochs.serving().forEach(this::replaceIfDegraded);
        passOrderSurveying();
        startNext();
    }

    /** What was lost is put back before links are measured for an order. */
    private void passOrderSurveying() {
        if (isOrderSurveying() && queue.hasRecovery(members.gateways()::contains)) {
            stopCurrent(JobStop.Kind.DISPLACED, "what was lost is put back first");
        }
    }

    private void replaceIfDegraded(Served entry) {
        if (entry.isDegraded() && !isPending(entry.order().gateway())) {
            queue.addFirst(Job.recovery(entry.deploy()));
        }
    }

    /** An order may be sent again by somebody who does not know whether it has come. */
    void onDeploy(Deploy deploy) {
        Optional<DeployReply> answer = orders.answer(deploy.id());
        if (answer.isPresent()) {
            deploy.replyTo().tell(answer.get());
        } else if (orders.take(deploy.id())) {
            queue.addLast(Job.ordered(deploy));
            if (current != null && current.move().isPresent()) {
                stopCurrent(JobStop.Kind.OVERDUE, OUTRUN);
            }
            context.scheduleOnce(
                    Duration.ofMillis(deploy.timeLeftMillis()), context.getSelf(), new Overdue(deploy.id()));
            startNext();
        }
    }

    private void answer(Deploy deploy, DeployReply reply) {
        orders.answered(deploy.id(), reply);
        deploy.replyTo().tell(reply);
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
        if (isOrderSurveying()) {
            stopCurrent(JobStop.Kind.DISPLACED, "what is about to leave is replaced first");
        }
        startNext();
    }

    /**
     * What serves is to be replaced by this plan, by its gateway, if it and this supervisor are lost with that node; returns whether
     * all nodes of the plan are there.
     */
    boolean entrust(Served entry, String node, Plan plan) {
        return placement.entrust(entry, node, plan);
    }

    /** What is being put in place with this node is planned once more. */
    void avoid(String node) {
        if (placement.isRolling(order -> order.uses(node))) {
            stopCurrent(JobStop.Kind.DISPLACED, "node " + node + " is about to leave");
        }
    }

    /** Has another plan made and put in place when requests that had to wait have been answered: to open it takes time from them. */
    void replaceLater(Served broken) {
        context.scheduleOnce(
                limits.pause(), context.getSelf(), new Resume(broken.order().gateway()));
    }

    /** Has another plan made and put in place, before anything else is done. */
    void replaceSoon(Served lost) {
        ActorRef<DataMessage> gateway = lost.order().gateway();
        boolean servesNothing = epochs.of(gateway).isEmpty();
        if (servesNothing) {
            broken.put(gateway, lost);
        }
        queue.addFirst(Job.recovery(lost.deploy()));
        if (servesNothing
                && current != null
                && current.isFor(gateway)
                && current.move().isPresent()) {
            stopCurrent(JobStop.Kind.OVERDUE, OUTRUN);
        } else if (isOrderSurveying()
                || (current != null
                        && !current.isFor(gateway)
                        && (!current.recovers() || isLessUrgent(current, lost)))) {
            stopCurrent(JobStop.Kind.DISPLACED, "what was lost is put back first");
        }
        startNext();
    }

    /** An order for the same gateway would replace what is lost, too, but not soon. */
    private boolean isOrderSurveying() {
        return current != null && !current.recovers() && placement.isSurveying();
    }

    /** Whether it replaces what serves, while nothing serves the gateway of the other. */
    private boolean isLessUrgent(Job job, Served lost) {
        return epochs.of(job.gateway()).isPresent()
                && epochs.of(lost.order().gateway()).isEmpty();
    }

    /** What is being put in place cannot be. */
    void cancelRollout(Predicate<RolloutOrder> which, String reason) {
        if (placement.isRolling(which)) {
            placement.tell(new Rollout.Cancel(reason));
        }
    }

    /** Whether an epoch that drains needs this node, or a plan on its way into place, or one that is being made may. */
    boolean isUnderWayWith(String node) {
        return !epochs.drainingWith(node).isEmpty()
                || (current != null
                        && (placement.running().isEmpty() || placement.isRolling(order -> order.uses(node))));
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
        Optional<Job> waiting = queue.removeOrder(overdue.id());
        waiting.ifPresent(job -> {
            answer(job.deploy(), new DeployReply.RolloutFailed(reason));
            if (!isServedOrFollowed(job.gateway())) {
                endInVain(job, reason);
            }
        });
        if (current != null && current.isOrder(overdue.id())) {
            stopCurrent(JobStop.Kind.OVERDUE, reason);
        }
    }

    /** Measuring may take long while nodes come and go: it is not waited for. */
    private void stopCurrent(JobStop.Kind kind, String reason) {
        JobStop why = new JobStop(kind, reason).after(stop);
        stop = why;
        placement.tell(why.event());
        Job job = current;
        if (job != null && placement.leaveSurvey()) {
            end(job, why);
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
        return epochs.contains(epoch) || placement.isRolling(order -> order.epoch() == epoch);
    }

    /** Nothing serves what was ordered: it is tried again after that time, or when a node comes. */
    void interrupt(Deploy deploy, Duration pause) {
        ActorRef<DataMessage> gateway = deploy.gateway().gateway();
        if (epochs.of(gateway).isEmpty() && !interrupted.contains(gateway)) {
            interrupted.add(deploy);
            context.scheduleOnce(pause, context.getSelf(), new Resume(gateway));
        }
    }

    void onResume(Resume resume) {
        interrupted.remove(resume.gateway()).ifPresent(deploy -> queue.addFirst(Job.recovery(deploy)));
        epochs.of(resume.gateway()).ifPresent(this::replaceIfDegraded);
        passOrderSurveying();
        startNext();
    }

    /** Whether a later order for the gateway is to be carried out, or is being. */
    boolean isPending(ActorRef<DataMessage> gateway) {
        return queue.hasAnyFor(gateway) || (current != null && current.isFor(gateway));
    }

    /** Whether what serves the gateway is about to be replaced: soon, and not when links are measured. */
    boolean isReplacing(ActorRef<DataMessage> gateway) {
        return isRecovering(gateway) || (current != null && current.isFor(gateway) && !placement.isSurveying());
    }

    /** Whether what was lost of the gateway's is being put back, or is to be. */
    boolean isRecovering(ActorRef<DataMessage> gateway) {
        return queue.hasRecoveryFor(gateway) || (current != null && current.recovers() && current.isFor(gateway));
    }

    void startNext() {
        if (current != null || !census.isComplete()) {
            return;
        }
        outrun(queue.dropMoves(epoch -> epochs.serving(epoch).isPresent()));
        Job next = queue.poll(
                members.gateways()::contains,
                job -> job.recovers() && epochs.of(job.gateway()).isEmpty());
        if (next != null) {
            current = next;
            placement.begin(next, isLost(next.gateway()));
        }
    }

    private boolean isLost(ActorRef<DataMessage> gateway) {
        return epochs.of(gateway).map(Served::isDegraded).orElse(true);
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
        if (job == null) {
            return;
        } else if (stop != null) {
            end(job, stop);
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

    private void rollOut(Job job, PlanMaker.Answer answer, Plan plan) {
        Optional<String> lack = planning.lack(job, plan);
        if (lack.isPresent() && job.move().isPresent()) {
            refuse("there is no room for another plan beside it: " + lack.get());
            return;
        }
        lack.ifPresent(text -> makeRoom(job, plan, text));
        if (placement.rollOut(job, answer, plan)) {
            return;
        } else if (job.mayTryAgain()) {
            putBack(job.again());
        } else {
            refuse("nodes are lost faster than plans are made. Maybe deploy again.");
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
            broken.put(job.gateway(), serving);
            if (!job.recovers()) {
                queue.addLast(Job.recovery(serving.deploy()));
            }
        });
    }

    void onRolloutEnded(RolloutEnded event) {
        Rollout.Outcome outcome = event.outcome();
        Job job = current;
        Optional<Running> under = placement.end(outcome);
        if (job == null || under.isEmpty()) {
            return;
        }
        Running ended = under.get();
        if (outcome instanceof Rollout.Done) {
            replace(job.deploy().answered(context.getSystem().ignoreRef()), ended);
            dropRecoveries(job.gateway());
            interrupted.remove(job.gateway());
            if (placement.isOutdated() && !isWithdrawn()) {
                queue.addLast(
                        Job.recovery(job.deploy().answered(context.getSystem().ignoreRef())));
            }
            end(new DeployReply.Deployed(ended.order().epoch(), ended.order().plan()), "");
        } else if (outcome instanceof Rollout.Broken broken) {
            replace(job.deploy(), ended);
            epochs.abandonServing(job.gateway(), broken.reason(), Outlook.ANOTHER_FOLLOWS);
            if (!isWithdrawn()) {
                // What it was to replace is gone: it must be put back, whoever has given up.
                stop = null;
            }
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
            answer(job.deploy(), reply);
            if (stop != null && isWithdrawn()) {
                epochs.abandonServing(job.gateway(), stop.reason(), Outlook.OVER);
            } else if (!isServedOrFollowed(job.gateway())) {
                endInVain(job, reason);
            } else if (!(reply instanceof DeployReply.Deployed)
                    && epochs.of(job.gateway()).filter(Served::isDegraded).isPresent()) {
                context.scheduleOnce(RETRY_INTERVAL, context.getSelf(), new Resume(job.gateway()));
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
        boolean mayFollow = interrupted.contains(job.gateway()) || standIns.contains(job.gateway());
        Outlook outlook = mayFollow ? Outlook.INTERRUPTED : Outlook.OVER;
        job.gateway().tell(new GatewayMessages.Abandon(0, reason, outlook));
    }

    private boolean isWithdrawn() {
        return stop != null && stop.is(JobStop.Kind.WITHDRAWN);
    }

    boolean isServedOrFollowed(ActorRef<DataMessage> gateway) {
        return epochs.of(gateway).isPresent() || isPending(gateway);
    }

    /** The gateway has put in place itself what was lost: nobody else is to. */
    void recoveredBy(ActorRef<DataMessage> gateway) {
        broken.remove(gateway);
        interrupted.remove(gateway);
        dropRecoveries(gateway);
        if (current != null && current.recovers() && current.isFor(gateway)) {
            stopCurrent(JobStop.Kind.OVERDUE, OUTRUN);
        }
    }

    private void dropRecoveries(ActorRef<DataMessage> gateway) {
        queue.dropRecoveries(gateway)
                .forEach(dropped -> answer(dropped.deploy(), new DeployReply.RolloutFailed(OUTRUN)));
    }

    private void replace(Deploy deploy, Running by) {
        broken.remove(by.order().gateway());
        epochs.replace(new Served(deploy, by.order(), by.rollout())).ifPresent(this::awaitDrain);
    }

    void awaitDrain(Served old) {
        context.scheduleOnce(limits.drainTimeout(), context.getSelf(), new DrainOverdue(old.epoch()));
    }

    void onUndeploy(Undeploy undeploy) {
        ActorRef<DataMessage> gateway = undeploy.gateway();
        long epoch = epochs.of(gateway).map(Served::epoch).orElse(0L);
        List<RolloutOrder> orders = epochs.orders(gateway);
        placement
                .running()
                .map(Running::order)
                .filter(order -> order.gateway().equals(gateway))
                .ifPresent(orders::add);
        withdraw(gateway, "the model was withdrawn");
        context.spawnAnonymous(Retirement.create(orders, epoch, undeploy.replyTo()));
    }

    /** Nothing that this gateway has ordered is wanted any more. */
    void withdraw(ActorRef<DataMessage> gateway, String reason) {
        queue.remove(gateway).forEach(job -> answer(job.deploy(), new DeployReply.RolloutFailed(reason)));
        if (current != null && current.isFor(gateway)) {
            stopCurrent(JobStop.Kind.WITHDRAWN, reason);
        }
        epochs.drainingOf(gateway).forEach(entry -> endDraining(entry, reason));
        epochs.abandonServing(gateway, reason, Outlook.OVER);
        broken.remove(gateway);
        if (interrupted.remove(gateway).isPresent() || standIns.contains(gateway)) {
            gateway.tell(new GatewayMessages.Abandon(0, reason, Outlook.OVER));
        }
    }

    void endDraining(Served entry, String reason) {
        boolean another = isServedOrFollowed(entry.order().gateway());
        epochs.abandonDraining(entry, reason, another ? Outlook.ANOTHER_FOLLOWS : Outlook.OVER);
    }
}
