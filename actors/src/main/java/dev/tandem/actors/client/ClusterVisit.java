package dev.tandem.actors.client;

import dev.tandem.actors.node.BuildVersion;
import dev.tandem.actors.node.Door;
import dev.tandem.actors.node.MemberStartException;
import dev.tandem.actors.node.Visitor;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.protocol.ReloadReport;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.config.LoadedSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;

/** A look at a running cluster: asks its supervisor without being a member. Used by one thread at a time. */
public final class ClusterVisit implements AutoCloseable {

    private static final Duration LEAVING = Duration.ofSeconds(10);

    /** A node or supervisor that does not answer by then may be lost: another is tried, or the next supervisor. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Visitor visitor;
    private @Nullable ActorRef<Door.Message> door;
    private boolean wasLetIn;

    private ClusterVisit(Visitor visitor) {
        this.visitor = visitor;
    }

    /**
     * Begins to listen for answers.
     *
     * @param loaded names the nodes to ask as seeds, and the address under which they reach this process
     * @throws MemberStartException when it cannot listen
     */
    public static ClusterVisit begin(LoadedSettings loaded) {
        return new ClusterVisit(Visitor.start(loaded));
    }

    /**
     * What is where in the cluster now.
     *
     * @throws MemberStartException when no node answers in time, or they run another version
     * @throws TimeoutException when the cluster is there, but its supervisor does not answer in time
     */
    public ClusterStatus status(Duration timeout) throws TimeoutException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            ActorRef<Door.Message> open = findDoor(end, timeout);
            try {
                return ask(open, SupervisorMessages.DescribeStatus::new, atMost(AGAIN, end));
            } catch (TimeoutException e) {
                door = null;
                requireTimeLeft(end, timeout);
            }
        }
    }

    /**
     * Has all members read their settings again. Takes as long as the plans take that follow from it.
     *
     * @throws MemberStartException when no node answers in time, or they run another version
     * @throws TimeoutException when there is no answer in time; the reload may still come into force
     */
    public ReloadReport reload(Duration timeout) throws TimeoutException, InterruptedException {
        ActorRef<Door.Message> open = findDoor(System.nanoTime() + timeout.toNanos(), timeout);
        try {
            return ask(open, replyTo -> new SupervisorMessages.Reload(Optional.empty(), replyTo), timeout);
        } catch (TimeoutException e) {
            door = null;
            throw silent(timeout);
        }
    }

    /** The node that answers first; one that has answered before is asked again. */
    private ActorRef<Door.Message> findDoor(long end, Duration timeout) throws TimeoutException, InterruptedException {
        while (door == null) {
            try {
                knock(atMost(AGAIN, end));
            } catch (TimeoutException e) {
                requireTimeLeft(end, timeout);
            }
        }
        return door;
    }

    private void knock(Duration timeout) throws TimeoutException, InterruptedException {
        record Opened(ActorRef<Door.Message> door, String version) {}
        CompletableFuture<Opened> first = new CompletableFuture<>();
        for (ActorRef<Door.Message> one : visitor.doors()) {
            CompletionStage<Door.Welcome> welcome = AskPattern.ask(
                    one, Door.Knock::new, timeout, visitor.system().scheduler());
            var unused = welcome.thenAccept(said -> first.complete(new Opened(one, said.version())));
        }
        Opened opened = get(first, timeout);
        if (!opened.version().equals(BuildVersion.text())) {
            throw new MemberStartException(
                    "the cluster of " + visitor.seeds() + " runs version " + opened.version()
                            + " of Tandem and this is " + BuildVersion.text()
                            + ". Maybe use the version of the cluster.",
                    null);
        }
        door = opened.door();
        wasLetIn = true;
    }

    private <A> A ask(
            ActorRef<Door.Message> open, Function<ActorRef<A>, SupervisorMessages.Visit> question, Duration timeout)
            throws TimeoutException, InterruptedException {
        CompletionStage<A> answer = AskPattern.ask(
                open,
                replyTo -> new Door.Question(question.apply(replyTo)),
                timeout,
                visitor.system().scheduler());
        return get(answer.toCompletableFuture(), timeout);
    }

    private static <A> A get(CompletableFuture<A> answer, Duration timeout)
            throws TimeoutException, InterruptedException {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException timedOut) {
                throw timedOut;
            }
            throw new CompletionException(e.getCause());
        }
    }

    private static Duration atMost(Duration most, long end) {
        Duration left = Duration.ofNanos(Math.max(TimeUnit.MILLISECONDS.toNanos(1), end - System.nanoTime()));
        return left.compareTo(most) < 0 ? left : most;
    }

    private void requireTimeLeft(long end, Duration timeout) throws TimeoutException {
        boolean isOver = System.nanoTime() >= end;
        if (isOver && wasLetIn) {
            throw silent(timeout);
        } else if (isOver) {
            throw new MemberStartException(
                    "no node of " + visitor.seeds() + " answered within " + timeout.toMillis()
                            + " ms. Maybe start the cluster, or check host, port and firewall.",
                    null);
        }
    }

    private TimeoutException silent(Duration timeout) {
        List<?> seeds = visitor.seeds();
        return new TimeoutException("the cluster of " + seeds + " is there, but its supervisor did not answer within "
                + timeout.toMillis() + " ms. Maybe its node was lost and the next is not in place yet: try again in"
                + " some seconds.");
    }

    /** Ends the visit and returns when that is done, or has taken too long. */
    @Override
    public void close() {
        try {
            visitor.stop().toCompletableFuture().get(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            visitor.system().log().warn("the visit did not end as it should: {}", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
