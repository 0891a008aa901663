package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.supervisor.Deployments.GatewaySaid;
import dev.tandem.actors.supervisor.JobUnderWay.DrainOverdue;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.FramesLost;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;

/**
 * What becomes of epochs when something that they need is lost: those that drain are given up, those that serve go on with the
 * lanes that are left, if any, and are replaced. Used by the supervisor's thread only.
 */
final class Losses {

    private final Deployments deployments;
    private final ServedEpochs epochs;
    private final Duration drainTimeout;
    private final Logger log;

    /** @param drainTimeout until an old epoch is given up although requests are still in it */
    Losses(Deployments deployments, Duration drainTimeout, Logger log) {
        this.deployments = deployments;
        this.epochs = deployments.epochs();
        this.drainTimeout = drainTimeout;
        this.log = log;
    }

    void onGatewaySaid(GatewaySaid said) {
        if (said.reply() instanceof GatewayMessages.Faulty faulty) {
            breakEpoch(faulty.epoch(), faulty.reason());
        } else if (said.reply() instanceof GatewayMessages.LanesLost lost) {
            onLanesLost(lost);
        } else if (said.reply() instanceof GatewayMessages.Drained drained) {
            epochs.drained(drained.epoch());
        }
    }

    private void onLanesLost(GatewayMessages.LanesLost lost) {
        epochs.serving(lost.epoch()).ifPresent(entry -> {
            Set<Integer> lanes = new HashSet<>(lost.lanes());
            lanes.removeAll(entry.lostLanes());
            lose(entry, lanes, "its gateway gets nothing from them any more");
        });
    }

    void onDrainOverdue(DrainOverdue overdue) {
        endDraining(overdue.epoch(), "it was not drained within " + drainTimeout);
    }

    /** The epoch as a whole is at fault. */
    private void breakEpoch(long epoch, String reason) {
        deployments.cancelRollout(order -> order.epoch() == epoch, reason);
        endDraining(epoch, reason);
        epochs.serving(epoch).ifPresent(broken -> recover(broken, reason));
    }

    /** What needs this node, as it was, cannot go on. */
    void loseNode(String name, String reason) {
        lose(name, order -> order.uses(name), reason);
    }

    /** What needs just this incarnation of a node cannot go on; there may be another one by now. */
    void loseIncarnation(String name, long incarnation, String reason) {
        lose(name, order -> order.uses(name, incarnation), reason);
    }

    private void lose(String name, Predicate<RolloutOrder> which, String reason) {
        deployments.cancelRollout(which, reason);
        epochs.drainingWith(name).stream()
                .filter(entry -> which.test(entry.order()))
                .forEach(entry -> deployments.endDraining(entry, reason));
        epochs.servingWith(name).stream()
                .filter(entry -> which.test(entry.order()))
                .forEach(entry -> lose(entry, entry.lanesOn(name), reason));
    }

    /** A node with which an epoch was put in place is not there any more. */
    void loseNodeOf(long epoch, String node, String reason) {
        endDraining(epoch, reason);
        epochs.serving(epoch).ifPresent(entry -> lose(entry, entry.lanesOn(node), reason));
    }

    /** What a lane that is lost already does not return is no news. */
    void onFramesLost(FramesLost lost) {
        Optional<Served> entry = epochs.serving(lost.epoch());
        if (entry.isEmpty()) {
            breakEpoch(lost.epoch(), lost.reason());
        } else if (!entry.get().lostLanes().contains(lost.lane())) {
            lose(entry.get(), Set.of(lost.lane()), lost.reason());
        }
    }

    /** Lanes that need nothing of what was lost serve on, until there is another plan if it was not only standing by. */
    private void lose(Served entry, Set<Integer> lanes, String reason) {
        if (lanes.isEmpty()) {
            return;
        }
        if (entry.hasOthers(lanes)) {
            log.warn("epoch {} serves on without {} of its lanes: {}", entry.epoch(), lanes.size(), reason);
            epochs.dropLanes(entry, lanes);
            if (entry.isStandbyWithout(lanes)) {
                deployments.replaceLater(entry);
            } else if (entry.areNeeded(lanes)) {
                deployments.replaceSoon(entry);
            }
        } else {
            recover(entry, reason);
        }
    }

    /** Takes a broken epoch out of service and plans again for those that are left. */
    private void recover(Served broken, String reason) {
        epochs.abandonServing(broken.order().gateway(), reason, Outlook.ANOTHER_FOLLOWS);
        deployments.replaceSoon(broken);
    }

    private void endDraining(long epoch, String reason) {
        epochs.draining(epoch).ifPresent(entry -> deployments.endDraining(entry, reason));
    }
}
