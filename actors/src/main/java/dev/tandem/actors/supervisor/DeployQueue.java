package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Scheme;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Deployments that wait, in the order in which they are to be carried out. Used by the supervisor's thread only. */
final class DeployQueue {

    private static final int ATTEMPTS = 3;

    private final Deque<Job> waiting = new ArrayDeque<>();
    private @Nullable Runnable holder;

    /**
     * One deployment.
     *
     * @param recovers whether it is to put back what was lost; otherwise somebody has ordered it
     * @param attempts how often it may be planned and rolled out, this time included
     * @param move when it is to replace a plan that serves by one that has been made already
     */
    record Job(Deploy deploy, boolean recovers, int attempts, Optional<Move> move) {

        static Job ordered(Deploy deploy) {
            return new Job(deploy, false, ATTEMPTS, Optional.empty());
        }

        static Job recovery(Deploy deploy) {
            return new Job(deploy, true, ATTEMPTS, Optional.empty());
        }

        static Job move(Deploy deploy, Move move) {
            return new Job(deploy, false, 1, Optional.of(move));
        }

        ActorRef<DataMessage> gateway() {
            return deploy.gateway().gateway();
        }

        boolean isFor(ActorRef<DataMessage> other) {
            return gateway().equals(other);
        }

        /** Whether somebody has ordered it under this id, and may still wait for the answer. */
        boolean isOrder(String id) {
            return !recovers && move.isEmpty() && deploy.id().equals(id);
        }

        boolean isFirstAttempt() {
            return attempts == ATTEMPTS;
        }

        boolean mayTryAgain() {
            return attempts > 1;
        }

        Job again() {
            return new Job(deploy, recovers, attempts - 1, move);
        }

        /** What it was to replace is gone: it has all attempts. */
        Job asRecovery() {
            return recovery(deploy);
        }

        /** What to ask the planner: a recovery makes do with what is left, rather than be refused for it. */
        PlanOrder order(PlanPolicy policy, int nodes, int coreGroups) {
            PlanOrder order = policy.complete(deploy.order(), nodes);
            if (move.isPresent()) {
                return order.given(move.get().plan());
            }
            if (!recovers) {
                return order;
            }
            return recoveryOrder(order, nodes, coreGroups);
        }
    }

    /**
     * Another plan for what serves.
     *
     * @param epoch that it replaces; it is of no use when that does not serve any more
     */
    record Move(long epoch, Plan plan) {}

    /** What is asked of what is left: a way of dividing that is still possible. */
    static PlanOrder recoveryOrder(PlanOrder order, int nodes, int coreGroups) {
        int shards = Math.min(order.shards(), coreGroups);
        Scheme scheme = recoveryScheme(order.scheme(), shards);
        return new PlanOrder(
                scheme,
                order.objective(),
                Math.min(order.maxNodes(), Math.min(nodes, order.constraints().maxNodes())),
                shards,
                order.constraints(),
                order.given(),
                order.codec(),
                order.halo().within(scheme));
    }

    /** Two shards, or two lanes, need not be possible any more. */
    private static Scheme recoveryScheme(Scheme ordered, int shards) {
        return switch (ordered) {
            case ROWS, GRID, CHANNELS, BATCH, BRANCHES -> shards < 2 ? Scheme.SINGLE : ordered;
            case LANES -> Scheme.AUTO;
            case AUTO, SINGLE, PIPELINE, HYBRID -> ordered;
        };
    }

    void addLast(Job job) {
        waiting.addLast(job);
    }

    /** What was lost is put back before anything else is done. */
    void addFirst(Job job) {
        waiting.addFirst(job);
    }

    /** What was begun is the next again, but what was ordered waits for what was lost. */
    void putBack(Job job) {
        if (job.recovers()) {
            waiting.addFirst(job);
        } else {
            putBehindRecoveries(job);
        }
    }

    /** It is the next after all that is to be put back. */
    void putBehindRecoveries(Job job) {
        List<Job> recoveries = waiting.stream().filter(Job::recovers).toList();
        waiting.removeAll(recoveries);
        waiting.addFirst(job);
        for (int i = recoveries.size() - 1; i >= 0; i--) {
            waiting.addFirst(recoveries.get(i));
        }
    }

    /** Takes out what somebody has ordered, if it waits. */
    Optional<Job> removeOrder(String id) {
        Optional<Job> order = waiting.stream().filter(job -> job.isOrder(id)).findFirst();
        order.ifPresent(waiting::remove);
        return order;
    }

    /** Gives nothing out until it is let go; tells the holder each time that it is asked for something. */
    void hold(Runnable newHolder) {
        holder = newHolder;
    }

    void letGo() {
        holder = null;
    }

    /**
     * The first urgent job of a gateway that is ready, or else the first of one that is, if there is any. What was lost is put
     * back even while nothing else is given out.
     */
    @Nullable Job poll(Predicate<ActorRef<DataMessage>> isReady, Predicate<Job> isUrgent) {
        if (holder != null) {
            holder.run();
        }
        List<Job> ready = waiting.stream()
                .filter(job -> isReady.test(job.gateway()) && (holder == null || job.recovers()))
                .toList();
        Optional<Job> first = ready.stream().filter(isUrgent).findFirst().or(() -> ready.stream()
                .findFirst());
        first.ifPresent(waiting::remove);
        return first.orElse(null);
    }

    /** Takes out all moves. */
    List<Job> dropMoves() {
        List<Job> moves = waiting.stream().filter(job -> job.move().isPresent()).toList();
        waiting.removeAll(moves);
        return moves;
    }

    boolean isHeld() {
        return holder != null;
    }

    /** Takes out the moves of epochs that serve no more, and of gateways for which something else waits. */
    List<Job> dropMoves(LongPredicate isServing) {
        List<Job> useless =
                waiting.stream().filter(job -> isUselessMove(job, isServing)).toList();
        waiting.removeAll(useless);
        return useless;
    }

    private boolean isUselessMove(Job job, LongPredicate isServing) {
        return job.move().isPresent()
                && (!isServing.test(job.move().get().epoch())
                        || waiting.stream().anyMatch(other -> !other.equals(job) && other.isFor(job.gateway())));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    boolean hasAnyFor(ActorRef<DataMessage> gateway) {
        return waiting.stream().anyMatch(job -> job.isFor(gateway));
    }

    /** Whether anything is to be put back for a gateway that is ready. */
    boolean hasRecovery(Predicate<ActorRef<DataMessage>> isReady) {
        return waiting.stream().anyMatch(job -> job.recovers() && isReady.test(job.gateway()));
    }

    boolean hasRecoveryFor(ActorRef<DataMessage> gateway) {
        return waiting.stream().anyMatch(job -> job.recovers() && job.isFor(gateway));
    }

    /** What was to be put back has been replaced by an order that came later. */
    List<Job> dropRecoveries(ActorRef<DataMessage> gateway) {
        List<Job> dropped = waiting.stream()
                .filter(job -> job.recovers() && job.isFor(gateway))
                .toList();
        waiting.removeAll(dropped);
        return dropped;
    }

    /** Takes all of a gateway's out. */
    List<Job> remove(ActorRef<DataMessage> gateway) {
        List<Job> removed = waiting.stream().filter(job -> job.isFor(gateway)).toList();
        waiting.removeAll(removed);
        return removed;
    }
}
