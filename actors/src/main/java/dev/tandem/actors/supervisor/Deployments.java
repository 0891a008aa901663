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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What has been ordered, on its way into place and in place: takes orders, moves and losses, has them carried out one after the
 * other, what is more urgent first, and takes out what is not wanted any more. Used by the supervisor's thread only.
 */
final class Deployments {

    private static final String LOST_FIRST = "what was lost is put back first";

    record GatewaySaid(GatewayMessages.Reply reply) implements Command {}

    record Overdue(String id) implements Command {}

    private final ActorContext<Command> context;
    private final Supervisor.Limits limits;
    private final KnownMembers members;
    private final ServedEpochs epochs;
    private final ActorRef<GatewayMessages.Reply> gatewayReplies;
    private final DeployQueue queue = new DeployQueue();
    private final Orders orders = new Orders();
    private final Recoveries recoveries;
    private final JobUnderWay underWay;

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
        this.gatewayReplies = context.messageAdapter(GatewayMessages.Reply.class, GatewaySaid::new);
        this.recoveries = new Recoveries(context, queue, epochs);
        this.underWay =
                new JobUnderWay(context, limits, members, planning, epochs, queue, recoveries, orders, gatewayReplies);
    }

    /** Epochs up to this one have been given; the next one is higher. */
    void sawEpoch(long epoch) {
        underWay.placement().sawEpoch(epoch);
    }

    /** What waits; after it was held or let go {@link #startNext} is to be called. */
    DeployQueue queue() {
        return queue;
    }

    ServedEpochs epochs() {
        return epochs;
    }

    JobUnderWay underWay() {
        return underWay;
    }

    StandIns standIns() {
        return recoveries.standIns();
    }

    /** Hears what gateways say of their epochs. */
    ActorRef<GatewayMessages.Reply> gatewayReplies() {
        return gatewayReplies;
    }

    boolean isInterrupted(ActorRef<DataMessage> gateway) {
        return recoveries.isInterrupted(gateway);
    }

    /**
     * Whether an epoch of the plans in place, on the way there, or just lost, has an exchange of frames that this is about.
     *
     * @param lanesLost whether also one in a lane that is lost: its gateway may have said that before it says why
     */
    boolean ties(PeerLost lost, boolean lanesLost) {
        return epochs.all().stream().anyMatch(entry -> entry.ties(lost, lanesLost ? Set.of() : entry.lostLanes()))
                || recoveries.ties(lost)
                || underWay.ties(lost);
    }

    /** There is another node: tries again what could not be put back, wholly or in part. */
    void resumeAll() {
        recoveries.resumeAll(this::isPending);
        passOrderSurveying();
        startNext();
    }

    void onResume(Recoveries.Resume resume) {
        recoveries.resume(resume.gateway(), this::isPending);
        passOrderSurveying();
        startNext();
    }

    /** What was lost is put back before links are measured for an order. */
    private void passOrderSurveying() {
        if (underWay.isOrderSurveying() && queue.hasRecovery(members.gateways()::contains)) {
            underWay.stop(JobStop.Kind.DISPLACED, LOST_FIRST);
        }
    }

    /** An order may be sent again by somebody who does not know whether it has come. */
    void onDeploy(Deploy deploy) {
        Optional<DeployReply> answer = orders.answer(deploy.id());
        if (answer.isPresent()) {
            deploy.replyTo().tell(answer.get());
        } else if (orders.take(deploy.id())) {
            queue.addLast(Job.ordered(deploy));
            if (underWay.isMove()) {
                underWay.stop(JobStop.Kind.OVERDUE, Orders.OUTRUN);
            }
            context.scheduleOnce(
                    Duration.ofMillis(deploy.timeLeftMillis()), context.getSelf(), new Overdue(deploy.id()));
            startNext();
        }
    }

    /** Who has ordered it has given up, and must not be surprised by it later. */
    void onOverdue(Overdue overdue) {
        String reason = "not in place when its time was over. Maybe see with 'tandem status' whether a node is slow";
        Optional<Job> waiting = queue.removeOrder(overdue.id());
        waiting.ifPresent(job -> {
            orders.answer(job.deploy(), new DeployReply.RolloutFailed(reason));
            if (!isServedOrFollowed(job.gateway())) {
                recoveries.endInVain(job, reason);
            }
        });
        if (underWay.isOrder(overdue.id())) {
            underWay.stop(JobStop.Kind.OVERDUE, reason);
        }
    }

    /** Has another plan take the place of the one that serves, unless something else comes in between. */
    void move(Served entry, Plan plan, ActorRef<DeployReply> replyTo) {
        queue.addLast(Job.move(again(entry, replyTo), new DeployQueue.Move(entry.epoch(), plan)));
        startNext();
    }

    /** Has a plan that serves replaced by one for who is left, before what it needs goes. */
    void evacuate(Served entry, ActorRef<DeployReply> replyTo) {
        queue.addFirst(Job.recovery(again(entry, replyTo)));
        if (underWay.isOrderSurveying()) {
            underWay.stop(JobStop.Kind.DISPLACED, "what is about to leave is replaced first");
        }
        startNext();
    }

    private static Deploy again(Served entry, ActorRef<DeployReply> replyTo) {
        Deploy deploy = entry.deploy();
        return new Deploy(deploy.offer(), deploy.order(), deploy.gateway(), 0, replyTo);
    }

    /**
     * What serves is to be replaced by this plan, by its gateway, if it and this supervisor are lost with that node; returns whether
     * all nodes of the plan are there.
     */
    boolean entrust(Served entry, String node, Plan plan) {
        return underWay.placement().entrust(entry, node, plan);
    }

    /** What is being put in place with this node is planned once more. */
    void avoid(String node) {
        if (underWay.placement().isRolling(order -> order.uses(node))) {
            underWay.stop(JobStop.Kind.DISPLACED, "node " + node + " is about to leave");
        }
    }

    /** Has another plan made and put in place when requests that had to wait have been answered: to open it takes time from them. */
    void replaceLater(Served broken) {
        recoveries.resumeAfter(limits.pause(), broken.order().gateway());
    }

    /** Has another plan made and put in place, before anything else is done. */
    void replaceSoon(Served lost) {
        recoveries.addFirst(lost);
        ActorRef<DataMessage> gateway = lost.order().gateway();
        if (epochs.of(gateway).isEmpty() && underWay.isFor(gateway) && underWay.isMove()) {
            underWay.stop(JobStop.Kind.OVERDUE, Orders.OUTRUN);
        } else if (underWay.isLessUrgentThan(lost)) {
            underWay.stop(JobStop.Kind.DISPLACED, LOST_FIRST);
        }
        startNext();
    }

    /** What is being put in place cannot be. */
    void cancelRollout(Predicate<RolloutOrder> which, String reason) {
        underWay.cancelRollout(which, reason);
    }

    /** Whether an epoch that drains needs this node, or a plan on its way into place, or one that is being made may. */
    boolean isUnderWayWith(String node) {
        return !epochs.drainingWith(node).isEmpty() || underWay.mayUse(node);
    }

    /** Moves that wait were thought of under other settings. */
    void dropMoves() {
        orders.outrun(queue.dropMoves());
    }

    /** Whether anything is being put in place, or waits to be, or other settings are being tried out. */
    boolean isBusy() {
        return !underWay.isNone() || !queue.isEmpty() || queue.isHeld();
    }

    boolean isKnown(long epoch) {
        return epochs.contains(epoch) || underWay.placement().isRolling(order -> order.epoch() == epoch);
    }

    /** Nothing serves what was ordered: it is tried again after that time, or when a node comes. */
    void interrupt(Deploy deploy, Duration pause) {
        recoveries.interrupt(deploy, pause);
    }

    /** Whether a later order for the gateway is to be carried out, or is being. */
    boolean isPending(ActorRef<DataMessage> gateway) {
        return underWay.isPending(gateway);
    }

    /** Whether what serves the gateway is about to be replaced: soon, and not when links are measured. */
    boolean isReplacing(ActorRef<DataMessage> gateway) {
        return isRecovering(gateway)
                || (underWay.isFor(gateway) && !underWay.placement().isSurveying());
    }

    /** Whether what was lost of the gateway's is being put back, or is to be. */
    boolean isRecovering(ActorRef<DataMessage> gateway) {
        return queue.hasRecoveryFor(gateway) || underWay.isRecoveryFor(gateway);
    }

    boolean isServedOrFollowed(ActorRef<DataMessage> gateway) {
        return underWay.isServedOrFollowed(gateway);
    }

    void startNext() {
        underWay.startNext();
    }

    /** The gateway has put in place itself what was lost: nobody else is to. */
    void recoveredBy(ActorRef<DataMessage> gateway) {
        recoveries.restored(gateway);
        orders.outrun(queue.dropRecoveries(gateway));
        if (underWay.isRecoveryFor(gateway)) {
            underWay.stop(JobStop.Kind.OVERDUE, Orders.OUTRUN);
        }
    }

    void awaitDrain(Served old) {
        underWay.awaitDrain(old);
    }

    void onUndeploy(Undeploy undeploy) {
        ActorRef<DataMessage> gateway = undeploy.gateway();
        long epoch = epochs.of(gateway).map(Served::epoch).orElse(0L);
        List<RolloutOrder> withdrawn = epochs.orders(gateway);
        underWay.placement()
                .running()
                .map(Running::order)
                .filter(order -> order.gateway().equals(gateway))
                .ifPresent(withdrawn::add);
        withdraw(gateway, "the model was withdrawn");
        context.spawnAnonymous(Retirement.create(withdrawn, epoch, undeploy.replyTo()));
    }

    /** Nothing that this gateway has ordered is wanted any more. */
    void withdraw(ActorRef<DataMessage> gateway, String reason) {
        queue.remove(gateway).forEach(job -> orders.answer(job.deploy(), new DeployReply.RolloutFailed(reason)));
        if (underWay.isFor(gateway)) {
            underWay.stop(JobStop.Kind.WITHDRAWN, reason);
        }
        epochs.drainingOf(gateway).forEach(entry -> endDraining(entry, reason));
        epochs.abandonServing(gateway, reason, Outlook.OVER);
        recoveries.withdraw(gateway, reason);
    }

    void endDraining(Served entry, String reason) {
        underWay.endDraining(entry, reason);
    }
}
