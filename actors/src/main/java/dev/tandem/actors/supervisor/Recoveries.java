package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.transport.DataMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What was lost and is to be put back: puts it into the queue, at once, after a time, or when there is another node. Used by the
 * supervisor's thread only.
 */
final class Recoveries {

    /** Until something that could not be put back is tried again, although no node has come. */
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);

    /** The time until it is tried again is over. */
    record Resume(ActorRef<DataMessage> gateway) implements Command {}

    /** One for each gateway, or what is tried again and refused again would be tried more and more often. */
    private record Alarm(Cancellable timer, long atNanos) {}

    private final ActorContext<Command> context;
    private final DeployQueue queue;
    private final ServedEpochs epochs;
    private final Interrupted interrupted = new Interrupted();
    private final StandIns standIns = new StandIns();
    /** By gateway, what is tried again after a time. */
    private final Map<ActorRef<DataMessage>, Alarm> alarms = new HashMap<>();
    /** What was lost and is not put back yet: its other nodes may be lost in the same moment. */
    private final Map<ActorRef<DataMessage>, Served> broken = new HashMap<>();

    Recoveries(ActorContext<Command> context, DeployQueue queue, ServedEpochs epochs) {
        this.context = context;
        this.queue = queue;
        this.epochs = epochs;
    }

    StandIns standIns() {
        return standIns;
    }

    boolean isInterrupted(ActorRef<DataMessage> gateway) {
        return interrupted.contains(gateway);
    }

    /** Whether what was just lost had an exchange of frames that this is about. */
    boolean ties(PeerLost lost) {
        return broken.values().stream().anyMatch(entry -> entry.ties(lost, Set.of()));
    }

    /** What was in place for a moment: its other nodes may be lost in the same moment. */
    void breaks(Served lost) {
        broken.put(lost.order().gateway(), lost);
    }

    /** Is put back before anything else is done. */
    void addFirst(Served lost) {
        if (epochs.of(lost.order().gateway()).isEmpty()) {
            breaks(lost);
        }
        queue.addFirst(Job.recovery(lost.deploy()));
    }

    /** Taken out to make room for a job; its order is put back behind the job if that is not about it. */
    void addTakenOut(Served taken, Job job) {
        broken.put(job.gateway(), taken);
        if (!job.recovers()) {
            queue.addLast(Job.recovery(taken.deploy()));
        }
    }

    /** There is another node: all that could not be put back, wholly or in part. */
    void resumeAll(Predicate<ActorRef<DataMessage>> isPending) {
        interrupted.removeAll().forEach(deploy -> queue.addFirst(Job.recovery(deploy)));
        epochs.serving().forEach(entry -> replaceIfDegraded(entry, isPending));
    }

    void resume(ActorRef<DataMessage> gateway, Predicate<ActorRef<DataMessage>> isPending) {
        alarms.remove(gateway);
        interrupted.remove(gateway).ifPresent(deploy -> queue.addFirst(Job.recovery(deploy)));
        epochs.of(gateway).ifPresent(entry -> replaceIfDegraded(entry, isPending));
    }

    private void replaceIfDegraded(Served entry, Predicate<ActorRef<DataMessage>> isPending) {
        if (entry.isDegraded() && !isPending.test(entry.order().gateway())) {
            queue.addFirst(Job.recovery(entry.deploy()));
        }
    }

    /** Nothing serves what was ordered: it is tried again after that time, or when a node comes. */
    void interrupt(Deploy deploy, Duration pause) {
        ActorRef<DataMessage> gateway = deploy.gateway().gateway();
        if (epochs.of(gateway).isEmpty() && !interrupted.contains(gateway)) {
            interrupted.add(deploy);
            resumeAfter(pause, gateway);
        }
    }

    /** Has what was lost of a gateway's, wholly or in part, tried again after that time, or when it is to be anyway. */
    void resumeAfter(Duration pause, ActorRef<DataMessage> gateway) {
        long atNanos = System.nanoTime() + pause.toNanos();
        Alarm sooner = alarms.get(gateway);
        if (sooner == null || sooner.atNanos() - atNanos > 0) {
            silence(gateway);
            Cancellable timer = context.scheduleOnce(pause, context.getSelf(), new Resume(gateway));
            alarms.put(gateway, new Alarm(timer, atNanos));
        }
    }

    private void silence(ActorRef<DataMessage> gateway) {
        Optional.ofNullable(alarms.remove(gateway))
                .ifPresent(alarm -> alarm.timer().cancel());
    }

    /** What serves the gateway does so with a part of its lanes only, and could not be replaced. */
    void retryIfDegraded(ActorRef<DataMessage> gateway) {
        if (epochs.of(gateway).filter(Served::isDegraded).isPresent()) {
            resumeAfter(RETRY_INTERVAL, gateway);
        }
    }

    /** Who has ordered something hears that it failed; what was served before is not forgotten for it. */
    void endInVain(Job job, String reason) {
        if (job.recovers()) {
            interrupt(job.deploy().answered(context.getSystem().ignoreRef()), RETRY_INTERVAL);
        }
        boolean mayFollow = interrupted.contains(job.gateway()) || standIns.contains(job.gateway());
        Outlook outlook = mayFollow ? Outlook.INTERRUPTED : Outlook.OVER;
        job.gateway().tell(new GatewayMessages.Abandon(0, reason, outlook));
    }

    /** Another epoch has been put in place. */
    void replaced(ActorRef<DataMessage> gateway) {
        broken.remove(gateway);
    }

    /** What was lost of the gateway's is in place again: nothing of it is tried again. */
    void restored(ActorRef<DataMessage> gateway) {
        silence(gateway);
        broken.remove(gateway);
        interrupted.remove(gateway);
    }

    /** Nothing of the gateway's is wanted any more: it waits for nothing that was to follow. */
    void withdraw(ActorRef<DataMessage> gateway, String reason) {
        silence(gateway);
        broken.remove(gateway);
        interrupted.remove(gateway);
        gateway.tell(new GatewayMessages.Abandon(0, reason, Outlook.OVER));
    }
}
