package dev.tandem.actors.client;

import dev.tandem.actors.node.MemberStartException;
import dev.tandem.actors.node.VisitingMember;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.protocol.ReloadReport;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.config.HostPort;
import dev.tandem.config.LoadedSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** A look at a running cluster: asks its supervisor and takes no part in its work. Used by one thread at a time. */
public final class ClusterVisit implements AutoCloseable {

    private static final Duration LEAVING = Duration.ofSeconds(10);

    /** A question that is under way when the supervisor moves is lost, so it is put again. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final VisitingMember member;
    private final List<HostPort> seeds;

    private ClusterVisit(VisitingMember member, List<HostPort> seeds) {
        this.member = member;
        this.seeds = seeds;
    }

    /**
     * Begins to join the cluster of the configured seeds; does not wait for it.
     *
     * @param version of Tandem, the same as the members'
     * @throws MemberStartException when it cannot listen
     */
    public static ClusterVisit begin(LoadedSettings loaded, String version) {
        return new ClusterVisit(
                VisitingMember.start(loaded, version),
                loaded.settings().network().seeds());
    }

    /**
     * What is where in the cluster now.
     *
     * @throws MemberStartException when the cluster refuses this process, or no seed answers in time
     * @throws TimeoutException when the cluster is there, but its supervisor does not answer in time
     */
    public ClusterStatus status(Duration timeout) throws TimeoutException, InterruptedException {
        return ask(SupervisorMessages.DescribeStatus::new, timeout);
    }

    /**
     * Has all members read their settings again. Takes as long as the plans take that follow from it.
     *
     * @throws MemberStartException when the cluster refuses this process, or no seed answers in time
     * @throws TimeoutException when there is no answer in time; the reload may still come into force
     */
    public ReloadReport reload(Duration timeout) throws TimeoutException, InterruptedException {
        var unused = status(timeout);
        return once(replyTo -> new SupervisorMessages.Reload(Optional.empty(), replyTo), timeout);
    }

    private <A> A ask(Function<ActorRef<A>, SupervisorMessages.Command> question, Duration timeout)
            throws TimeoutException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
            try {
                return once(question, left.compareTo(AGAIN) < 0 ? left : AGAIN);
            } catch (TimeoutException e) {
                boolean isOver = System.nanoTime() >= end;
                if (isOver && member.knowsMembers()) {
                    throw silent(timeout);
                } else if (isOver || member.terminated().toCompletableFuture().isDone()) {
                    throw notJoined(timeout);
                }
            }
        }
    }

    private <A> A once(Function<ActorRef<A>, SupervisorMessages.Command> question, Duration timeout)
            throws TimeoutException, InterruptedException {
        CompletionStage<A> answer = AskPattern.ask(
                member.supervisor(), question::apply, timeout, member.system().scheduler());
        try {
            return answer.toCompletableFuture().get(timeout.toMillis() + 100, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException timedOut) {
                throw timedOut;
            }
            throw new CompletionException(e.getCause());
        }
    }

    private MemberStartException notJoined(Duration timeout) {
        return new MemberStartException(
                member.refusal()
                        .map(reason -> "the cluster of " + seeds + " cannot be joined: " + reason)
                        .orElse("no member of " + seeds + " answered within " + timeout.toMillis()
                                + " ms. Maybe start the cluster, or check host, port and firewall."),
                null);
    }

    private TimeoutException silent(Duration timeout) {
        return new TimeoutException("the cluster of " + seeds + " is there, but its supervisor did not answer within "
                + timeout.toMillis() + " ms. Maybe its node was lost and the next is not in place yet: try again in"
                + " some seconds.");
    }

    /** Leaves the cluster and returns when that is done, or has taken too long. */
    @Override
    public void close() {
        try {
            member.stop().toCompletableFuture().get(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            member.system()
                    .log()
                    .warn("leaving the cluster took too long or failed: {}", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
